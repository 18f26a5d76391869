using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Maps;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Clusters;

/// <summary>How the model does in each cluster: errors against the rest, what they are taken for, and typical rows.</summary>
internal sealed class ClusterTable(Clustering clustering, RowFacts facts, PrincipalMap? map, IReadOnlyList<ClusterValues> values, long minSupport)
{
    private const int Typical = 5;

    private readonly long[] rows = new long[clustering.Count], errors = new long[clustering.Count];

    /// <summary>Every cluster, most surely worst first: by q-value, p-value, rows lost against the rest, then number.</summary>
    public IReadOnlyList<ClusterResult> Clusters()
    {
        Dictionary<(int Label, int Prediction), long>[] pairs = [.. rows.Select(_ => new Dictionary<(int, int), long>())];
        List<long>[] wrong = [.. rows.Select(_ => new List<long>())];
        long[] medoids = clustering.MedoidRows();
        for (long row = 0; row < clustering.Nearest.Length; row++)
        {
            int c = clustering.Nearest[row];
            if (c < 0)
            {
                continue;
            }

            rows[c] += facts.Label[row] == Domain.Null || facts.Prediction[row] == Domain.Null ? 0 : 1;
            if (facts.IsError(row))
            {
                errors[c]++;
                wrong[c].Add(row);
                (int, int) pair = (facts.Label[row], facts.Prediction[row]);
                pairs[c][pair] = pairs[c].GetValueOrDefault(pair) + 1;
            }
        }

        double?[] p = [.. rows.Select((_, c) => PValue(c))];
        double?[] q = QValues(p);
        ILookup<int, ClusterValue> over = ClusterValues.OverRepresented(values, clustering.Count, minSupport);
        return [.. rows.Select((_, c) => new ClusterResult
        {
            Cluster = c,
            Rows = rows[c],
            Errors = errors[c],
            ErrorRate = Intervals.Proportion(errors[c], rows[c]),
            ErrorRateElsewhere = rows.Sum() is var all && all > rows[c] ? (double)(errors.Sum() - errors[c]) / (all - rows[c]) : null,
            PValue = p[c],
            QValue = q[c],
            Dominant = Dominant(pairs[c]),
            Medoid = medoids[c],
            X = map?.X[medoids[c]],
            Y = map?.Y[medoids[c]],
            TypicalErrors = [.. wrong[c].OrderBy(row => clustering.Keys[row]).ThenBy(row => row).Take(Typical)],
            OverRepresented = [.. over[c]],
        }).OrderBy(c => c.QValue ?? 2).ThenBy(c => c.PValue ?? 2).ThenByDescending(Lost).ThenBy(c => c.Cluster)];
    }

    private static double Lost(ClusterResult c) => c.Errors - (c.Rows * (c.ErrorRateElsewhere ?? 0));

    private static double?[] QValues(double?[] p)
    {
        double[] q = BenjaminiHochberg.QValues([.. p.Select(v => v ?? double.NaN)]);
        return [.. q.Select(v => double.IsNaN(v) ? (double?)null : v)];
    }

    private double? PValue(int c)
    {
        long restRows = rows.Sum() - rows[c], restErrors = errors.Sum() - errors[c];
        return restRows > 0 && rows[c] >= Math.Max(1, minSupport)
            ? TwoProportion.PValueLower(rows[c] - errors[c], rows[c], restRows - restErrors, restRows)
            : null;
    }

    private Confusion? Dominant(Dictionary<(int Label, int Prediction), long> pairs) => pairs
        .Select(pair => new Confusion(facts.Classes.Text(pair.Key.Label), facts.Classes.Text(pair.Key.Prediction), pair.Value))
        .OrderByDescending(c => c.Count)
        .ThenBy(c => c.Label, StringComparer.Ordinal)
        .ThenBy(c => c.Pred, StringComparer.Ordinal)
        .FirstOrDefault();
}
