using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>Opens what the options name, <c>.npy</c> files beside the data included.</summary>
internal static class DatasetOpening
{
    public static Dataset Open(ScanOptions options, Quarantine? quarantine) =>
        Open(options.Inputs, options.Probs.Append(options.Embedding ?? "").Where(IsNpy).Distinct(), options.SkipUnreadable, quarantine);

    /// <summary>The training set. <c>.npy</c> files of the data have the data's rows, so they do not stand beside it.</summary>
    public static Dataset OpenTrain(ScanOptions options, Quarantine? quarantine) =>
        Open(options.Train, options.TrainEmbedding is { } e && IsNpy(e) ? [e] : [], options.SkipUnreadable, quarantine);

    /// <summary>The options with the columns that stand for the <c>.npy</c> files.</summary>
    public static ScanOptions ColumnOptions(ScanOptions options) => options with
    {
        Probs = [.. options.Probs.Select(Column)],
        Embedding = options.Embedding is { } e ? Column(e) : null,
        TrainEmbedding = options.TrainEmbedding is { } t ? Column(t) : null,
    };

    private static Dataset Open(IReadOnlyList<string> inputs, IEnumerable<string> sidecars, bool skipUnreadable, Quarantine? quarantine)
    {
        Dataset data = Dataset.Open(inputs, skipUnreadable, quarantine);
        try
        {
            foreach (string sidecar in sidecars)
            {
                data.Attach(sidecar, Column(sidecar));
            }

            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private static bool IsNpy(string name) => name.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);

    private static string Column(string name) => IsNpy(name) ? Path.GetFileName(name) : name;
}
