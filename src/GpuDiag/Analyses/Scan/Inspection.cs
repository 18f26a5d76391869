using System.Runtime.CompilerServices;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>Looks at the data before the main pass: the order of classes, the edges of quantile bins.</summary>
internal sealed class Inspection(Dataset data, ScanOptions options, Pipeline pipeline)
{
    /// <summary>
    /// Rows looked at for the order of classes, at most: columns that were never the largest in these take the classes
    /// that are left. The main pass compares every row with the order found.
    /// </summary>
    private const long OrderRows = 1 << 16;

    private const int PeekRows = 256;

    /// <summary>Exact quantiles up to this many distinct values; beyond, to a relative step of about a millionth.</summary>
    private const int QuantileKeys = 1 << 20;

    /// <summary>The bins of every column that a segment cuts, from one pass over these columns.</summary>
    public Dictionary<string, QuantileBins> Bins(Roles roles)
    {
        if (!roles.Segments.Any(s => s.IsCut))
        {
            return [];
        }

        (Field Field, int Bins)[] cut = [.. roles.Segments.SelectMany(s => s.Parts).Where(p => p.Bins > 0).DistinctBy(p => p.Field.Name)];
        KeyHistogram[] totals = [.. cut.Select(_ => new KeyHistogram(QuantileKeys))];
        pipeline.Run([.. cut.Select(c => new ColumnRequest(c.Field.Name, ColumnForm.Numbers))], () => new QuantileWorker(totals), 8 * cut.Length);
        return cut.Select((c, i) => (c.Field.Name, Bins: Edges(c.Field.Name, totals[i], c.Bins))).ToDictionary(b => b.Name, b => b.Bins);
    }

    /// <summary>
    /// The class code of each probability column: by <c>--classes</c>; else by the columns' names; else as predictions
    /// and arg max agree; else by sorted names.
    /// </summary>
    /// <exception cref="InputException">No order can be told, or predictions contradict the one given.</exception>
    public int[] Order(Roles roles, Domain classes)
    {
        if (roles.Probs.Count == 0)
        {
            return [];
        }

        ScanColumns columns = new(roles with { Segments = [] }, classes, [], 0);
        ScanPass pass = new(columns, Needs.Probabilities | Needs.Prediction);
        ProbabilityOrder? order = Votes(pass, classes);
        int width = order?.Width ?? Math.Max(2, roles.Probs.Count);
        int[]? voted = order?.Voted();
        int[]? given = Given(roles, classes, width);
        if (given is not null)
        {
            Contradiction(roles, classes, voted, given, options.Classes is not null ? "--classes" : "the columns' names");
            return given;
        }

        if (voted is not null && !voted.Contains(-1))
        {
            return voted;
        }

        // Names are needed that the rows seen so far may not hold.
        pipeline.Run(new ScanPass(columns, Needs.Prediction).Requests, () => new ClassWorker(new ScanPass(columns, Needs.Prediction)), 8);
        order ??= new ProbabilityOrder(width, classes);
        int[]? inferred = voted is not null && voted.Any(c => c >= 0) ? order.Complete(voted) : order.Sorted();
        return inferred ?? throw new InputException(
            $"rows hold {width} probabilities, but labels and predictions hold {classes.Count - 1} classes, so their order cannot be told",
            null,
            roles.Probs[0].Name,
            "Give the class names in the order of the probabilities, one per line, with --classes FILE.");
    }

    private static QuantileBins Edges(string name, KeyHistogram histogram, int count) =>
        histogram.Count == 0
            ? new QuantileBins(name, 0, [])
            : new QuantileBins(name, histogram.Quantile(0), Enumerable.Range(1, count).Select(i => histogram.Quantile((double)i / count)));

    private static void Contradiction(Roles roles, Domain classes, int[]? voted, int[] order, string source)
    {
        if (voted is null)
        {
            return;
        }

        int k = Array.FindIndex(voted, c => c >= 0 && Array.IndexOf(order, c) >= 0 && Array.IndexOf(order, c) != Array.IndexOf(voted, c));
        if (k >= 0)
        {
            throw new InputException(
                $"by {source} probability {k} is that of '{classes.Text(order[k])}', but rows where it is the largest are predicted '{classes.Text(voted[k])}'",
                null,
                roles.Probs[0].Name,
                "Give the class names in the order of the probabilities, one per line, with --classes FILE, or leave it out to have the order inferred.");
        }
    }

