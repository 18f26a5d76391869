using System.Text.Json;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;

namespace GpuDiag.Reports.Explain;

/// <summary>A scan as an explanation needs it: its summary, the row, and the row's neighbours.</summary>
/// <param name="Summary">summary.json.</param>
/// <param name="Row">As in rows.parquet.</param>
/// <param name="Neighbors">As in neighbors.parquet; empty without an embedding.</param>
public sealed record ScanView(JsonElement Summary, RowResult Row, IReadOnlyList<RowNeighbor> Neighbors)
{
    /// <summary>Of a scan that has just been made and shows the row.</summary>
    public static ScanView Of(ScanOutcome outcome, long row)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        using var stream = new MemoryStream();
        SummaryJson.Write(stream, outcome.Result);
        using var document = JsonDocument.Parse(stream.GetBuffer().AsMemory(0, (int)stream.Length));
        RowResult result = outcome.Rows.ToArray().Single(r => r.Row == row);
        return new ScanView(document.RootElement.Clone(), result, [.. (outcome.Neighbors ?? []).Where(n => n.QueryRow == row)]);
    }
}
