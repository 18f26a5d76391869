using GpuDiag.Analyses.Drift;
using GpuDiag.Reports.Tables;

namespace GpuDiag.Reports.Drift;

/// <summary>The tables of a comparison (docs/drift.md).</summary>
internal static class DriftTables
{
    /// <summary>A line per compared column.</summary>
    public static Table<ColumnDrift> Columns { get; } = new Table<ColumnDrift>()
        .Text("column", c => c.Column)
        .Text("kind", c => DriftKinds.Name(c.Kind))
        .Text("method", c => c.Method)
        .Optional("statistic", c => Finite(c.Statistic))
        .Optional("effect", c => Finite(c.Effect))
        .Optional("p_value", c => Finite(c.PValue))
        .Optional("q_value", c => Finite(c.QValue))
        .Value("drifted", c => c.Drifted)
        .Optional("ks", c => Measure(c, "ks"))
        .Optional("ks_bound", c => Measure(c, "ks_bound"))
        .Optional("wasserstein", c => Measure(c, "wasserstein"))
        .Optional("wasserstein_bound", c => Measure(c, "wasserstein_bound"))
        .Optional("wasserstein_normalized", c => Measure(c, "wasserstein_normalized"))
        .Optional("chi2", c => Measure(c, "chi2"))
        .Optional("cramers_v", c => Measure(c, "cramers_v"))
        .Optional("psi", c => Measure(c, "psi"))
        .Optional("jensen_shannon", c => Measure(c, "jensen_shannon"))
        .Value("reference_values", c => c.Reference.Values)
        .Value("current_values", c => c.Current.Values)
        .Optional("reference_mean", c => Finite(c.Reference.Numbers?.Mean))
        .Optional("current_mean", c => Finite(c.Current.Numbers?.Mean))
        .Value("reference_missing", c => c.Missing.Reference)
        .Value("current_missing", c => c.Missing.Current)
        .Value("missing_q_value", c => c.Missing.QValue)
        .Value("missing_drifted", c => c.Missing.Drifted);

    /// <summary>A line per value or bin that is shown of a column.</summary>
    public static Table<(string Column, ShareChange Share)> Shares { get; } = new Table<(string Column, ShareChange Share)>()
        .Text("column", s => s.Column)
        .Text("value", s => s.Share.Value)
        .Value("reference", s => s.Share.Reference)
        .Value("current", s => s.Share.Current)
        .Value("change", s => s.Share.Current - s.Share.Reference);

    public static IEnumerable<(string Column, ShareChange Share)> AllShares(DriftResult result)
        => result.Columns.SelectMany(c => c.Shares.Select(s => (c.Column, s)));

    private static double? Finite(double? value) => value is double v && double.IsFinite(v) ? v : null;

    private static double? Measure(ColumnDrift column, string name)
        => Finite(column.Measures.FirstOrDefault(m => m.Name == name).Value);
}
