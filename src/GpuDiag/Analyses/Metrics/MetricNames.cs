using System.Collections.Frozen;

namespace GpuDiag.Analyses.Metrics;

/// <summary>The metrics of a result: names in their order, the same for all rows and for every segment.</summary>
internal sealed class MetricNames
{
    private readonly FrozenDictionary<string, int> positions;

    /// <param name="binary">There is a positive class.</param>
    /// <param name="confidence">Confidences were counted.</param>
    /// <param name="topK">k of top-k accuracy, or null without probabilities.</param>
    /// <param name="ranked">Scores were ranked.</param>
    public MetricNames(bool binary, bool confidence, int? topK, bool ranked)
    {
        IEnumerable<string> names =
        [
            "accuracy", "balanced_accuracy", "precision_macro", "recall_macro", "f1_macro", "precision_weighted",
            "recall_weighted", "f1_weighted", "cohen_kappa", "matthews_corrcoef",
            .. Where(topK is not null, "log_loss", "brier"),
            .. Where(confidence, "ece", "mce"),
            .. Where(topK is not null, $"top_{topK}_accuracy"),
            .. Where(ranked, "roc_auc_macro", "average_precision_macro"),
            .. Where(binary && ranked, "roc_auc", "average_precision"),
            .. Where(binary, "precision", "recall", "f1", "specificity"),
        ];
        Names = [.. names];
        HasBounds = ranked;
        TopK = $"top_{topK}_accuracy";
        positions = Names.Select((name, i) => (name, i)).ToFrozenDictionary(p => p.name, p => p.i, StringComparer.Ordinal);
    }

    public string[] Names { get; }

    /// <summary>Some metrics may be known within a bound only.</summary>
    public bool HasBounds { get; }

    /// <summary>The name of top-k accuracy.</summary>
    public string TopK { get; }

    /// <summary>The position of a name, or −1.</summary>
    public int this[string name] => positions.GetValueOrDefault(name, -1);

    private static string[] Where(bool condition, params string[] names) => condition ? names : [];
}
