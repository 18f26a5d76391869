using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports.Tables;
using GpuDiag.Tests.Analyses.Embeddings;
using GpuDiag.Tests.Analyses.Scan;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Gallery;

/// <summary>The gallery shows the worst rows of every group, whatever the cut of the data.</summary>
public sealed class GalleryScanTests : IDisposable
{
    private const int PerGroup = 5;

    private readonly TempFolder folder = new();
    private readonly ScanTable table = new(700, 5);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Gallery_ShowsTheWorstErrorsOfEachGroup()
    {
        ScanOptions options = new() { Inputs = [Whole()], Segments = ["weather", "night"], AllRows = true, Gallery = PerGroup };
        ScanOutcome outcome = Scan(options);
        RowResult[] errors = [.. outcome.Rows.Where(r => r.Correct == false)
            .OrderByDescending(r => r.Loss ?? double.NegativeInfinity).ThenByDescending(r => r.Confidence ?? double.NegativeInfinity).ThenBy(r => r.Row)];
        Dictionary<long, string?> weather = outcome.Gallery!.ToDictionary(r => r.Line.Row, r => r.Meta[outcome.Result.Gallery!.Meta.ToList().IndexOf("weather")]);

        Assert.Equal(errors.Take(PerGroup).Select(r => r.Row), Shown(outcome, "errors"));
        foreach (var cause in errors.GroupBy(r => r.Cause))
        {
            Assert.Equal(cause.Take(PerGroup).Select(r => r.Row), Shown(outcome, $"cause:{cause.Key}"));
        }

        foreach (Confusion pair in outcome.Result.Confusions)
        {
            Assert.Equal(errors.Where(r => r.Label == pair.Label && r.Pred == pair.Pred).Take(PerGroup).Select(r => r.Row), Shown(outcome, $"confusion:{pair.Label}→{pair.Pred}"));
        }

        foreach (SliceResult slice in outcome.Result.Slices!.Slices)
        {
            Assert.Equal(errors.Where(r => r.Slices?.Split("; ").Contains(slice.Text) == true).Take(PerGroup).Select(r => r.Row), Shown(outcome, $"slice:{slice.Text}"));
        }

        Assert.NotEmpty(Shown(outcome, "segment:weather=fog"));
        Assert.All(Shown(outcome, "segment:weather=fog"), row => Assert.Equal("fog", weather[row]));
        Assert.All(Shown(outcome, "segment:weather=null"), row => Assert.Null(weather[row]));
        Assert.Equal(
            outcome.Result.LabelIssues!.Rows.Take(PerGroup),
            Shown(outcome, "label_issues"));
        Assert.All(outcome.Gallery!, r => Assert.Equal("data", r.Source));
        Assert.All(outcome.Result.Gallery!.Groups, g => Assert.Equal(g.Rows, Shown(outcome, g.Group).Count()));
    }

    [Fact]
    public void Gallery_SaysOfARowWhatTheRowsTableSays()
    {
        ScanOutcome outcome = Scan(new ScanOptions { Inputs = [Whole()], Segments = ["weather"], AllRows = true, Gallery = PerGroup });
        Dictionary<long, RowResult> rows = outcome.Rows.ToDictionary(r => r.Row);
        // Which failing segments a row is in is said by its groups.
        Assert.All(outcome.Gallery!, r => Assert.Equal(rows[r.Line.Row] with { FailingSegments = null }, r.Line with { FailingSegments = null }));
    }

    [Theory]
    [InlineData(1, 64, 3, "cpu")]
    [InlineData(4, 33, 2, "cpu")]
    [InlineData(2, 100, 1, "simulator")]
    public void Gallery_HasTheSameBytesForEveryCutThreadCountAndDevice(int files, int group, int threads, string device)
    {
        string[] parts = [.. Enumerable.Range(0, files).Select(i => table.Write(folder[$"p{i}.parquet"], i * table.Count / files, (i + 1) * table.Count / files, group))];
        ScanOptions options = new() { Inputs = [Whole()], Segments = ["weather", "weather*night", "age"], Threads = 1, Device = "cpu", MaxRows = 20, Gallery = PerGroup };
        Assert.Equal(Bytes(Scan(options)), Bytes(Scan(options with { Inputs = parts, Threads = threads, Device = device })));
    }

