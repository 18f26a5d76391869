using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Slices;

/// <summary>From a search to what is told of it: folds, p-values, q-values, intervals, names.</summary>
/// <param name="rows">What was searched.</param>
/// <param name="columns">The columns that took part, in order.</param>
/// <param name="leftOut">Those that did not.</param>
/// <param name="options">How.</param>
internal sealed class SliceTable(SliceRows rows, IReadOnlyList<SliceColumn> columns, IReadOnlyList<SliceColumnLeftOut> leftOut, SliceOptions options)
{
    /// <summary>Slices looked at for each that is asked for, so that enough are left after folding: first, and at most.</summary>
    private const int FirstPool = 4, LargestPool = 64;

    private readonly Value[] values = [.. columns.SelectMany(c => Array.ConvertAll(c.Codes, code => new Value(c, code)))];

    /// <summary>Searches.</summary>
    /// <returns>What to report, and the slices in its order.</returns>
    public (SliceSearchResult Result, IReadOnlyList<Slice> Slices) Run(CancellationToken cancel)
    {
        (SliceSearch search, List<CoveredSlices> found) = Search(cancel);
        SliceCounts[] single = rows.Values == 0 ? [] : rows.Count(1, [.. Enumerable.Range(0, rows.Values)]);
        Slice[] slices = [.. found.Select(f => f.Slice)];
        (double[] p, double[] q) = Tests(search, slices);
        double step = SliceValue.Step(options.Objective);
        SliceSearchResult result = new()
        {
            Objective = options.Objective switch { SliceObjective.Error => "error", SliceObjective.Loss => "loss", _ => "calibration" },
            Alpha = options.Alpha,
            MinRows = options.LeastRows(rows.Rows),
            Level = options.Level,
            Levels = search.Levels,
            Complete = search.IsComplete,
            Rows = rows.Rows,
            Errors = rows.Errors,
            Mean = rows.Rows == 0 || rows.Values == 0 ? null : step * rows.Sum / rows.Rows,
            Columns = [.. columns.Select(c => c.Name)],
            Values = rows.Values,
            LeftOut = leftOut,
            Candidates = search.Formed,
            Evaluated = search.Evaluated,
            Slices = [.. slices.Select((s, i) => new SliceResult
            {
                Predicates = [.. s.Members.Select(m => Predicate(m, single[m]))],
                Rows = s.Rows,
                Errors = s.Errors,
                ErrorRate = Intervals.Proportion(s.Errors, s.Rows),
                ErrorRateElsewhere = s.Rows == rows.Rows ? null : (double)(rows.Errors - s.Errors) / (rows.Rows - s.Rows),
                Mean = step * s.Sum / s.Rows,
                Score = s.Score,
                PValue = p[i],
                QValue = q[i],
                Folded = [.. found[i].Folded.Select(Text)],
            })],
        };
        return (result, slices);
    }

    private (SliceSearch Search, List<CoveredSlices> Found) Search(CancellationToken cancel)
    {
        if (!options.Fold)
        {
            SliceSearch all = SliceSearch.Run(rows, options, options.Top, cancel);
            return (all, [.. all.Best.Select(s => new CoveredSlices(s, []))]);
        }

        for (int pool = FirstPool; ; pool *= FirstPool)
        {
            SliceSearch search = SliceSearch.Run(rows, options, options.Top * pool, cancel);
            List<CoveredSlices> found = SliceCover.Fold(rows, search.Best, options.Top);
            if (found.Count == options.Top || search.IsExhausted || pool >= LargestPool)
            {
                return (search, found);
            }
        }
    }

    /// <summary>
    /// One-sided tests of the slices' error rates against all other rows. q-values by Benjamini and Hochberg; conjunctions
    /// that were formed, but not evaluated or too small, are tests too, with p = 1.
    /// </summary>
    private (double[] P, double[] Q) Tests(SliceSearch search, Slice[] slices)
    {
        double[] all = new double[slices.Length + search.Tested.Count];
        Parallel.For(0, all.Length, new ParallelOptions { MaxDegreeOfParallelism = rows.Threads }, i =>
        {
            (long n, long errors) = i < slices.Length ? (slices[i].Rows, slices[i].Errors) : search.Tested[i - slices.Length];
            all[i] = PValue(n, errors);
        });
        double[] p = all[..slices.Length];

        // Each slice is among the tested: its q-value is found there by its p-value.
        double[] tested = all[slices.Length..];
        double[] q = BenjaminiHochberg.QValues(tested, search.Formed - tested.Length);
        if (slices.Length == 0)
        {
            return (p, []);
        }

        Dictionary<double, double> byP = [];
        for (int i = 0; i < tested.Length; i++)
        {
            byP.TryAdd(tested[i], q[i]);
        }

        return (p, [.. p.Select(value => byP[value])]);
    }

    private double PValue(long n, long errors) =>
        TwoProportion.PValueLower(n - errors, n, rows.Rows - rows.Errors - (n - errors), rows.Rows - n);

    private string Text(Slice slice) =>
        string.Join(" & ", slice.Members.Select(m => Predicate(m, default).Text));

    private SlicePredicate Predicate(int value, SliceCounts counts) =>
        new(values[value].Column.Name, values[value].Column.Text(values[value].Code), counts.Rows, counts.Errors, values[value].Column.IsClass);

    /// <summary>A value of a column, by its code.</summary>
    private sealed record Value(SliceColumn Column, int Code);
}
