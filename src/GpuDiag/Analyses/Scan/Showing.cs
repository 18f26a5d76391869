using GpuDiag.Analyses.Gallery;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>The rows that a scan shows beside the rows table, once it is known why errors are errors.</summary>
/// <param name="Gallery">Null where none is asked for.</param>
/// <param name="About">How the gallery was chosen; null without one.</param>
/// <param name="Map">Null without coordinates.</param>
/// <param name="Neighbors">Of the rows of the rows table and of the gallery's cases; null without an embedding.</param>
internal sealed record Showing(
    IReadOnlyList<GalleryRow>? Gallery, GalleryResult? About, MapRowSet? Map, IReadOnlyList<RowNeighbor>? Neighbors)
{
    /// <param name="data">The data, and its columns.</param>
    /// <param name="train">The training set; null for none.</param>
    /// <param name="gallery">Chooses the gallery's rows; null for none.</param>
    /// <param name="causes">Of errors.</param>
    /// <param name="kept">The rows of the rows table.</param>
    /// <param name="neighbors">Null without an embedding.</param>
    /// <param name="mapped">Rows of the map's table; empty for none.</param>
    /// <param name="lines">Says what is known of a row.</param>
    /// <param name="options">The scan's.</param>
    /// <param name="threads">Threads that may read.</param>
    /// <param name="clock">Times the stages.</param>
    /// <param name="cancel">Stops reading.</param>
    public static Showing Read(
        (Dataset Data, ScanColumns Columns) data,
        (TrainSet Set, int[] Labels)? train,
        GalleryStage? gallery,
        CauseStage causes,
        TopRows kept,
        NeighborStage? neighbors,
        long[] mapped,
        RowLines lines,
        ScanOptions options,
        int threads,
        StageClock clock,
        CancellationToken cancel)
    {
        Roles roles = data.Columns.Roles;
        TrainSet? set = train?.Set;
        int[] labels = train?.Labels ?? [];
        IReadOnlyList<GalleryRow>? shown = null;
        GalleryResult? about = null;
        GalleryChoice? choice = gallery?.Choose(causes, kept, labels);
        if (choice is not null)
        {
            MetaColumns meta = MetaColumns.Of(data.Data.Fields, roles);
            IReadOnlyList<GalleryRow> read = clock.Time("gallery", () => GalleryReader.Read(choice, meta, (data.Data, roles), set, lines, threads, cancel));
            (shown, GalleryImagesResult? images) = clock.Time("gallery images", () => GalleryImages.Add(
                choice, read, (data.Data, roles.Image), set is null ? null : (set.Data, set.Roles.Image), threads, cancel));
            about = new GalleryResult
            {
                PerGroup = options.Gallery,
                ChosenFrom = causes.Read ? "errors" : "rows",
                Cases = choice.Cases,
                Beside = choice.Picks.Count - choice.Cases,
                Groups = [.. choice.Groups.Select((g, i) => new GalleryGroupResult(g.Name, choice.Sizes[i], g.Order)).Where(g => g.Rows > 0)],
                Meta = [.. meta.Fields.Select(f => f.Name)],
                MetaLeftOut = meta.LeftOut,
                Images = images,
            };
        }

        MapRowSet? map = mapped.Length == 0 ? null : clock.Time("map rows", () =>
            MapStage.Read(mapped, data.Data, data.Columns, neighbors!.Rows.Facts, lines, threads, cancel));
        IEnumerable<long> cases = choice is null ? [] : choice.Picks.Take(choice.Cases).Select(p => p.Row.Row);
        IReadOnlyList<RowNeighbor>? table = neighbors is null ? null : clock.Time("neighbor ids", () =>
            NeighborTable.Of([.. kept.Finish().Select(r => r.Row).Concat(cases).Distinct().Order()], neighbors, (data.Data, roles.Id), set, labels, cancel));
        return new Showing(shown, about, map, table);
    }
}
