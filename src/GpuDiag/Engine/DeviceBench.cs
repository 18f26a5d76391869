using System.Diagnostics;
using System.Globalization;
using GpuDiag.Engine.Devices;
using GpuDiag.Engine.Gpu;

namespace GpuDiag.Engine;

/// <summary>A limit of a device, measured on it.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">In units per second.</param>
/// <param name="Unit">B/s, or operations/s.</param>
public sealed record BenchLimit(string Name, double Value, string Unit);

/// <summary>The speed of an operation as a fraction of what the device's own limits allow.</summary>
/// <param name="Operation">Count, ScoreRows, Rank, Temper, Neighbors, Intersect or HeadGradient.</param>
/// <param name="Data">What it ran on, and where that lay.</param>
/// <param name="Rows">Rows per repetition.</param>
/// <param name="Seconds">The best repetition.</param>
/// <param name="BoundBy">The name of the limit that allows least.</param>
/// <param name="BoundSeconds">What that limit allows.</param>
/// <param name="Arithmetic">How the bound comes about.</param>
public sealed record BenchFigure(string Operation, string Data, long Rows, double Seconds, string BoundBy, double BoundSeconds, string Arithmetic)
{
    public double RowsPerSecond => Rows / Seconds;

    /// <summary>1 = as fast as the limit allows. More than 1 says that data stayed in a cache.</summary>
    public double Fraction => BoundSeconds / Seconds;

    /// <summary>A figure bound by the slower of the demands, each an amount per row against a limit.</summary>
    internal static BenchFigure Of(string operation, string data, long rows, double seconds, params (double PerRow, BenchLimit Limit)[] demands)
    {
        (double perRow, BenchLimit limit) = demands.MaxBy(d => d.PerRow / d.Limit.Value);
        double bound = rows * perRow / limit.Value;
        string unit = limit.Unit.Split('/')[0];
        string arithmetic = string.Create(
            CultureInfo.InvariantCulture, $"{rows:N0} rows × {perRow:#,0.###} {unit} ÷ {limit.Value:E2} {limit.Unit} = {bound * 1e3:F3} ms");
        return new BenchFigure(operation, data, rows, seconds, limit.Name, bound, arithmetic);
    }
}

/// <summary>What <c>gpudiag bench</c> measures of one device.</summary>
public sealed record DeviceBenchResult(string Device, string Description, IReadOnlyList<BenchLimit> Limits, IReadOnlyList<BenchFigure> Figures);

/// <summary>This machine against its own limits: each limit is measured first, then each operation beside the bound it implies.</summary>
public static class DeviceBench
{
    /// <summary>Measures a device: about half a minute on a host, less on a GPU.</summary>
    /// <param name="device">As <c>--device</c> takes it, auto included.</param>
    /// <param name="threads">Host threads, for cpu.</param>
    /// <exception cref="InputException">No such name.</exception>
    /// <exception cref="DeviceException">The device is absent, or fails.</exception>
    public static DeviceBenchResult Run(string device, int threads) => Run(device, threads, BenchScale.Full);

    internal static DeviceBenchResult Run(string device, int threads, BenchScale scale)
    {
        BackendChoice choice = BackendCatalog.Open(device);
        using Backend backend = choice.Backend;
        (IReadOnlyList<BenchLimit> limits, IReadOnlyList<BenchFigure> figures) =
            backend is GpuBackend gpu ? AcceleratorBench.Run(gpu, scale) : HostBench.Run(backend, threads, scale);
        return new DeviceBenchResult(backend.Name, backend.Description, limits, figures);
    }

    /// <summary>Seconds of the best of some repetitions, after one that isn't counted; at least a tick of the clock, so that a rate stays finite.</summary>
    internal static double Best(int repetitions, Action action)
    {
        action();
        double best = double.MaxValue;
        for (int i = 0; i < repetitions; i++)
        {
            var clock = Stopwatch.StartNew();
            action();
            best = Math.Min(best, Math.Max(1, clock.ElapsedTicks) / (double)Stopwatch.Frequency);
        }

        return best;
    }
}
