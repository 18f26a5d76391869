using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.Tables;

/// <summary>The table of the map: one line per row that has coordinates, or of those chosen by key.</summary>
internal static class MapTable
{
    /// <summary>Columns of metadata follow the others, as text, under <c>meta.</c> and their names.</summary>
    public static Table<MapRow> Of(IReadOnlyList<string> meta)
    {
        var table = new Table<MapRow>()
            .Value("row", r => r.Line.Row)
            .Text("id", r => r.Line.Id)
            .Optional("x", r => r.Line.X)
            .Optional("y", r => r.Line.Y)
            .Text("label", r => r.Line.Label)
            .Text("pred", r => r.Line.Pred)
            .Optional("correct", r => r.Line.Correct)
            .Optional("confidence", r => r.Line.Confidence)
            .Text("cause", r => r.Line.Cause)
            .Optional("cluster", r => r.Line.Cluster)
            .Text("split", r => r.Line.Split)
            .Optional("loss", r => r.Line.Loss);
        for (int column = 0; column < meta.Count; column++)
        {
            int place = column;
            table.Text("meta." + meta[column], r => r.Meta[place]);
        }
        return table;
    }
}
