using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// Adds pictures to the rows that flipped: of each kind the first, the kinds in turn, as far as there is room. They are read by blocks, so that no more
/// than a block is read in vain.
/// </summary>
internal static class FlipPictures
{
    /// <summary>Rows of a kind whose pictures are read at most, and rows of a block.</summary>
    private const int MostOfKind = 200, Block = 60;

    /// <param name="flips">The rows, those of a kind in their order.</param>
    /// <param name="before">BEFORE, with its column of images, if it has one.</param>
    /// <param name="threads">Threads that may read.</param>
    /// <param name="cancel">Stops reading.</param>
    public static void Add(FlipRow[] flips, CompareSide before, int threads, CancellationToken cancel)
    {
        if (before.Roles.Image is not { } column)
        {
            return;
        }

        int[] order = [.. Enumerable.Range(0, flips.Length)
            .GroupBy(i => flips[i].Kind)
            .SelectMany(kind => kind.Take(MostOfKind).Select((place, rank) => (place, rank)))
            .OrderBy(p => p.rank)
            .ThenBy(p => p.place)
            .Select(p => p.place)];
        long bytes = 0, pixels = 0;
        for (int first = 0; first < order.Length && bytes < GalleryImages.MostBytes && pixels < GalleryImages.MostPixels; first += Block)
        {
            int[] block = order[first..Math.Min(order.Length, first + Block)], byRow = [.. block.OrderBy(place => flips[place].Row)];
            Dictionary<int, Picture> found = [];
            RowPictures.Read(before.Data, column, [.. byRow.Select(place => flips[place].Row)], threads, (at, picture) =>
            {
                lock (found)
                {
                    if (picture is not null)
                    {
                        found.Add(byRow[at], picture);
                    }
                }
            }, cancel);
            foreach (int place in block)
            {
                if (!found.TryGetValue(place, out Picture? picture))
                {
                    continue;
                }

                if (picture.Thumbnail is not { } thumbnail)
                {
                    flips[place] = flips[place] with { ImageType = Picture.Broken };
                    continue;
                }

                pixels += thumbnail.Pixels;
                if (bytes + thumbnail.Bytes.Length <= GalleryImages.MostBytes)
                {
                    bytes += thumbnail.Bytes.Length;
                    flips[place] = flips[place] with { Image = thumbnail.Bytes, ImageType = thumbnail.Type };
                }
            }
        }
    }
}
