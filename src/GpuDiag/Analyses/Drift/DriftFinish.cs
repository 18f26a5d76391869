using System.Globalization;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Drift;

/// <summary>Compares two states column by column, and judges all tests together.</summary>
internal static class DriftFinish
{
    /// <summary>Distinct values, of both sides, up to which whole numbers are compared by value.</summary>
    public const int FewValues = 20;

    public static DriftResult Compare(DriftState reference, DriftState current, IReadOnlyList<NotCompared> left, DriftOptions options)
    {
        (IReadOnlyList<ColumnDrift> Columns, IReadOnlyList<NotCompared> Left)[] compared = new (IReadOnlyList<ColumnDrift>, IReadOnlyList<NotCompared>)[reference.Columns.Count];
        Parallel.For(0, compared.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads ?? Environment.ProcessorCount }, i => compared[i] = Compare(reference, current, i));
        ColumnDrift[] columns = [.. compared.SelectMany(c => c.Columns)];
        NotCompared[] notCompared = [.. left, .. compared.SelectMany(c => c.Left)];
        Judge(columns, options);
        DriftAccuracy? accuracy = AccuracyFinish.Of(reference, current, columns);
        (IReadOnlyList<SegmentTally> before, IReadOnlyList<SegmentTally> after) = AccuracyFinish.Common(reference, current);
        string? shown = accuracy?.Decompositions.Count > 1 ? accuracy.Decompositions[0].Segmentation : null;
        bool known = accuracy?.Change is not null;
        DriftKindShares kind = KindFinish.Of(columns, known ? before.First(s => s.Name == shown) : null, known ? after.First(s => s.Name == shown) : null, options.Alpha);
        return new DriftResult
        {
            ReferenceRows = reference.Rows,
            CurrentRows = current.Rows,
            Effect = options.Effect,
            Alpha = options.Alpha,
            Columns = columns,
            Kind = kind,
            Accuracy = accuracy,
            NotCompared = [.. notCompared.OrderBy(c => c.Column, StringComparer.Ordinal)],
        };
    }

    /// <summary>Column number <paramref name="i"/> of the reference: what differs, or why it is not compared.</summary>
    private static (IReadOnlyList<ColumnDrift> Columns, IReadOnlyList<NotCompared> Left) Compare(DriftState reference, DriftState current, int i)
    {
        DriftColumn column = reference.Columns[i];
        ColumnTally before = reference.Tallies[i];
        if (current.Find(column) is not { } after)
        {
            return ([], []);
        }

        if (before is CategoryTally { TooMany: true } || after is CategoryTally { TooMany: true })
        {
            string most = CategoryTally.MostValues.ToString("N0", CultureInfo.InvariantCulture);
            return ([], [new NotCompared(column.Name, $"has more than {most} values; --text compares the lengths of texts")]);
        }

        MissingDrift missing = Missing(before.Missing, reference.Rows, after.Missing, current.Rows);
        return (before, after) switch
        {
            (VectorTally a, VectorTally b) => VectorFinish.Compare(column, a, b, missing),
            (NumberTally a, NumberTally b) when column.Whole && FewWhole(a.Values, b.Values) is var (few, fewNow) => ([Categories(column.Name, DriftKind.Categorical, few, fewNow, missing)], []),
            (NumberTally a, NumberTally b) => ([Numbers(column, a, b, missing)], []),
            _ => ([Categories(column.Name, column.Kind, ((CategoryTally)before).Counts, ((CategoryTally)after).Counts, missing)], []),
        };
    }

    /// <summary>Two tallies of numbers.</summary>
    public static ColumnDrift Numbers(DriftColumn column, NumberTally reference, NumberTally current, MissingDrift missing)
    {
        SideValues before = new(reference.Count, reference.Infinite, reference.Values.Distinct, null);
        SideValues after = new(current.Count, current.Infinite, current.Values.Distinct, null);
        if (reference.Count == 0 || current.Count == 0)
        {
            return new ColumnDrift { Column = column.Shown, Kind = column.Kind, Method = null, Reference = before, Current = after, Missing = missing };
        }

        NumberComparison compared = new(reference.Values, current.Values);
        return new ColumnDrift
        {
            Column = column.Shown,
            Kind = column.Kind,
            Method = "ks",
            Statistic = compared.Ksd,
            Effect = compared.Effect,
            PValue = compared.PValue,
            Measures =
            [
                ("ks", compared.Ksd), ("ks_bound", compared.KsBound),
                ("wasserstein", compared.Wasserstein), ("wasserstein_bound", compared.WassersteinBound), ("wasserstein_normalized", compared.Scaled),
                ("psi", compared.StabilityIndex), ("jensen_shannon", compared.JensenShannon),
            ],
            Binning = new DriftBinning("reference_deciles", compared.Edges, compared.Edges.Count + 1, 0),
            Reference = before with { Numbers = compared.Reference },
            Current = after with { Numbers = compared.Current },
            Missing = missing,
            Shares = compared.Shares,
        };
    }

    private static ColumnDrift Categories(string name, DriftKind kind, IReadOnlyDictionary<string, long> reference, IReadOnlyDictionary<string, long> current, MissingDrift missing)
    {
        SideValues before = new(reference.Values.Sum(), 0, reference.Count, null), after = new(current.Values.Sum(), 0, current.Count, null);
        if (before.Values == 0 || after.Values == 0)
        {
            return new ColumnDrift { Column = name, Kind = kind, Method = null, Reference = before, Current = after, Missing = missing };
        }

        CategoryComparison compared = new(reference, current);
        return new ColumnDrift
        {
            Column = name,
            Kind = kind,
            Method = "chi2",
            Statistic = compared.ChiSquared,
            Effect = compared.JensenShannon,
            PValue = compared.PValue,
            Measures =
            [
                ("chi2", compared.ChiSquared), ("degrees_of_freedom", compared.Degrees), ("cramers_v", compared.CramersV),
                ("psi", compared.StabilityIndex), ("jensen_shannon", compared.JensenShannon),
            ],
            Binning = new DriftBinning("values", [], compared.Values, compared.Pooled),
            Reference = before,
            Current = after,
            Missing = missing,
            Shares = compared.Shares,
            OneSided = compared.OneSided,
        };
    }

    /// <summary>How the shares of missing values differ.</summary>
    public static MissingDrift Missing(long reference, long referenceRows, long current, long currentRows)
    {
        double p = (double)reference / referenceRows, q = (double)current / currentRows;
        double effect = Divergence.Distance(Divergence.JensenTerm(p, q) + Divergence.JensenTerm(1 - p, 1 - q));
        double lower = TwoProportion.PValueLower(current, currentRows, reference, referenceRows), upper = TwoProportion.PValueLower(reference, referenceRows, current, currentRows);
        return new MissingDrift(reference, current, p, q, effect, Math.Min(1, 2 * Math.Min(lower, upper)));
    }

    /// <summary>The counts of whole numbers where both sides together have few; else null.</summary>
    private static (Dictionary<string, long> Reference, Dictionary<string, long> Current)? FewWhole(KeyHistogram reference, KeyHistogram current)
    {
        if (reference.Distinct > FewValues || current.Distinct > FewValues || reference.Bits < 64 || current.Bits < 64)
        {
            return null;
        }

        Dictionary<string, long>? before = Counts(reference), after = Counts(current);
        return before is null || after is null || before.Keys.Union(after.Keys).Count() > FewValues ? null : (before, after);

        static Dictionary<string, long>? Counts(KeyHistogram values)
        {
            Dictionary<string, long> counts = new(StringComparer.Ordinal);
            for (int i = 0; i < values.Distinct; i++)
            {
                (double value, _, long count) = values.Cell(i);
                if (value != Math.Floor(value))
                {
                    return null;
                }

                counts.Add(value.ToString("R", CultureInfo.InvariantCulture), count);
            }

            return counts;
        }
    }

    /// <summary>One family of tests: every column's values, and every column's missing values.</summary>
    private static void Judge(ColumnDrift[] columns, DriftOptions options)
    {
        double[] q = BenjaminiHochberg.QValues([.. columns.Select(c => c.PValue ?? double.NaN), .. columns.Select(c => c.Missing.Reference + c.Missing.Current > 0 ? c.Missing.PValue : double.NaN)]);
        for (int i = 0; i < columns.Length; i++)
        {
            ColumnDrift column = columns[i];
            double missing = q[columns.Length + i];
            column.QValue = column.PValue is null ? null : q[i];
            column.Missing.QValue = double.IsNaN(missing) ? 1 : missing;
            column.Missing.Drifted = missing <= options.Alpha && column.Missing.Effect >= options.Effect;
            column.Drifted = column.Missing.Drifted || (column.Effect >= options.Effect && column.QValue <= options.Alpha);
        }
    }
}
