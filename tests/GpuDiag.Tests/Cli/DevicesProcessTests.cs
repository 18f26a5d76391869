using System.Text.Json;

namespace GpuDiag.Tests.Cli;

public class DevicesProcessTests
{
    [Fact]
    public void Devices_ListsTheCpuAndWhatAutoChooses()
    {
        var run = Gpudiag.Run(".", "devices");
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Matches(@"(?m)^  cpu +.*threads, .* GB$", run.Text);
        Assert.Matches(@"(?m)^auto chooses (cuda|opencl|cpu): .* \(.+\)$", run.Text);
    }

    [Fact]
    public void Devices_AsJson_SaysTheSame()
    {
        var run = Gpudiag.Run(".", "devices", "--format", "json");
        Assert.Equal(0, run.Code);
        var root = JsonDocument.Parse(run.Text).RootElement;
        Assert.Equal("gpudiag/devices/1", root.GetProperty("schema").GetString());
        Assert.Contains(root.GetProperty("devices").EnumerateArray(), d => d.GetProperty("device").GetString() == "cpu" && d.GetProperty("memory_bytes").GetInt64() > 0);
        Assert.NotEqual("", root.GetProperty("auto").GetProperty("reason").GetString());
    }

    [Fact]
    public void CheckOfAnAbsentDevice_FailsWithExitCode3()
    {
        var run = Gpudiag.Run(".", "devices", "--check", "--device", "cuda:99");
        Assert.Equal(3, run.Code);
        Assert.Contains("FAIL", run.Text, StringComparison.Ordinal);
    }
}
