namespace GpuDiag.Columns.Arrow;

/// <summary>
/// An Arrow IPC file (Feather 2) or stream, mapped: dictionary values become codes once per dictionary, float lists are
/// borrowed from the mapping where they can be. Files and batches may exceed 2 GiB. The file must not be cut
/// while it is read.
/// </summary>
internal sealed class ArrowSource : ISource, IMappedSource
{
    private readonly MappedFile file;
    private readonly ArrowIndex index;
    private readonly ListWidth[] widths;
    private readonly long[] firstRows;

    internal ArrowSource(string path, bool isStream)
    {
        Path = path;
        try
        {
            file = MappedFile.Open(path);
            index = new ArrowIndex(file, isStream);
        }
        catch (Exception error)
        {
            file?.Dispose();
            throw ReadFault.Wraps(error) ? ReadFault.From(error, path) : error;
        }

        Fields = [.. index.Fields.Select(f => f.Field)];
        if (Fields.GroupBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            file.Dispose();
            throw new InputException("two columns have this name", path, twice.Key, "Rename one of them.");
        }

        widths = [.. Fields.Select(_ => new ListWidth())];
        firstRows = new long[ChunkRows.Count];
        for (int i = 1; i < firstRows.Length; i++)
        {
            firstRows[i] = checked(firstRows[i - 1] + ChunkRows[i - 1]);
        }
    }

    public string Path { get; }

    public IReadOnlyList<Field> Fields { get; }

    public IReadOnlyList<long> ChunkRows => index.Rows;

    public IChunkReader Open(IReadOnlyList<ColumnRequest> columns)
    {
        int[] places = new int[columns.Count];
        for (int i = 0; i < places.Length; i++)
        {
            string name = FormRules.Resolve(Path, Fields, columns[i]).Name;
            while (Fields[places[i]].Name != name)
            {
                places[i]++;
            }
        }

        return new ArrowChunkReader(
            Path, file, index, columns, places, [.. columns.Select((c, i) => Column(index.Fields[places[i]], c, widths[places[i]]))]);
    }

    public MappedMatrix? Map(string column)
    {
        int place = Enumerable.Range(0, Fields.Count).FirstOrDefault(i => Fields[i].Name == column, -1);
        int[] filled = [.. Enumerable.Range(0, ChunkRows.Count).Where(i => ChunkRows[i] > 0).Take(2)];
        if (place < 0 || filled is not [int only] || Fields[place].Type != FieldType.Float32List)
        {
            return null;
        }

        List<AlignedMemory> inflated = [];
        try
        {
            ArrowBlock block = index.Batches[only];
            return ArrowMapping.Map(ArrowBody.Find(file, block, index.Message(block).Table(2), index.Fields, place, inflated));
        }
        catch (Exception error) when (ReadFault.Wraps(error))
        {
            throw ReadFault.From(error, Path, column);
        }
        finally
        {
            inflated.ForEach(m => m.Dispose());
        }
    }

    public void Dispose() => file.Dispose();

    private IArrowColumn Column(ArrowField field, ColumnRequest request, ListWidth width)
    {
        if (field is { Dictionary: { } id, Index: { } places })
        {
            ArrowDictionaries dictionaries = new(file, index, field, id);
            return new ArrowDictionaryColumn(places, dictionaries.At, request, field.Type == FieldType.Binary);
        }

        return request.Form == ColumnForm.Matrix
            ? new ArrowMatrix(Path, width, chunk => firstRows[chunk])
            : ArrowColumns.Scalar(field, request);
    }
}
