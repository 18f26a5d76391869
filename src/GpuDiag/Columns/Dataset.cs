using System.Collections.Concurrent;
using GpuDiag.Columns.Npy;
using GpuDiag.Columns.Remote;

namespace GpuDiag.Columns;

/// <summary>
/// Files with one schema as one table: rows in the order of the files' paths. Files may differ in integer widths,
/// float32 against float64, nullability, dictionaries, codecs and format. <c>.npy</c> files stand beside them as
/// further columns, aligned by row.
/// </summary>
public sealed class Dataset : IDisposable
{
    /// <summary>More files than this are opened only while they are read, so that file handles do not run out.</summary>
    private const int MostKeptOpen = 200;

    private readonly List<ISource?> sources = [];
    private readonly List<Field> fields = [];
    private readonly List<DataFile> files = [];
    private readonly List<UnreadFile> skipped = [];
    private readonly List<DatasetChunk> chunks = [];
    private readonly Dictionary<string, NpyFile> sidecars = new(StringComparer.Ordinal);
    private readonly List<(string Path, FileStamp Stamp)> stamps = [];
    private readonly List<RemoteLease> remote = [];
    private readonly ConcurrentDictionary<string, ListWidth> widths = new(StringComparer.Ordinal);

    private Dataset()
    {
    }

    /// <summary>The columns, sidecars last. Where files differ in precision, the wider type.</summary>
    public IReadOnlyList<Field> Fields => fields;

    public IReadOnlyList<DataFile> Files => files;

    /// <summary>Files that were left out.</summary>
    public IReadOnlyList<UnreadFile> Skipped => skipped;

    /// <summary>In row order; chunks without rows are not listed.</summary>
    public IReadOnlyList<DatasetChunk> Chunks => chunks;

    public long Rows { get; private set; }

    /// <summary>Opens files, patterns and folders.</summary>
    /// <param name="patterns">Files, patterns with * and **, folders.</param>
    /// <param name="skipUnreadable">Leave out files that cannot be opened instead of failing; one must be left.</param>
    /// <exception cref="InputException">A name stands for no file, a file cannot be opened, or two schemas differ.</exception>
    public static Dataset Open(IEnumerable<string> patterns, bool skipUnreadable = false) => Open(patterns, skipUnreadable, null);

