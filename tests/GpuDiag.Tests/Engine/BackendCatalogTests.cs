using GpuDiag.Engine;

namespace GpuDiag.Tests.Engine;

public sealed class BackendCatalogTests
{
    [Theory]
    [InlineData("auto")]
    [InlineData("cuda")]
    [InlineData("cuda:3")]
    [InlineData("opencl:0")]
    [InlineData("cpu")]
    [InlineData("simulator")]
    public void DeviceNames_AreUnderstood(string device) => Assert.True(BackendCatalog.IsValid(device));

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("CPU")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:x")]
    [InlineData("cuda:0:1")]
    [InlineData("cuda:99999999999")]
    [InlineData("cpu:0")]
    public void OtherNames_AreRefused_WithTheRemedy(string device)
    {
        Assert.False(BackendCatalog.IsValid(device));
        InputException e = Assert.Throws<InputException>(() => BackendCatalog.Open(device));
        Assert.Contains("use auto, cuda", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_TakesTheFirstDeviceOfTheReport_AndSaysWhy()
    {
        DeviceReport report = DeviceReport.Create();
        Assert.Equal(report.Devices[0].Device.Split(':')[0], report.Chosen);
        Assert.NotEmpty(report.Reason);
        Assert.Contains(report.Devices, d => d.Device == "cpu");

        // Every kind is either there or its absence is explained.
        string[] kinds = [.. report.Devices.Select(d => d.Device.Split(':')[0]), .. report.Absent.Select(a => a.Split(':')[0])];
        Assert.Equal(["cpu", "cuda", "opencl"], kinds.Distinct().Order());
    }

    [Fact]
    public void AnAbsentDevice_IsAnError_NotTheCpu()
    {
        string absent = $"cuda:{DeviceReport.Create().Devices.Count(d => d.Device.StartsWith("cuda", StringComparison.Ordinal))}";
        DeviceException e = Assert.Throws<DeviceException>(() => BackendCatalog.OpenNamed(absent));
        Assert.Contains("--device cpu", e.Message, StringComparison.Ordinal);
    }
}
