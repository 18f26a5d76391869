using GpuDiag.Engine;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Engine;

public sealed class AvailableMemoryTests : IDisposable
{
    private const long Known = 64L << 30;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("0::/jobs/one", "jobs/one/memory.max", "1073741824\n", 1L << 30)]
    [InlineData("0::/jobs/one", "jobs/memory.max", "1073741824\n", 1L << 30)]
    [InlineData("0::/", "memory.max", "1073741824\n", 1L << 30)]
    [InlineData("0::/jobs/one", "memory.max", "1073741824\n", 1L << 30)]
    [InlineData("0::/jobs/one", "jobs/one/memory.high", "2147483648\n", 2L << 30)]
    [InlineData("0::/jobs/one", "jobs/one/memory.max", "max\n", Known)]
    [InlineData("0::/jobs/one", "jobs/two/memory.max", "1073741824\n", Known)]
    [InlineData("9:name=systemd:/\n4:cpu,memory:/docker/ab\n1:cpu:/", "memory/docker/ab/memory.limit_in_bytes", "1073741824\n", 1L << 30)]
    [InlineData("4:memory:/docker/ab\n0::/", "memory/memory.limit_in_bytes", "1073741824\n", 1L << 30)]
    [InlineData("4:memory:/docker/ab", "memory/docker/ab/memory.limit_in_bytes", "9223372036854771712\n", Known)]
    [InlineData("4:cpu:/docker/ab", "memory/docker/ab/memory.limit_in_bytes", "1073741824\n", Known)]
    public void Limit_OfTheGroupAndOfThoseAroundItCounts(string membership, string file, string limit, long bytes)
    {
        File.WriteAllText(folder["cgroup"], membership + "\n");
        Directory.CreateDirectory(Path.GetDirectoryName(folder[$"groups/{file}"])!);
        File.WriteAllText(folder[$"groups/{file}"], limit);
        Assert.Equal(bytes, AvailableMemory.Of(folder["cgroup"], folder["groups"], Known));
    }

    [Fact]
    public void NoGroups_LeaveWhatIsKnown() => Assert.Equal(Known, AvailableMemory.Of(folder["none"], folder["none"], Known));

    [Fact]
    public void Default_IsNoMoreThanTheRuntimeSays() => Assert.InRange(AvailableMemory.Bytes, 1 << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
}
