using System.Runtime.CompilerServices;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// What a row adds to its calibration cell, by the convention of <see cref="Calibration"/>, without branches.
/// The unit is 2^52-biased: the low 52 bits of <see cref="Sum"/> and <see cref="Rows"/> are integers.
/// </summary>
internal readonly ref struct CalibrationLanes<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private const double TwoTo52 = 4503599627370496.0;
    private const double ToInteger = 6755399441055744.0;
    private const double TwoTo32 = 4294967296.0;
    private const long Mantissa = 0x000F_FFFF_FFFF_FFFF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CalibrationLanes(TLanes label, TLanes prediction, TLanes confidence)
    {
        TLanes zero = TLanes.Of(0.0), one = TLanes.Of(1.0), infinity = TLanes.Of(double.PositiveInfinity);
        TLanes c = TLanes.IfLess(confidence, zero, zero, confidence);

        // ⌈15c⌉ − 1: rounded to the nearest integer, then one less unless that was below.
        TLanes x = TLanes.Mul(c, TLanes.Of(Calibration.Bins));
        TLanes nearest = TLanes.Sub(TLanes.Add(x, TLanes.Of(ToInteger)), TLanes.Of(ToInteger));
        TLanes bin = TLanes.IfLess(nearest, x, nearest, TLanes.Sub(nearest, one));
        bin = TLanes.IfLess(bin, zero, zero, bin);
        bin = TLanes.IfLess(bin, TLanes.Of(Calibration.Bins - 1), bin, TLanes.Of(Calibration.Bins - 1));

        TLanes outside = TLanes.Of(Calibration.OutOfRange), missing = TLanes.Of(Calibration.Missing);
        TLanes slot = TLanes.IfLess(TLanes.Of(1.0 + Calibration.Tolerance), confidence, outside, bin);
        slot = TLanes.IfLess(confidence, TLanes.Of(-Calibration.Tolerance), outside, slot);
        slot = TLanes.IfLess(confidence, infinity, slot, TLanes.IfLess(zero, confidence, outside, missing));
        slot = TLanes.IfLess(zero, label, slot, missing);
        Slot = TLanes.IfLess(zero, prediction, slot, missing);

        // Confidence.Quantize in lanes: c·2^40 + ½, truncated.
        TLanes inBin = TLanes.Of(Calibration.Bins - 0.5);
        TLanes y = TLanes.Fma(c, TLanes.Of(1L << Confidence.GridBits), TLanes.Of(0.5));
        TLanes whole = TLanes.Sub(TLanes.Add(y, TLanes.Of(TwoTo52)), TLanes.Of(TwoTo52));
        whole = TLanes.IfLess(y, whole, TLanes.Sub(whole, one), whole);
        whole = TLanes.IfLess(Slot, inBin, whole, zero);
        Sum = TLanes.AndBits(TLanes.Add(whole, TLanes.Of(TwoTo52)), Mantissa);

        TLanes right = TLanes.IfLess(label, prediction, zero, TLanes.IfLess(prediction, label, zero, TLanes.Of(TwoTo32)));
        right = TLanes.IfLess(Slot, inBin, right, zero);
        Rows = TLanes.AndBits(TLanes.Add(right, TLanes.Of(TwoTo52 + 1)), Mantissa);
    }

    /// <summary>0 … <see cref="Calibration.Slots"/> − 1, as a double.</summary>
    public TLanes Slot { get; }

    /// <summary>The quantised confidence, as integer bits; 0 outside the bins.</summary>
    public TLanes Sum { get; }

    /// <summary>One row, and one right row in the high half, as integer bits.</summary>
    public TLanes Rows { get; }
}
