using GpuDiag.Columns;

namespace GpuDiag.Analyses.Shards;

/// <summary>A dataset that a run opened, as its states know it.</summary>
internal sealed class RoundData
{
    private readonly Lazy<SortedDictionary<string, string>> about;

    /// <param name="role">What it is for, where the run has several, no role with the words that another begins with; else empty.</param>
    /// <param name="data">The data.</param>
    public RoundData(string role, Dataset data) => (Prefix, about) = (role.Length == 0 ? "" : role + " ", new(() => StateAbout.DataOf((role, data))));

    /// <param name="role">What it is for.</param>
    /// <param name="path">A file that stands for the data.</param>
    public RoundData(string role, string path) => (Prefix, about) = (role + " ", new(() => StateAbout.DataOf(role, path)));

    /// <summary>What the names of its properties begin with.</summary>
    public string Prefix { get; }

    /// <summary>Its properties by name; read when first asked for.</summary>
    public SortedDictionary<string, string> About => about.Value;

    /// <summary>The properties of several.</summary>
    public static SortedDictionary<string, string> Of(IEnumerable<RoundData> sets) => new(sets.SelectMany(s => s.About).ToDictionary(), StringComparer.Ordinal);
}
