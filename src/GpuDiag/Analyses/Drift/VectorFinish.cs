namespace GpuDiag.Analyses.Drift;

/// <summary>Compares embeddings: their directions, and their norms as a column of their own.</summary>
internal static class VectorFinish
{
    public static (IReadOnlyList<ColumnDrift> Columns, IReadOnlyList<NotCompared> Left) Compare(DriftColumn column, VectorTally reference, VectorTally current, MissingDrift missing)
    {
        if (reference.Width > 0 && current.Width > 0 && reference.Width != current.Width)
        {
            return ([], [new NotCompared(column.Name, $"has {current.Width} dimensions in the current data, {reference.Width} in the reference")]);
        }

        DriftColumn norm = new($"norm({column.Name})", DriftKind.Numeric, DriftForm.Numbers, false);
        return ([Directions(column, reference, current, missing), DriftFinish.Numbers(norm, reference.Norms, current.Norms, DriftFinish.Missing(0, 1, 0, 1))], []);
    }

    private static ColumnDrift Directions(DriftColumn column, VectorTally reference, VectorTally current, MissingDrift missing)
    {
        SideValues before = new(reference.Count, 0, reference.Width, null), after = new(current.Count, 0, current.Width, null);
        VectorComparison? compared = reference.Count < 2 || current.Count < 2 ? null : new VectorComparison(reference, current);
        if (compared?.PValue is null)
        {
            return new ColumnDrift { Column = column.Name, Kind = column.Kind, Method = null, Reference = before, Current = after, Missing = missing };
        }

        return new ColumnDrift
        {
            Column = column.Name,
            Kind = column.Kind,
            Method = "t2",
            Statistic = compared.Statistic,
            Effect = (2 * compared.Auc) - 1,
            PValue = compared.PValue,
            Measures = [("t2", compared.Statistic), ("degrees_of_freedom", compared.Rank), ("domain_auc", compared.Auc), ("mean_shift", compared.MeanShift)],
            Binning = new DriftBinning("random_fourier_features", [], FourierFeatures.Count, 0),
            Reference = before,
            Current = after,
            Missing = missing,
        };
    }
}
