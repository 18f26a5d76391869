using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>The section <c>gallery</c> of summary.json: what gallery.parquet shows, and how it was chosen; null without one.</summary>
internal static class GalleryJson
{
    public static void Write(Json json, GalleryResult? gallery)
    {
        var w = json.Tall;
        if (gallery is null)
        {
            w.WriteNull("gallery");
            return;
        }
        w.WriteStartObject("gallery");
        w.WriteNumber("per_group", gallery.PerGroup);
        w.WriteString("chosen_from", gallery.ChosenFrom);
        w.WriteNumber("cases", gallery.Cases);
        w.WriteNumber("beside", gallery.Beside);
        w.WriteStartArray("groups");
        foreach (var group in gallery.Groups)
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteString("group", group.Group);
                line.WriteNumber("rows", group.Rows);
                line.WriteString("order", group.Order);
                line.WriteEndObject();
            });
        }
        w.WriteEndArray();
        json.Line("meta", line =>
        {
            line.WriteStartArray();
            foreach (string column in gallery.Meta)
                line.WriteStringValue(column);
            line.WriteEndArray();
        });
        w.WriteNumber("meta_left_out", gallery.MetaLeftOut);
        WriteImages(json, gallery.Images);
        w.WriteEndObject();
    }

    private static void WriteImages(Json json, GalleryImagesResult? images)
    {
        if (images is null)
        {
            json.Tall.WriteNull("images");
            return;
        }
        json.Line("images", line =>
        {
            line.WriteStartObject();
            line.WriteString("column", images.Column);
            line.WriteNumber("shown", images.Shown);
            line.WriteNumber("broken", images.Broken);
            line.WriteNumber("left_out", images.LeftOut);
            line.WriteNumber("bytes", images.Bytes);
            line.WriteEndObject();
        });
    }
}
