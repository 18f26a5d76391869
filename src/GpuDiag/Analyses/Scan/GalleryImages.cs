using GpuDiag.Analyses.Gallery;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// Reads the pictures of the gallery's rows, in the order of choice, as far as there is room: by blocks of rows, so that no more
/// than a block is read in vain. A picture that cannot be read or decoded, or that lies outside the folder of the data file that names
/// it, is broken, and the scan goes on.
/// </summary>
internal sealed class GalleryImages
{
    /// <summary>Bytes of all thumbnails at most, and pixels decoded, after which no other block is read.</summary>
    public const long MostBytes = 2_500_000, MostPixels = 1L << 28;

    private const int Block = 128;

    private readonly GalleryChoice choice;
    private readonly GalleryRow[] rows;
    private readonly int threads;
    private readonly CancellationToken cancel;
    private long bytes, pixels;
    private int shown, broken, leftOut;

    private GalleryImages(GalleryChoice choice, IReadOnlyList<GalleryRow> rows, int threads, CancellationToken cancel)
    {
        this.choice = choice;
        this.rows = [.. rows];
        this.threads = threads;
        this.cancel = cancel;
    }

    /// <param name="choice">The rows.</param>
    /// <param name="rows">What was read of them.</param>
    /// <param name="data">The data, and its column of images.</param>
    /// <param name="train">The training set likewise; null without one.</param>
    /// <param name="threads">Threads that may work.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <returns>The rows with their pictures; and how many there are, null without a column of images.</returns>
    public static (IReadOnlyList<GalleryRow> Rows, GalleryImagesResult? Images) Add(
        GalleryChoice choice, IReadOnlyList<GalleryRow> rows, (Dataset Data, Field? Image) data, (Dataset Data, Field? Image)? train, int threads, CancellationToken cancel)
    {
        if (data.Image is not { } column)
        {
            return (rows, null);
        }

        GalleryImages images = new(choice, rows, threads, cancel);
        for (int first = 0; first < rows.Count; first += Block)
        {
            int count = Math.Min(Block, rows.Count - first);
            if (images.bytes >= MostBytes || images.pixels >= MostPixels)
            {
                images.leftOut += count;
                continue;
            }

            Picture?[] found = new Picture?[count];
            images.Read(first, false, data.Data, column, found);
            if (train is { Image: { } other } set)
            {
                images.Read(first, true, set.Data, other, found);
            }

            images.Take(first, found);
        }

        return (images.rows, new GalleryImagesResult(column.Name, images.shown, images.broken, images.leftOut, images.bytes));
    }

    private void Read(int first, bool isTrain, Dataset data, Field column, Picture?[] found)
    {
        int[] places = [.. Enumerable.Range(0, found.Length).Where(i => choice.Picks[first + i].IsTrain == isTrain).OrderBy(i => choice.Picks[first + i].Row.Row)];
        RowPictures.Read(data, column, [.. places.Select(p => choice.Picks[first + p].Row.Row)], threads, (at, picture) => found[places[at]] = picture, cancel);
    }

    private void Take(int first, Picture?[] found)
    {
        for (int i = 0; i < found.Length; i++)
        {
            if (found[i] is not { } picture)
            {
                continue;
            }

            ref GalleryRow row = ref rows[first + i];
            if (picture.Thumbnail is not { } thumbnail)
            {
                row = row with { ImageType = Picture.Broken };
                broken++;
                continue;
            }

            pixels += thumbnail.Pixels;
            if (bytes + thumbnail.Bytes.Length > MostBytes)
            {
                leftOut++;
                continue;
            }

            bytes += thumbnail.Bytes.Length;
            shown++;
            row = row with { Image = thumbnail.Bytes, ImageType = thumbnail.Type };
        }
    }
}
