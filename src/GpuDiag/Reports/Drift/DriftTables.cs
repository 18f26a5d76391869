using GpuDiag.Analyses.Drift;
using GpuDiag.Reports.Tables;

namespace GpuDiag.Reports.Drift;

/// <summary>The tables of a comparison (docs/drift.md).</summary>
internal static class DriftTables
{
    /// <summary>A line per compared column.</summary>
    public static Table<(int Dataset, ColumnDrift Column)> Columns { get; } = new Table<(int Dataset, ColumnDrift Column)>()
        .Value("dataset", c => c.Dataset)
        .Text("column", c => c.Column.Column)
        .Text("kind", c => DriftKinds.Name(c.Column.Kind))
        .Text("method", c => c.Column.Method)
        .Optional("statistic", c => Finite(c.Column.Statistic))
        .Optional("effect", c => Finite(c.Column.Effect))
        .Optional("p_value", c => Finite(c.Column.PValue))
        .Optional("q_value", c => Finite(c.Column.QValue))
        .Value("drifted", c => c.Column.Drifted)
        .Optional("ks", c => Measure(c.Column, "ks"))
        .Optional("ks_bound", c => Measure(c.Column, "ks_bound"))
        .Optional("wasserstein", c => Measure(c.Column, "wasserstein"))
        .Optional("wasserstein_bound", c => Measure(c.Column, "wasserstein_bound"))
        .Optional("wasserstein_normalized", c => Measure(c.Column, "wasserstein_normalized"))
        .Optional("chi2", c => Measure(c.Column, "chi2"))
        .Optional("cramers_v", c => Measure(c.Column, "cramers_v"))
        .Optional("psi", c => Measure(c.Column, "psi"))
        .Optional("jensen_shannon", c => Measure(c.Column, "jensen_shannon"))
        .Optional("domain_auc", c => Measure(c.Column, "domain_auc"))
        .Optional("mean_shift", c => Measure(c.Column, "mean_shift"))
        .Value("reference_values", c => c.Column.Reference.Values)
        .Value("current_values", c => c.Column.Current.Values)
        .Optional("reference_mean", c => Finite(c.Column.Reference.Numbers?.Mean))
        .Optional("current_mean", c => Finite(c.Column.Current.Numbers?.Mean))
        .Value("reference_missing", c => c.Column.Missing.Reference)
        .Value("current_missing", c => c.Column.Missing.Current)
        .Value("missing_q_value", c => c.Column.Missing.QValue)
        .Value("missing_drifted", c => c.Column.Missing.Drifted);

    /// <summary>A line per value or bin that is shown of a column.</summary>
    public static Table<(int Dataset, string Column, ShareChange Share)> Shares { get; } = new Table<(int Dataset, string Column, ShareChange Share)>()
        .Value("dataset", s => s.Dataset)
        .Text("column", s => s.Column)
        .Text("value", s => s.Share.Value)
        .Value("reference", s => s.Share.Reference)
        .Value("current", s => s.Share.Current)
        .Value("change", s => s.Share.Current - s.Share.Reference);

    /// <summary>Datasets are numbered from 1, the first after the reference.</summary>
    public static IEnumerable<(int Dataset, ColumnDrift Column)> AllColumns(IReadOnlyList<DriftResult> results)
        => results.SelectMany((r, i) => r.Columns.Select(c => (i + 1, c)));

    public static IEnumerable<(int Dataset, string Column, ShareChange Share)> AllShares(IReadOnlyList<DriftResult> results)
        => AllColumns(results).SelectMany(c => c.Column.Shares.Select(s => (c.Dataset, c.Column.Column, s)));

    /// <summary>A line per cell of every decomposition.</summary>
    public static Table<(int Dataset, string Segmentation, DecompositionCell Cell)> Decomposition { get; } = new Table<(int Dataset, string Segmentation, DecompositionCell Cell)>()
        .Value("dataset", c => c.Dataset)
        .Text("segmentation", c => c.Segmentation)
        .Text("value", c => c.Cell.Value)
        .Value("reference_rows", c => c.Cell.ReferenceRows)
        .Value("current_rows", c => c.Cell.CurrentRows)
        .Optional("reference_accuracy", c => c.Cell.ReferenceAccuracy)
        .Optional("current_accuracy", c => c.Cell.CurrentAccuracy)
        .Value("mix", c => c.Cell.Mix)
        .Value("within", c => c.Cell.Within)
        .Value("total", c => c.Cell.Total)
        .Value("mix_centred", c => c.Cell.Centred);

    public static IEnumerable<(int Dataset, string Segmentation, DecompositionCell Cell)> AllCells(IReadOnlyList<DriftResult> results)
        => results.SelectMany((r, i) => (r.Accuracy?.Decompositions ?? []).SelectMany(d => d.Cells.Select(c => (i + 1, d.Segmentation, c))));

    private static double? Finite(double? value) => value is double v && double.IsFinite(v) ? v : null;

    private static double? Measure(ColumnDrift column, string name)
        => Finite(column.Measures.FirstOrDefault(m => m.Name == name).Value);
}
