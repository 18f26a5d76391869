namespace GpuDiag.Analyses.Results;

/// <summary>The rows that the gallery shows, and how they were chosen (docs/gallery.md).</summary>
public sealed record GalleryResult
{
    /// <summary>Rows of a group at most.</summary>
    public required int PerGroup { get; init; }

    /// <summary>"errors": of every mispredicted row; "rows": of those in the rows table alone, where causes were read off the counts.</summary>
    public required string ChosenFrom { get; init; }

    /// <summary>Rows shown as cases.</summary>
    public required int Cases { get; init; }

    /// <summary>Rows shown beside a case: its neighbours and duplicates, of the data and of the training set.</summary>
    public required int Beside { get; init; }

    /// <summary>With the rows that each shows, in order.</summary>
    public required IReadOnlyList<GalleryGroupResult> Groups { get; init; }

    /// <summary>The columns of metadata that rows carry.</summary>
    public required IReadOnlyList<string> Meta { get; init; }

    /// <summary>Columns of metadata that are left out, as there are too many.</summary>
    public required int MetaLeftOut { get; init; }

    /// <summary>Null without a column of images.</summary>
    public GalleryImagesResult? Images { get; init; }
}

/// <summary>The pictures of the gallery.</summary>
/// <param name="Column">Of images.</param>
/// <param name="Shown">Rows with a thumbnail.</param>
/// <param name="Broken">Rows whose picture cannot be read, decoded, or may not be opened.</param>
/// <param name="LeftOut">Rows whose picture found no room, or was not looked for as there was none left.</param>
/// <param name="Bytes">Of all thumbnails.</param>
public sealed record GalleryImagesResult(string Column, int Shown, int Broken, int LeftOut, long Bytes);

/// <summary>A group of the gallery.</summary>
/// <param name="Group">Its name, as in the table.</param>
/// <param name="Order">What its rows are ordered by, in words.</param>
public sealed record GalleryGroupResult(string Group, int Rows, string Order);

/// <summary>One line of the gallery.</summary>
/// <param name="Source">"data" or "train".</param>
/// <param name="Groups">Names of the groups that show the row, in their order.</param>
/// <param name="Ranks">Its place in each of these groups, from 1.</param>
/// <param name="Line">What is known of the row; of a row of the training set, its number, id and label.</param>
/// <param name="Meta">Its metadata as text, by column.</param>
public sealed record GalleryRow(string Source, IReadOnlyList<string> Groups, IReadOnlyList<int> Ranks, RowResult Line, IReadOnlyList<string?> Meta)
{
    /// <summary>Of a text; cut where it is long.</summary>
    public string? Text { get; init; }

    /// <summary>A small picture, as a PNG or JPEG file; null where there is none to show.</summary>
    public byte[]? Image { get; init; }

    /// <summary>The picture's media type; "broken" where the row's picture is none; null where it has none, or is not shown.</summary>
    public string? ImageType { get; init; }
}
