using System.Collections.Concurrent;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Mining;

/// <summary>What a labeller sees of a row: one of these.</summary>
/// <param name="Text">A text.</param>
/// <param name="Location">Path or address of an image.</param>
/// <param name="Bytes">An image file's bytes.</param>
public sealed record RowContent(string? Text, string? Location, byte[]? Bytes);

/// <summary>The images or texts of a few rows.</summary>
internal static class RowContents
{
    private static readonly FieldType[] Images = [FieldType.Binary, FieldType.Image, FieldType.String];

    /// <summary>Reads the column once: of texts where one is named, else of images, else of texts.</summary>
    /// <exception cref="InputException">A column asked for is missing, or of another kind.</exception>
    public static IReadOnlyDictionary<long, RowContent> Read(Dataset data, MineOptions options, IReadOnlyList<long> rows, Pipeline pipeline)
    {
        Field? image = Find(data, options.Image, RoleNames.Image, Images, "image"), text = Find(data, options.Text, RoleNames.Text, [FieldType.String], "text");
        if (text is not null && (options.Text is not null || image is null))
        {
            return SomeTexts.Read(text, rows, pipeline).ToDictionary(t => t.Key, t => new RowContent(t.Value, null, null));
        }

        ConcurrentDictionary<long, RowContent> found = [];
        long[] sorted = [.. rows.Order()];
        if (image is not null && sorted.Length > 0)
        {
            pipeline.Run([new ColumnRequest(image.Name, ColumnForm.Image)], () => new Worker(sorted, found), 1 << 14);
        }

        return found;
    }

    private static Field? Find(Dataset data, string? option, string[] names, FieldType[] types, string role)
    {
        if (option is null)
        {
            return names.Select(n => data.Fields.FirstOrDefault(f => string.Equals(f.Name, n, StringComparison.OrdinalIgnoreCase) && types.Contains(f.Type))).FirstOrDefault(f => f is not null);
        }

        Field? named = data.Fields.FirstOrDefault(f => f.Name == option);
        return named is not null && types.Contains(named.Type) ? named : throw new InputException(
            named is null ? $"there is no such column (asked for by --{role})" : $"is {named.Declared}, which cannot be the {role}", data.Files[0].Path, option, $"The columns are: {string.Join(", ", data.Fields.Select(f => f.Name))}.");
    }

    private sealed class Worker(long[] sorted, ConcurrentDictionary<long, RowContent> found) : IBatchWorker
    {
        public void Accept(Batch batch)
        {
            ImageColumn images = (ImageColumn)batch.Columns[0];
            int at = Array.BinarySearch(sorted, batch.FirstRow);
            for (at = at < 0 ? ~at : at; at < sorted.Length && sorted[at] < batch.FirstRow + batch.Rows; at++)
            {
                int row = (int)(sorted[at] - batch.FirstRow);
                if (images.Bytes[row] is not null || images.Paths[row] is not null)
                {
                    found[sorted[at]] = images.Bytes[row] is { } bytes ? new RowContent(null, null, bytes) : new RowContent(null, images.Paths[row], null);
                }
            }
        }

        public void Finish()
        {
        }

        public void Dispose()
        {
        }
    }
}
