using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>Opens what the options name, <c>.npy</c> files beside the data included.</summary>
internal static class DatasetOpening
{
    public static Dataset Open(ScanOptions options)
    {
        Dataset data = Dataset.Open(options.Inputs, options.SkipUnreadable);
        try
        {
            foreach (string sidecar in Sidecars(options))
            {
                data.Attach(sidecar, ColumnName(sidecar));
            }

            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>The options with the columns that stand for the <c>.npy</c> files.</summary>
    public static ScanOptions ColumnOptions(ScanOptions options) => options with
    {
        Probs = [.. options.Probs.Select(p => IsNpy(p) ? ColumnName(p) : p)],
        Embedding = options.Embedding is { } e && IsNpy(e) ? ColumnName(e) : options.Embedding,
    };

    private static IEnumerable<string> Sidecars(ScanOptions options) =>
        options.Probs.Append(options.Embedding ?? "").Where(IsNpy).Distinct();

    private static bool IsNpy(string name) => name.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);

    private static string ColumnName(string path) => Path.GetFileName(path);
}
