using GpuDiag.Columns;
using GpuDiag.Columns.Images;

namespace GpuDiag.Analyses.Scan;

/// <summary>A row's picture.</summary>
/// <param name="Thumbnail">Null where it cannot be read or decoded, or lies outside the folder of the data file that names it.</param>
internal sealed record Picture(Thumbnail? Thumbnail)
{
    /// <summary>The type of what is no picture.</summary>
    public const string Broken = "broken";
}

/// <summary>Reads the pictures of some rows.</summary>
internal static class RowPictures
{
    /// <summary>Hands over each row's picture once, from any thread; null for a row without one.</summary>
    /// <param name="data">The data.</param>
    /// <param name="column">Its column of images.</param>
    /// <param name="rows">Row numbers, ascending, each once.</param>
    /// <param name="threads">Threads that may read.</param>
    /// <param name="take">Receives the row's place in <paramref name="rows"/>, and its picture.</param>
    /// <param name="cancel">Stops reading.</param>
    public static void Read(Dataset data, Field column, long[] rows, int threads, Action<int, Picture?> take, CancellationToken cancel) =>
        // Small batches: what is not wanted of a batch is in memory too.
        ChosenRows.Read(data, [new ColumnRequest(column.Name, ColumnForm.Image)], rows, 8, threads, (at, batch, row) =>
        {
            ImageColumn images = (ImageColumn)batch.Columns[0];
            take(at, Decode(images.Bytes[row], images.Paths[row], () => Folder(data, batch.FirstRow + row)));
        }, cancel);

    private static string? Folder(Dataset data, long row) => data.Files.Last(f => f.FirstRow <= row).Folder;

    private static Picture? Decode(byte[]? content, string? path, Func<string?> folder)
    {
        if (content is not { Length: > 0 } && path is null)
        {
            return null;
        }

        try
        {
            return new Picture(Thumbnail.Of(content is { Length: > 0 } ? content : new ImageFolder(folder()).Read(path!)));
        }
        catch (InvalidDataException)
        {
            return new Picture(null);
        }
    }
}
