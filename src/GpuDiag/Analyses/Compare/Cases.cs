using System.Globalization;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Compare;

/// <summary>A row that an earlier scan of BEFORE showed.</summary>
internal sealed record CaseRow(string? Cause, string? Cluster);

/// <summary>The challenge cases of an earlier scan: its mispredicted rows, or the rows of a table; and their neighbours.</summary>
internal sealed class Cases
{
    private const int BatchRows = 1 << 12;

    private readonly Dictionary<string, CaseRow> byId = [];
    private readonly Dictionary<long, CaseRow> byRow = [];
    private readonly HashSet<string> neighborIds = [];
    private readonly HashSet<long> neighborRows = [];

    private Cases(string source) => Source = source;

    /// <summary>As the user named it.</summary>
    public string Source { get; }

    public int Count => byId.Count + byRow.Count;

    /// <summary>There is a table of neighbours.</summary>
    public bool HasNeighbors => neighborIds.Count + neighborRows.Count > 0;

    /// <summary>The table of a scan's folder, or the table itself.</summary>
    public static string FileOf(string source) => Directory.Exists(source) ? Path.Combine(source, "rows.parquet") : source;

    /// <summary>Reads a scan's folder, or a table with a column of ids (or of row numbers).</summary>
    /// <param name="source">The folder or file.</param>
    /// <param name="id">The column of ids in BEFORE; null where there is none, then rows are known by their numbers.</param>
    /// <exception cref="InputException">It cannot be read, or has neither.</exception>
    public static Cases Read(string source, Field? id)
    {
        Cases cases = new(source);
        bool folder = Directory.Exists(source);
        string file = FileOf(source);
        if (!File.Exists(file))
        {
            throw new InputException(folder ? "there is no rows.parquet in it" : "there is no such file or folder", source, null, "Give --cases the output folder of gpudiag scan, or a table with a column of ids.");
        }

        HashSet<long> numbers = [];
        using (Dataset data = Dataset.Open([file]))
        {
            string? ids = Name(data, id is null ? [] : [id.Name, "id"]), row = Name(data, ["row"]);
            if ((ids ?? row) is null)
            {
                throw new InputException($"there is no column {(id is null ? "'row'" : $"'{id.Name}', 'id' or 'row'")} to know the cases by", file, null, "Give --cases the output folder of gpudiag scan, or a table with a column of ids.");
            }

            Each(data, [ids, row, Name(data, ["correct"]), Name(data, ["cause"]), Name(data, ["cluster"])], line =>
            {
                if (line[2] is "true")
                {
                    return;
                }

                CaseRow found = new(line[3], line[4]);
                if (line[0] is { } text)
                {
                    cases.byId.TryAdd(text, found);
                }
                else if (long.TryParse(line[1], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                {
                    cases.byRow.TryAdd(number, found);
                }

                if (long.TryParse(line[1], NumberStyles.None, CultureInfo.InvariantCulture, out long place))
                {
                    numbers.Add(place);
                }
            });
        }

        string neighbors = Path.Combine(source, "neighbors.parquet");
        if (folder && File.Exists(neighbors))
        {
            cases.ReadNeighbors(neighbors, numbers, id is not null);
        }

        return cases;
    }

    /// <summary>The case that a row of BEFORE is; null for none.</summary>
    public CaseRow? Find(string? id, long row) =>
        id is not null && byId.TryGetValue(id, out CaseRow? found) ? found : byRow.GetValueOrDefault(row);

    /// <summary>The row is among the neighbours of some other case.</summary>
    public bool IsNeighbor(string? id, long row) => id is not null ? neighborIds.Contains(id) : neighborRows.Contains(row);

    /// <summary>Neighbours in the scanned data of rows that are cases.</summary>
    private void ReadNeighbors(string file, HashSet<long> numbers, bool ids)
    {
        using Dataset data = Dataset.Open([file]);
        Each(data, [Name(data, ["query_row"]), Name(data, ["neighbor_row"]), Name(data, ["neighbor"]), Name(data, ["source"])], line =>
        {
            bool isCase = long.TryParse(line[0], NumberStyles.None, CultureInfo.InvariantCulture, out long query) && numbers.Contains(query);
            if (!isCase || line[3] is not (null or "data") || !long.TryParse(line[1], NumberStyles.None, CultureInfo.InvariantCulture, out long neighbor))
            {
                return;
            }

            if (ids && line[2] is { } text)
            {
                neighborIds.Add(text);
            }
            else
            {
                neighborRows.Add(neighbor);
            }
        });
    }

    private static string? Name(Dataset data, string[] names) => names.Select(n => data.Fields.FirstOrDefault(f => f.Name == n)?.Name).FirstOrDefault(n => n is not null);

    /// <summary>Reads some columns as text; a column that is not there is null in every line.</summary>
    internal static void Each(Dataset data, string?[] columns, Action<string?[]> take)
    {
        ColumnRequest[] requests = [.. columns.OfType<string>().Select(c => new ColumnRequest(c, ColumnForm.Text))];
        int next = 0;
        int[] place = [.. columns.Select(c => c is null ? -1 : next++)];
        using Batch batch = new(requests, BatchRows);
        using DatasetReader reader = data.Open(requests);
        for (int chunk = 0; chunk < data.Chunks.Count; chunk++)
        {
            reader.Start(chunk);
            while (reader.Read(batch) > 0)
            {
                for (int i = 0; i < batch.Rows; i++)
                {
                    take([.. place.Select(p => p < 0 ? null : ((TextColumn)batch.Columns[p]).Values[i])]);
                }
            }
        }
    }
}
