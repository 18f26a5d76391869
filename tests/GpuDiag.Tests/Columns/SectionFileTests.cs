using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using SectionFile = GpuDiag.Columns.Arrow.SectionFile;

namespace GpuDiag.Tests.Columns;

/// <summary>State files whose Arrow form says things that are not so.</summary>
public sealed class SectionFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0, 1 << 30)]
    [InlineData(3, 1)]
    public void Read_RefusesOffsetsBeyondTheText(int start, int end)
    {
        string path = Write([start, end], 1, new() { ["gpudiag.kind"] = "k", ["gpudiag.about"] = "a", ["gpudiag.xxh128"] = "0" });
        Assert.Equal(path, Assert.Throws<InputException>(() => SectionFile.Read(path, "k", "r")).File);
    }

    [Theory]
    [InlineData("gpudiag.kind")]
    [InlineData("gpudiag.about")]
    [InlineData("gpudiag.xxh128")]
    public void Read_RefusesAFileThatDoesNotSayWhatItIs(string missing)
    {
        Dictionary<string, string> metadata = new() { ["gpudiag.kind"] = "k", ["gpudiag.about"] = "a", ["gpudiag.xxh128"] = "0" };
        metadata.Remove(missing);
        string path = Write([0, 3], 1, metadata);
        Assert.Equal(path, Assert.Throws<InputException>(() => SectionFile.Read(path, "k", "r")).File);
        Assert.Equal(path, Assert.Throws<InputException>(() => SectionFile.Peek(path, "k", "r")).File);
    }

    [Fact]
    public void Read_RefusesAPieceOfSeveralRows()
    {
        string path = Write([0, 1, 3], 2, new() { ["gpudiag.kind"] = "k", ["gpudiag.about"] = "a", ["gpudiag.xxh128"] = "0" });
        Assert.Equal(path, Assert.Throws<InputException>(() => SectionFile.Read(path, "k", "r")).File);
    }

    private string Write(int[] offsets, int rows, Dictionary<string, string> metadata)
    {
        string path = folder["a.gds"];
        Schema schema = new([new Apache.Arrow.Field("section", StringType.Default, false), new Apache.Arrow.Field("content", BinaryType.Default, false)], metadata);
        ArrowBuffer at = new(MemoryMarshal.AsBytes<int>(offsets).ToArray()), values = new(new byte[] { 65, 66, 67 });
        ArrowBuffer none = ArrowBuffer.Empty;
        using RecordBatch batch = new(
            schema,
            [new StringArray(rows, at, values, none), new BinaryArray(new ArrayData(BinaryType.Default, rows, 0, 0, [none, at, values]))],
            rows);
        using ArrowFileWriter writer = new(File.Create(path), schema);
        writer.WriteRecordBatch(batch);
        writer.WriteEnd();
        return path;
    }
}
