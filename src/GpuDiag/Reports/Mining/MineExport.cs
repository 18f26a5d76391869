using GpuDiag.Analyses.Mining;

namespace GpuDiag.Reports.Mining;

/// <summary>The mined rows in the forms that people and tools take.</summary>
internal static class MineExport
{
    /// <summary>As <c>--export</c> names them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["parquet", "csv", "labelbox", "labelstudio"];

    public static string FileName(string name) => name switch { "csv" => "mined.csv", "labelbox" => "labelbox.json", "labelstudio" => "labelstudio.json", _ => "mined.parquet" };

    public static void Write(string name, Stream stream, MineResult result, CancellationToken cancel)
    {
        if (name == "labelbox")
        {
            LabelingExport.WriteLabelbox(stream, result);
            return;
        }
        if (name == "labelstudio")
        {
            LabelingExport.WriteLabelStudio(stream, result);
            return;
        }
        if (name == "csv")
        {
            CsvFile.Write(
                stream,
                result.Rows,
                ("id", r => r.Id),
                ("row", r => r.Row),
                ("rank", r => r.Rank),
                ("label", _ => null),
                ("pred", r => r.Pred),
                ("score", r => r.Score),
                ("cluster", r => r.Cluster),
                ("resembles", r => r.Resembles is { } c ? MineTables.Name(c) : null),
                ("distance", r => r.Distance),
                ("reason", MineTables.Reason));
            return;
        }
        MineTables.Rows.Write(stream, result.Rows, cancel);
    }
}
