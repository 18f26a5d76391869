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
        List<ColumnDrift> columns = [];
        List<NotCompared> notCompared = [.. left];
        for (int i = 0; i < reference.Columns.Count; i++)
        {
            if (current.Find(reference.Columns[i]) is { } there)
            {
                ColumnDrift? column = Compare(reference.Columns[i], reference.Tallies[i], there, reference.Rows, current.Rows);
                if (column is null)
                {
                    notCompared.Add(new NotCompared(
                        reference.Columns[i].Name,
                        $"has more than {CategoryTally.MostValues.ToString("N0", CultureInfo.InvariantCulture)} values; --text compares the lengths of texts"));
                    continue;
                }

                columns.Add(column);
            }
        }

        Judge(columns, options);
        return new DriftResult
        {
            ReferenceRows = reference.Rows,
            CurrentRows = current.Rows,
            Effect = options.Effect,
            Alpha = options.Alpha,
            Columns = columns,
            NotCompared = [.. notCompared.OrderBy(c => c.Column, StringComparer.Ordinal)],
        };
    }

    /// <summary>One column; null where it has too many values to compare.</summary>
    private static ColumnDrift? Compare(DriftColumn column, ColumnTally reference, ColumnTally current, long referenceRows, long currentRows)
    {
        if (reference is CategoryTally { TooMany: true } || current is CategoryTally { TooMany: true })
        {
            return null;
        }

        MissingDrift missing = Missing(reference.Missing, referenceRows, current.Missing, currentRows);
        if (reference is NumberTally a && current is NumberTally b)
        {
            return column.Whole && FewWhole(a.Values, b.Values) is var (before, after)
                ? Categories(column.Name, DriftKind.Categorical, before, after, missing)
                : Numbers(column, a, b, missing);
        }

        return Categories(column.Name, column.Kind, ((CategoryTally)reference).Counts, ((CategoryTally)current).Counts, missing);
    }

    private static ColumnDrift Numbers(DriftColumn column, NumberTally reference, NumberTally current, MissingDrift missing)
    {
        SideValues before = new(reference.Count, reference.Infinite, reference.Values.Distinct, null);
        SideValues after = new(current.Count, current.Infinite, current.Values.Distinct, null);
        if (reference.Count == 0 || current.Count == 0)
        {
            return new ColumnDrift { Column = column.Name, Kind = column.Kind, Method = null, Reference = before, Current = after, Missing = missing };
        }

        NumberComparison compared = new(reference.Values, current.Values);
        return new ColumnDrift
        {
            Column = column.Name,
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

    private static MissingDrift Missing(long reference, long referenceRows, long current, long currentRows)
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
    private static void Judge(List<ColumnDrift> columns, DriftOptions options)
    {
        double[] q = BenjaminiHochberg.QValues([.. columns.Select(c => c.PValue ?? double.NaN), .. columns.Select(c => c.Missing.Reference + c.Missing.Current > 0 ? c.Missing.PValue : double.NaN)]);
        for (int i = 0; i < columns.Count; i++)
        {
            ColumnDrift column = columns[i];
            double missing = q[columns.Count + i];
            column.QValue = column.PValue is null ? null : q[i];
            column.Missing.QValue = double.IsNaN(missing) ? 1 : missing;
            column.Missing.Drifted = missing <= options.Alpha && column.Missing.Effect >= options.Effect;
            column.Drifted = column.Missing.Drifted || (column.Effect >= options.Effect && column.QValue <= options.Alpha);
        }
    }
}
