using GpuDiag.Analyses.Compare;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Tests.Columns;
using StbImageWriteSharp;

namespace GpuDiag.Tests.Analyses.Compare;

/// <summary>Rows that flipped carry their pictures.</summary>
public sealed class FlipPicturesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Flips_CarryTheirPictures()
    {
        using MemoryStream stream = new();
        new ImageWriter().WritePng(new byte[8 * 8 * 3], 8, 8, ColorComponents.RedGreenBlue, stream);
        byte[] png = stream.ToArray();
        int[] rows = [.. Enumerable.Range(0, 40)];
        string before = CompareFile.Write(
            folder["before.parquet"],
            7,
            ("id", rows),
            ("label", rows.Select(_ => "a").ToArray()),
            ("pred", rows.Select(r => r % 4 == 1 ? "b" : "a").ToArray()),
            ("image", rows.Select(r => r == 2 ? [1, 2, 3] : r == 5 ? null : png).ToArray()));
        string after = CompareFile.Write(folder["after.parquet"], 9, ("id", rows), ("pred", rows.Select(r => r is 2 or 6 or 9 ? "b" : "a").ToArray()));
        CompareOutcome outcome = Run(new CompareOptions { Before = new ScanOptions { Inputs = [before], Device = "cpu", Threads = 2 }, After = [after], Scratch = folder.Root });

        Assert.Equal(12, outcome.Flips.Count);
        Assert.Equal("broken", Flip(2).ImageType);
        Assert.Null(Flip(2).Image);
        Assert.Equal((null, null), (Flip(5).ImageType, Flip(5).Image));
        Assert.Equal([FlipKind.Broken, FlipKind.StillWrong, FlipKind.Fixed], ((int[])[6, 9, 13]).Select(r => Flip(r).Kind));
        Assert.All(outcome.Flips.Where(f => f.Row is not (2 or 5)), f => Assert.True(f.ImageType!.StartsWith("image/", StringComparison.Ordinal) && f.Image!.Length > 0));
        Assert.Contains(outcome.Run.Roles, r => r is { Role: "image", Column: "image" });

        FlipRow Flip(int row) => outcome.Flips.Single(f => f.Row == row);
    }

    private static CompareOutcome Run(CompareOptions options) => Comparison.Run(options, null, default);
}
