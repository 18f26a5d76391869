namespace GpuDiag.Tests.Meta;

public class SourceFileTests
{
    private const int Cap = 400;

    [Theory]
    [InlineData("kernels")]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("tools")]
    [InlineData("benchmarks")]
    public void SourceFile_FitsOneSitting(string folder)
    {
        var files = Repository.Sources(folder).ToArray();
        Assert.NotEmpty(files);
        Assert.DoesNotContain(
            files.Select(path => (File: Repository.Relative(path), Lines: File.ReadLines(path).Count())), file => file.Lines > Cap);
    }
}