    [Fact]
    public void Gallery_ShowsSuspectsAndWhatStandsBesideThem()
    {
        EmbeddingTable rows = EmbeddingTable.Random(200, 6, 9);
        for (int i = 0; i < 20; i++)
        {
            rows.Repeat(i * 3, i % 4 == 0 ? "c" : "a", "b");
        }

        EmbeddingTable train = EmbeddingTable.Random(50, 6, 10);
        train.CopyFrom(rows, 7, "d");
        ScanOptions options = new() { Inputs = [rows.Write(folder["rows.parquet"])], Train = [train.Write(folder["train.parquet"])], Neighbors = 4, AllRows = true, Gallery = 6 };
        ScanOutcome outcome = Scan(options);
        RowResult[] all = [.. outcome.Rows];

        // Pairs stand together, each of one set.
        long[] pairs = [.. Shown(outcome, "duplicates")];
        Assert.Equal(6, pairs.Length);
        long?[] sets = [.. pairs.Select(row => all[row].DuplicateSet)];
        Assert.DoesNotContain(null, sets);
        Assert.Equal(sets.Distinct().Count() - 1, sets.Zip(sets.Skip(1)).Count(s => s.First != s.Second));
        Assert.Contains(sets.CountBy(s => s!.Value), s => s.Value == 2);
        Assert.All(sets.CountBy(s => s!.Value), s => Assert.InRange(s.Value, 1, 2));
        Assert.Equal(all.Where(r => r.Leak == true).Select(r => r.Row).Take(6), Shown(outcome, "leaks"));

        // The training row that leaked stands beside, with a label that the data has.
        GalleryRow leaked = Assert.Single(outcome.Gallery!, r => r is { Source: "train", Line.Row: 50 });
        Assert.Equal(["train"], leaked.Groups);
        Assert.NotEmpty(Shown(outcome, "neighbors"));
        RowNeighbor[] nearest = [.. outcome.Neighbors!.Where(n => n.Source == "data" && n.Rank <= 3)];
        Assert.All(nearest.Where(n => Shown(outcome, "errors").Contains(n.QueryRow)), n => Assert.Contains(outcome.Gallery!, r => r.Source == "data" && r.Line.Row == n.NeighborRow));
    }

    [Fact]
    public void Gallery_IsTakenFromTheRowsShown_WhereCausesAreReadOffTheCounts()
    {
        string path = table.Write(folder["plain.parquet"], 0, table.Count, 100, probabilities: false);
        ScanOptions options = new() { Inputs = [path], Segments = ["weather"], Slices = new() { Top = 0 }, MaxRows = 40, CountedCauses = 10, Gallery = PerGroup };
        ScanOutcome outcome = Scan(options);
        Assert.Equal("rows", outcome.Result.Gallery!.ChosenFrom);
        HashSet<long> rows = [.. outcome.Rows.Select(r => r.Row)];
        Assert.Equal(PerGroup, Shown(outcome, "errors").Count());
        Assert.All(outcome.Gallery!, r => Assert.Contains(r.Line.Row, rows));
        Assert.All(outcome.Gallery!, r => Assert.Null(r.Line.Cause));
        Assert.DoesNotContain(outcome.Result.Gallery.Groups, g => g.Group.StartsWith("cause:", StringComparison.Ordinal));
        Assert.Equal("errors", Scan(options with { CountedCauses = 1000 }).Result.Gallery!.ChosenFrom);
    }

    [Fact]
    public void NoGallery_WhereNoneIsAskedFor()
    {
        ScanOutcome outcome = Scan(new ScanOptions { Inputs = [Whole()], Gallery = 0 });
        Assert.Null(outcome.Gallery);
        Assert.Null(outcome.Result.Gallery);
    }

    private static ScanOutcome Scan(ScanOptions options) => GpuDiag.Analyses.Scan.Scan.Run(options, null, default);

    private static IEnumerable<long> Shown(ScanOutcome outcome, string group) =>
        outcome.Gallery!.Where(r => r.Groups.Contains(group)).OrderBy(r => r.Ranks[r.Groups.ToList().IndexOf(group)]).Select(r => r.Line.Row);

    private static byte[] Bytes(ScanOutcome outcome)
    {
        using MemoryStream stream = new();
        GalleryTable.Of(outcome.Result.Gallery!.Meta).Write(stream, outcome.Gallery!, default);
        Assert.NotEmpty(outcome.Gallery!);
        return stream.ToArray();
    }

    private string Whole() => table.Write(folder["whole.parquet"], 0, table.Count, table.Count);
}
