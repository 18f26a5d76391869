using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.Tables;

/// <summary>The table of the gallery: one line per row shown, in the order of choice.</summary>
internal static class GalleryTable
{
    /// <summary>Columns of metadata follow the others, as text, under <c>meta.</c> and their names.</summary>
    public static Table<GalleryRow> Of(IReadOnlyList<string> meta)
    {
        var table = new Table<GalleryRow>()
            .Value("row", r => r.Line.Row)
            .Text("source", r => r.Source)
            .Text("groups", r => string.Join('\n', r.Groups))
            .Text("ranks", r => string.Join('\n', r.Ranks))
            .Bytes("image", r => r.Image)
            .Text("image_type", r => r.ImageType)
            .Text("text", r => r.Text)
            .Text("label", r => r.Line.Label)
            .Text("pred", r => r.Line.Pred)
            .Optional("confidence", r => r.Line.Confidence)
            .Optional("correct", r => r.Line.Correct)
            .Text("split", r => r.Line.Split)
            .Text("id", r => r.Line.Id)
            .Optional("duplicate_set", r => r.Line.DuplicateSet)
            .Optional("loss", r => r.Line.Loss)
            .Text("cause", r => r.Line.Cause)
            .Text("evidence", r => r.Line.Evidence)
            .Optional("label_issue", r => r.Line.LabelIssue)
            .Optional("label_quality", r => r.Line.LabelQuality)
            .Text("suggested_label", r => r.Line.SuggestedLabel)
            .Optional("outlier", r => r.Line.Outlier)
            .Optional("outlier_score", r => r.Line.OutlierScore)
            .Optional("leak", r => r.Line.Leak)
            .Optional("label_agreement", r => r.Line.LabelAgreement)
            .Optional("cluster", r => r.Line.Cluster)
            .Optional("x", r => r.Line.X)
            .Optional("y", r => r.Line.Y)
            .Text("slices", r => r.Line.Slices);
        for (int column = 0; column < meta.Count; column++)
        {
            int place = column;
            table.Text("meta." + meta[column], r => r.Meta[place]);
        }
        return table;
    }
}
