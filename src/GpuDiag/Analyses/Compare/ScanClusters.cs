using System.Globalization;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// The clusters that an earlier scan gave the rows of BEFORE, by id, or by row number where there are no ids. Only of a scan that kept
/// all rows: the rows that a scan shows by default are there for failing, and what was chosen for failing gets better by chance.
/// </summary>
internal sealed class ScanClusters : IBatchWorker
{
    /// <summary>Ids up to which they are kept in memory, some 100 bytes each.</summary>
    private const int MostIds = 10_000_000;

    /// <summary>No line of the scan.</summary>
    private const int Unknown = -2;

    private readonly int[] nearest;
    private readonly Dictionary<string, int> byId;

    private ScanClusters(int[] nearest, Dictionary<string, int> byId) => (this.nearest, this.byId) = (nearest, byId);

    /// <returns>Null where the scan has no clusters; no clusters, with the reason, where they are not those of all rows.</returns>
    /// <exception cref="InputException">A file of the folder cannot be read.</exception>
    public static CompareClusters? Of(CompareSide before, string folder, StageClock clock)
    {
        string file = Path.Combine(folder, "rows.parquet");
        if (!File.Exists(file))
        {
            return null; // What --cases needs is told where cases are read.
        }

        using Dataset data = Dataset.Open([file]);
        string[] names = [.. data.Fields.Select(f => f.Name)];
        bool ids = before.Roles.Id is not null && names.Contains("id");
        if (!names.Contains("cluster") || !names.Contains("row"))
        {
            return null;
        }

        if (ids && data.Rows > MostIds)
        {
            return None(string.Create(CultureInfo.InvariantCulture, $"rows.parquet has more than {MostIds} ids; --embedding makes the clusters anew"));
        }

        int[] nearest = new int[before.Data.Rows];
        Array.Fill(nearest, Unknown);
        Dictionary<string, int> byId = [];
        (long last, long right, int most) = (-1, 0, -1);
        clock.Time("read clusters", () =>
        {
            Cases.Each(data, ["row", ids ? "id" : null, names.Contains("correct") ? "correct" : null, "cluster"], line =>
            {
                int cluster = int.TryParse(line[3], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;
                long row = long.TryParse(line[0], NumberStyles.None, CultureInfo.InvariantCulture, out long place) ? place : -1;
                (last, right, most) = (Math.Max(last, row), right + (line[2] is "true" ? 1 : 0), Math.Max(most, cluster));
                if (line[1] is { } id)
                {
                    byId.TryAdd(id, cluster);
                }
                else if (!ids && row >= 0 && row < nearest.LongLength)
                {
                    nearest[row] = cluster;
                }
            });
            return true;
        });
        if (most < 0)
        {
            return null;
        }

        if (last + 1 != data.Rows || right == 0)
        {
            return None("rows.parquet has some rows alone, chosen for failing: scan with --all-rows, or name the embedding with --embedding");
        }

        if (ids)
        {
            ColumnRequest[] request = [new(before.Roles.Id!.Name, ColumnForm.Text)];
            clock.Pass("clusters", "looking for clusters", before.Data.Rows, done => before.Reader.Run(request, () => new ScanClusters(nearest, byId), 64, done));
        }

        long unknown = nearest.LongCount(c => c == Unknown);
        if (unknown > 0)
        {
            return None(string.Create(CultureInfo.InvariantCulture, $"{unknown} rows of BEFORE are not among the rows of the scan: give the scan of the data that BEFORE is"));
        }

        return new CompareClusters(nearest, most + 1, [], new ClusterOrigin("scan", folder, null, null));

        CompareClusters None(string reason) => new([], 0, [], new ClusterOrigin(null, folder, null, reason));
    }

    public void Accept(Batch batch)
    {
        string?[] ids = ((TextColumn)batch.Columns[0]).Values;
        for (int i = 0; i < batch.Rows; i++)
        {
            // A row without an id is not compared.
            nearest[batch.FirstRow + i] = ids[i] is not { } id ? -1 : byId.TryGetValue(id, out int cluster) ? cluster : Unknown;
        }
    }

    public void Finish()
    {
    }

    public void Dispose()
    {
    }
}
