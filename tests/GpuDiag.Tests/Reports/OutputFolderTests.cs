using GpuDiag.Reports;

namespace GpuDiag.Tests.Reports;

public sealed class OutputFolderTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("gpudiag-test-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Commit_PutsEveryFileInPlaceAndLeavesNothingElse()
    {
        string path = Path.Combine(root, "new", "deeper");
        using (var folder = new OutputFolder(path))
        {
            folder.Write("a.txt", stream => stream.Write("one"u8));
            folder.Write("b.txt", stream => stream.Write("two"u8));
            Assert.Empty(Directory.GetFiles(path, "*.txt"));
            folder.Commit();
        }
        Assert.Equal(["a.txt", "b.txt"], Directory.GetFiles(path).Select(Path.GetFileName).Order());
        Assert.Equal("one", File.ReadAllText(Path.Combine(path, "a.txt")));
    }

    [Fact]
    public void Commit_TakesAwayWhatAnEarlierRunLeft()
    {
        File.WriteAllText(Path.Combine(root, "old.txt"), "earlier");
        using (var kept = new OutputFolder(root))
            kept.Remove("old.txt");
        Assert.True(File.Exists(Path.Combine(root, "old.txt")));
        using (var folder = new OutputFolder(root))
        {
            folder.Remove("old.txt");
            folder.Remove("never.txt");
            folder.Commit();
        }
        Assert.Empty(Directory.GetFiles(root));
    }

    [Fact]
    public void WithoutCommit_EarlierResultsStayAndTemporariesGo()
    {
        File.WriteAllText(Path.Combine(root, "a.txt"), "before");
        using (var folder = new OutputFolder(root))
            folder.Write("a.txt", stream => stream.Write("after"u8));
        Assert.Equal("before", File.ReadAllText(Path.Combine(root, "a.txt")));
        Assert.Single(Directory.GetFileSystemEntries(root));
    }

    [Fact]
    public void WithoutCommit_ANewFolderGoesAgain()
    {
        string path = Path.Combine(root, "new");
        new OutputFolder(path).Dispose();
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void FailingWriter_LeavesNoHalfFile()
    {
        Assert.Throws<InputException>(() =>
        {
            using var folder = new OutputFolder(root);
            folder.Write("a.txt", stream =>
            {
                stream.Write("half"u8);
                throw new IOException("broken");
            });
        });
        Assert.Empty(Directory.GetFileSystemEntries(root));
    }

    [Fact]
    public void FullDisk_IsToldWithPathAndRemedy()
    {
        var fault = OutputFolder.Explain("out/rows.parquet", new IOException("No space left on device", 28));
        Assert.Contains("out/rows.parquet", fault.Message, StringComparison.Ordinal);
        Assert.Contains("no space is left", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--out", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void FileInTheWayOfTheFolder_IsToldBeforeAnyWork()
    {
        string file = Path.Combine(root, "file");
        File.WriteAllText(file, "mine");
        Assert.Throws<InputException>(() => new OutputFolder(file));
        Assert.Throws<InputException>(() => new OutputFolder(Path.Combine(file, "below")));
        Assert.Throws<InputException>(() => new OutputFolder(""));
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void FolderInTheWayOfAFile_LeavesAllOtherFilesAsTheyWere()
    {
        File.WriteAllText(Path.Combine(root, "a.txt"), "before");
        Directory.CreateDirectory(Path.Combine(root, "b.txt"));
        using (var folder = new OutputFolder(root))
        {
            folder.Write("a.txt", stream => stream.Write("after"u8));
            folder.Write("b.txt", stream => stream.Write("after"u8));
            Assert.Throws<InputException>(folder.Commit);
        }
        Assert.Equal("before", File.ReadAllText(Path.Combine(root, "a.txt")));
    }
}