    /// <param name="patterns">As above.</param>
    /// <param name="skipUnreadable">As above.</param>
    /// <param name="quarantine">Files to leave out, and a wish to be told of all further ones at once; null where a fault is the end.</param>
    internal static Dataset Open(IEnumerable<string> patterns, bool skipUnreadable, Quarantine? quarantine)
    {
        Dataset data = new() { Quarantines = quarantine is not null };
        try
        {
            InputException? last = null;
            IReadOnlyList<string> paths = FileSearch.Find(patterns);
            data.remote.AddRange(paths.Where(p => RemoteName.Is(p) && quarantine?.Find(p) is null).Select(p => new RemoteLease(p)));
            RemoteFiles.Warm(data.remote);
            foreach (string path in paths)
            {
                ISource source;
                if (quarantine?.Find(path) is { } known)
                {
                    data.skipped.Add(known);
                    last = new InputException(known.Reason);
                    continue;
                }

                data.Stamp(path);
                try
                {
                    source = SourceCatalog.Open(path);
                }
                catch (InputException error) when (skipUnreadable)
                {
                    data.skipped.Add(new UnreadFile(path, error.Message));
                    data.stamps.RemoveAll(s => s.Path == path);
                    last = error;
                    continue;
                }

                data.Add(source);
            }

            return data.files.Count > 0 ? data : throw last!;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>Adds a column from a <c>.npy</c> file: one row of it (or one number) for each row of the dataset.</summary>
    /// <exception cref="InputException">It cannot be read, has another number of rows, or the name is taken.</exception>
    public void Attach(string npyPath, string columnName)
    {
        if (fields.Any(f => f.Name == columnName))
        {
            throw new InputException("a column of this name exists already", npyPath, columnName, "Give the column or the file another name.");
        }

        string path = RemoteName.Is(npyPath) ? RemoteName.Of(npyPath) : npyPath;
        Stamp(path);
        NpyFile npy = new(path);
        if (npy.Rows != Rows)
        {
            npy.Dispose();
            throw new InputException(
                $"has {npy.Rows} rows where the data has {Rows}", path, columnName, "Give one row for each row of the data, in the order of the files' paths.");
        }

        sidecars.Add(columnName, npy);
        fields.Add(npy.Field(columnName));
    }

    /// <summary>A reader for one thread.</summary>
    /// <exception cref="InputException">A column is missing, or cannot be carried in the form asked for.</exception>
    public DatasetReader Open(IReadOnlyList<ColumnRequest> columns)
    {
        foreach (ColumnRequest column in columns)
        {
            FormRules.Resolve(sidecars.TryGetValue(column.Column, out NpyFile? npy) ? npy.Path : files[0].Path, fields, column);
        }

        return new DatasetReader(this, columns);
    }

    public void Dispose()
    {
        foreach (ISource? source in sources)
        {
            source?.Dispose();
        }

        foreach (NpyFile npy in sidecars.Values)
        {
            npy.Dispose();
        }

        remote.ForEach(lease => lease.Dispose());
    }

    /// <summary>A pass goes on with other files where one can't be read, to find all such.</summary>
    internal bool Quarantines { get; private init; }

    /// <exception cref="InputException">A file is not what it was when it was opened.</exception>
    internal void CheckUnchanged()
    {
        foreach ((string path, FileStamp stamp) in stamps)
        {
            if (FileStamp.Of(path) != stamp)
            {
                throw new InputException("the file changed while it was read", path, remedy: "Run again when it is written; earlier results are as they were. Write new data beside the old, then rename it.");
            }
        }
    }

    /// <summary>A list column's rows in place, where one mapped file holds them all, one after another, as float32.</summary>
    internal MappedMatrix? Map(string column)
    {
        if (sidecars.TryGetValue(column, out NpyFile? npy))
        {
            return npy.Map();
        }

        return files.Count == 1 && sources[0] is IMappedSource source ? source.Map(column) : null;
    }

    internal NpyFile? Sidecar(string column) => sidecars.GetValueOrDefault(column);

    /// <summary>The width of a list column in all files.</summary>
    internal ListWidth Width(string column) => widths.GetOrAdd(column, _ => new ListWidth());

    /// <summary>The file's source; <paramref name="owned"/> says that the caller shall dispose of it.</summary>
    internal ISource Source(int file, out bool owned)
    {
        owned = sources[file] is null;
        return sources[file] ?? SourceCatalog.Open(files[file].Path);
    }

    /// <summary>Notes what a file is now. All bytes of a remote one are of one version as they come: a change is told at once.</summary>
    private void Stamp(string path)
    {
        if (!RemoteName.Is(path))
        {
            stamps.Add((path, FileStamp.Of(path)));
        }
    }

    private void Add(ISource source)
    {
        bool keep = files.Count < MostKeptOpen;
        try
        {
            if (files.Count == 0)
            {
                fields.AddRange(source.Fields);
            }
            else
            {
                SchemaAgreement.Join(fields, files[0].Path, source);
            }

            long first = Rows;
            for (int chunk = 0; chunk < source.ChunkRows.Count; chunk++)
            {
                long rows = source.ChunkRows[chunk];
                if (rows > 0)
                {
                    chunks.Add(new DatasetChunk(files.Count, chunk, Rows, rows));
                }

                Rows += rows;
            }

            files.Add(new DataFile(source.Path, DataFile.SizeOf(source.Path), first, Rows - first));
            sources.Add(keep ? source : null);
        }
        catch
        {
            keep = false;
            throw;
        }
        finally
        {
            if (!keep)
            {
                source.Dispose();
            }
        }
    }
}
