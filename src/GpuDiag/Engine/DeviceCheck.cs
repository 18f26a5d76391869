using System.Diagnostics;
using GpuDiag.Engine.Devices;

namespace GpuDiag.Engine;

/// <summary>The verdict on one operation of one device.</summary>
/// <param name="Device">As <c>--device</c> takes it.</param>
/// <param name="Operation">Count, ScoreRows, Rank, Temper, ConfidentJoint, Neighbors, Covariance, Intersect or HeadGradient.</param>
/// <param name="Cases">Cases that were run.</param>
/// <param name="Rows">Their rows, all together.</param>
/// <param name="Failures">Cases whose state was not the expected one, byte for byte.</param>
/// <param name="FirstFailure">The first such case, or the error that ended the operation; null when all passed.</param>
/// <param name="Seconds">Time on the device, compilation included.</param>
public sealed record DeviceCheckResult(string Device, string Operation, int Cases, long Rows, int Failures, string? FirstFailure, double Seconds)
{
    public bool Passed => FirstFailure is null;
}

/// <summary>
/// Runs every operation on a device against the scalar host code and against sums known without arithmetic, on data that
/// is random, skewed and adversarial, in sizes around the edges of vectors, warps, groups and blocks.
/// </summary>
public static class DeviceCheck
{
    private static readonly (string Name, Func<Backend, CheckCase, string?> Run)[] Operations =
    [
        ("Count", CheckOperations.Count),
        ("ScoreRows", CheckOperations.ScoreRows),
        ("Rank", CheckOperations.Rank),
        ("Temper", CheckOperations.Temper),
        ("ConfidentJoint", CheckLabels.ConfidentJoint),
    ];

    private static readonly (string Name, Func<Backend, CheckVectors, string?> Run)[] VectorOperations =
    [
        ("Neighbors", (backend, data) => data.Neighbors(backend)),
        ("Covariance", (backend, data) => data.Covariance(backend)),
    ];

    private static readonly int[] Edges = [1, 15, 16, 17, 255, 257];

    /// <summary>The devices that a check takes when none is named: every GPU found, and the host.</summary>
    public static IReadOnlyList<string> Devices(DeviceReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return [.. report.Devices.Select(d => d.Device)];
    }

    /// <summary>Checks one device. A device that cannot be opened or fails is a failed check, not an exception.</summary>
    /// <exception cref="InputException">No such name.</exception>
    public static IReadOnlyList<DeviceCheckResult> Run(string device)
    {
        ArgumentNullException.ThrowIfNull(device);
        try
        {
            using Backend backend = BackendCatalog.OpenNamed(device);

            // The simulator pays a microsecond per atomic: the same edges, without the large cases.
            long largest = backend.Name == "simulator" ? 2000 : long.MaxValue;
            return
            [
                .. Operations.Select(o => Run(device, o.Name, Cases(o.Name == "Count").Where(c => (long)c.Rows * c.Classes <= largest), c => c.Rows, c => Check(backend, o, c))),
                .. VectorOperations.Select(o => Run(device, o.Name, CheckVectors.Cases().Where(c => (long)c.Queries * c.Rows <= largest), c => c.Rows, c => (c, o.Run(backend, c)))),
                Run(device, "Intersect", CheckBits.Cases().Where(c => (long)c.Rows * c.Candidates / 20 <= largest), c => c.Rows, c => (c, c.Intersect(backend))),
                Run(device, "HeadGradient", CheckHeads.Cases().Where(c => (long)c.Rows * c.Width * c.Classes / 2 <= largest), c => c.Rows, c => (c, c.HeadGradient(backend))),
            ];
        }
        catch (DeviceException e)
        {
            return [.. Operations.Select(o => o.Name).Concat(VectorOperations.Select(o => o.Name)).Append("Intersect").Append("HeadGradient").Select(o => new DeviceCheckResult(device, o, 0, 0, 0, e.Message, 0))];
        }
    }

    private static (object Data, string? Fault) Check(Backend backend, (string Name, Func<Backend, CheckCase, string?> Run) operation, (CheckShape Shape, int Rows, int Classes, int Segments, bool IsDouble) c)
    {
        using var data = new CheckCase(c.Shape, c.Rows, c.Classes, c.Segments, c.IsDouble, withMatrix: operation.Name != "Count");
        return (data.ToString(), operation.Run(backend, data));
    }

    private static DeviceCheckResult Run<TCase>(string device, string operation, IEnumerable<TCase> all, Func<TCase, int> size, Func<TCase, (object Data, string? Fault)> check)
        where TCase : notnull
    {
        int cases = 0, failures = 0;
        long rows = 0;
        string? first = null;
        var clock = Stopwatch.StartNew();
        foreach (TCase each in all)
        {
            (object data, string? fault) = (each, null);
            try
            {
                (data, fault) = check(each);
            }
            catch (DeviceException e)
            {
                fault = e.Message;
            }

            cases++;
            rows += size(each);
            failures += fault is null ? 0 : 1;
            first ??= fault is null ? null : $"{data}: {fault}";
        }

        return new DeviceCheckResult(device, operation, cases, rows, failures, first, clock.Elapsed.TotalSeconds);
    }

    private static IEnumerable<(CheckShape Shape, int Rows, int Classes, int Segments, bool IsDouble)> Cases(bool counting)
    {
        foreach (CheckShape shape in Enum.GetValues<CheckShape>())
        {
            foreach (int rows in Edges)
            {
                yield return (shape, rows, 3, 4, false);
            }

            yield return (shape, 33, 40, 4, true);
            yield return (shape, counting ? 100_003 : 20_011, counting ? 100 : 10, 50, false);
            yield return (shape, counting ? 20_011 : 2_003, counting ? 300 : 100, 300, true);
            yield return (shape, counting ? 50_021 : 37, 10_000, 3, false);
        }
    }
}
