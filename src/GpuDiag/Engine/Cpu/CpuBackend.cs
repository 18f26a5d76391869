using System.Globalization;
using System.Runtime.Intrinsics;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// The host backend: vector registers, one fold per thread. A fold works a block of rows at a time, so that what it
/// derives from the columns stays in the first-level cache.
/// </summary>
public sealed partial class CpuBackend(LaneWidth width) : Backend
{
    /// <summary>With the widest registers of this machine.</summary>
    public CpuBackend()
        : this(WidestHere)
    {
    }

    public override string Name => "cpu";

    public override string Description =>
        string.Create(CultureInfo.InvariantCulture, $"{Registers}, {Environment.ProcessorCount} threads");

    private static LaneWidth WidestHere => Vector512.IsHardwareAccelerated ? LaneWidth.Vector512
        : Vector128.IsHardwareAccelerated ? LaneWidth.Vector256 : LaneWidth.Scalar;

    private string Registers => width switch
    {
        LaneWidth.Vector512 => "512-bit vectors",
        LaneWidth.Vector256 => Vector256.IsHardwareAccelerated ? "256-bit vectors" : "128-bit vectors",
        _ => "scalar code",
    };
}