    private int[]? Given(Roles roles, Domain classes, int width)
    {
        if (options.Classes is { } names)
        {
            return names.Count == width
                ? [.. names.Select(classes.Code)]
                : throw new InputException($"rows hold {width} probabilities, but --classes names {names.Count}", null, roles.Probs[0].Name, "Name one class per probability, in their order.");
        }

        return roles.Probs.Count > 1 ? NamedColumns([.. roles.Probs.Select(p => p.Name)], classes) : null;
    }

    /// <summary>Columns such as prob_cat, prob_dog name their classes after what they have in common.</summary>
    private static int[]? NamedColumns(string[] names, Domain classes)
    {
        int prefix = Enumerable.Range(0, names.Min(n => n.Length)).TakeWhile(i => names.All(n => n[i] == names[0][i])).Count();
        prefix = Math.Max(names[0].AsSpan(0, prefix).LastIndexOfAny("_-. ") + 1, 0);
        string[] suffixes = [.. names.Select(n => n[prefix..])];
        return suffixes.All(s => s.Length > 0) ? [.. suffixes.Select(classes.Code)] : null;
    }

    /// <summary>Shows rows to a class order, from the first on, until it is decided. Null when every row seen is null.</summary>
    private ProbabilityOrder? Votes(ScanPass pass, Domain classes)
    {
        ProbabilityOrder? order = null;
        long seen = 0;
        using Batch batch = new(pass.Requests, PeekRows);
        using ScanStages stages = pass.Stages(PeekRows);
        using DatasetReader reader = data.Open(pass.Requests);
        for (int chunk = 0; chunk < data.Chunks.Count && seen < OrderRows; chunk++)
        {
            reader.Start(chunk);
            while (seen < OrderRows && order is not { Decided: true } && reader.Read(batch) > 0)
            {
                seen += batch.Rows;
                MatrixColumn matrix = stages.Probabilities!.Take(batch, 0);
                if (matrix.Width == 0)
                {
                    continue;
                }

                order ??= new ProbabilityOrder(matrix.Width, classes);
                if (stages.Prediction is null)
                {
                    return order;
                }

                Show(order, matrix, stages.Prediction.Take(batch), batch.Rows);
            }
        }

        return order;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Show(ProbabilityOrder order, MatrixColumn matrix, CodeColumn prediction, int rows)
    {
        int width = matrix.Width;
        ReadOnlySpan<double> doubles = matrix.IsDouble ? matrix.Doubles(rows) : default;
        ReadOnlySpan<float> floats = matrix.IsDouble ? default : matrix.Floats(rows);
        for (int i = 0; i < rows && width == order.Width; i++)
        {
            int best = -1;
            bool unique = false;
            double largest = double.NegativeInfinity;
            for (int k = 0; k < width; k++)
            {
                double p = matrix.IsDouble ? doubles[(i * width) + k] : floats[(i * width) + k];
                unique = p > largest || (unique && p != largest);
                (best, largest) = p > largest ? (k, p) : (best, largest);
            }

            if (unique)
            {
                order.Add(best, prediction[i]);
            }
        }
    }

    /// <summary>Collects the values of float columns.</summary>
    private sealed class QuantileWorker(KeyHistogram[] totals) : IBatchWorker
    {
        private readonly KeyHistogram[] mine = [.. totals.Select(_ => new KeyHistogram(QuantileKeys))];

        public void Accept(Batch batch)
        {
            for (int c = 0; c < mine.Length; c++)
            {
                NumberColumn column = (NumberColumn)batch.Columns[c];
                for (int i = 0; i < batch.Rows; i++)
                {
                    if (!double.IsNaN(column[i]))
                    {
                        mine[c].Add(column[i]);
                    }
                }
            }
        }

        public void Finish()
        {
            lock (totals)
            {
                for (int c = 0; c < mine.Length; c++)
                {
                    totals[c].Merge(mine[c]);
                }
            }
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Reads labels and predictions only for the values that they put into the domain.</summary>
    private sealed class ClassWorker(ScanPass pass) : IBatchWorker
    {
        private readonly ScanStages stages = pass.Stages(Batch.DefaultCapacity);

        public void Accept(Batch batch)
        {
            stages.Label.Take(batch);
            stages.Prediction?.Take(batch);
        }

        public void Finish()
        {
        }

        public void Dispose() => stages.Dispose();
    }
}
