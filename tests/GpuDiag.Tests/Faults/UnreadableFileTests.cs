using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Reports;
using GpuDiag.Tests.Cli;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Faults;

public sealed class UnreadableFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Skipped_FilesLeaveTheResultOfTheOthers()
    {
        Directory.CreateDirectory(folder["all"]);
        Directory.CreateDirectory(folder["good"]);
        for (int i = 0; i < 40; i++)
        {
            PredictionFile.Write(folder["all"], $"{i:00}.parquet", 60 + i);
            if (i is not (3 or 17 or 31 or 32))
                File.Copy(folder[$"all/{i:00}.parquet"], folder[$"good/{i:00}.parquet"]);
        }
        Damage(folder["all/03.parquet"], bytes => bytes[..(bytes.Length / 2)]);
        Damage(folder["all/17.parquet"], bytes => []);
        // A page that is no page: found only when rows are read.
        Damage(folder["all/31.parquet"], bytes => [.. bytes[..4], .. new byte[60], .. bytes[64..]]);
        Damage(folder["all/32.parquet"], bytes => [.. bytes[..4], .. new byte[60], .. bytes[64..]]);

        Assert.Contains("parquet", Assert.Throws<InputException>(() => Summary("all", false, out _)).Message, StringComparison.Ordinal);
        string whole = Summary("good", false, out _), skipped = Summary("all", true, out var left);
        Assert.Equal(["03", "17", "31", "32"], left.Select(s => Path.GetFileNameWithoutExtension(s.Path)).Order());
        Assert.All(left, s => Assert.False(string.IsNullOrWhiteSpace(s.Reason)));
        Assert.Equal(whole, skipped);
    }

    [Fact]
    public void Skipped_AllFilesIsAnError()
    {
        PredictionFile.Write(folder.Root, "a.parquet");
        Damage(folder["a.parquet"], bytes => [.. bytes[..4], .. new byte[60], .. bytes[64..]]);
        Assert.Contains("a.parquet", Assert.Throws<InputException>(() => Scan.Run(new ScanOptions { Inputs = [folder["a.parquet"]], SkipUnreadable = true }, null, default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ChangedFile_IsTold()
    {
        string path = PredictionFile.Write(folder.Root, "a.parquet");
        using var data = Dataset.Open([path]);
        data.CheckUnchanged();
        File.AppendAllText(path, "more");
        var fault = Assert.Throws<InputException>(data.CheckUnchanged);
        Assert.Contains("changed while it was read", fault.Message, StringComparison.Ordinal);
        Assert.Equal(path, fault.File);
    }

    [Fact]
    public void ReplacedFile_IsToldEvenWithTheSameSizeAndTime()
    {
        if (!OperatingSystem.IsLinux())
            return;
        string path = PredictionFile.Write(folder.Root, "a.parquet");
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        using var data = Dataset.Open([path]);
        File.Copy(path, folder["b"]);
        File.SetLastWriteTimeUtc(folder["b"], File.GetLastWriteTimeUtc(path));
        Assert.Equal(FileStamp.Of(path).Modified, FileStamp.Of(folder["b"]).Modified);
        File.Move(folder["b"], path, overwrite: true);
        Assert.Throws<InputException>(data.CheckUnchanged);
    }

    [Theory]
    [InlineData("npy")]
    [InlineData("arrow")]
    public void MappedFileCutShorterBetweenBatches_IsTold(string kind)
    {
        // Beyond its end a mapped file's memory is no more there: touching it would end the process.
        const int Rows = 200_000;
        string path = folder[$"v.{kind}"];
        if (kind == "npy")
            NpyTests.Write(path, "<f4", $"({Rows},)", new float[Rows]);
        else
            ArrowFiles.Write(path, "file", [("v", ArrowFiles.Floats(new float?[Rows]))]);
        using var data = Dataset.Open([path]);
        ColumnRequest[] requests = [new(data.Fields[0].Name, ColumnForm.Numbers)];
        using DatasetReader reader = data.Open(requests);
        using Batch batch = new(requests, 1000);
        reader.Start(0);
        Assert.Equal(1000, reader.Read(batch));
        using (FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(file.Length / 3);
        InputException fault = Assert.Throws<InputException>(() => reader.Read(batch));
        Assert.Contains("cut shorter while it was read", fault.Message, StringComparison.Ordinal);
        Assert.Equal(path, fault.File);
    }

    private static void Damage(string path, Func<byte[], byte[]> change) => File.WriteAllBytes(path, change(File.ReadAllBytes(path)));

    private string Summary(string name, bool skip, out IReadOnlyList<SkippedFile> skipped)
    {
        var outcome = Scan.Run(new ScanOptions { Inputs = [folder[name]], SkipUnreadable = skip, Threads = 3, Device = "cpu" }, null, default);
        Assert.NotEmpty(outcome.Rows);
        skipped = outcome.Run.Skipped;
        using var stream = new MemoryStream();
        SummaryJson.Write(stream, outcome.Result);
        // The files' own names stand in the check of files.
        return System.Text.Encoding.UTF8.GetString(stream.ToArray()).Replace(folder[name], "", StringComparison.Ordinal);
    }
}
