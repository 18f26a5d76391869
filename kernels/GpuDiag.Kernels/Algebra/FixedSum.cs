using System.Numerics;
using System.Runtime.CompilerServices;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// An exact sum of real values on the grid 2^−56. Each value is rounded to the grid once, by <see cref="Quantize"/>; after
/// that everything is integer addition, so the total does not depend on order, split, thread count or machine.
/// Law: addition is associative and commutative with <c>default</c> as identity. Room for 2^64 values. Cost: one 128-bit
/// addition per value.
/// </summary>
/// <remarks>Two words rather than an <see cref="Int128"/>: nothing whose layout holds one can be compiled ahead of time.</remarks>
public readonly record struct FixedSum
{
    private const double GridInverse = 72057594037927936.0; // 2^56
    private const int GridBits = 56;

    private readonly ulong low;
    private readonly long high;

    /// <param name="units">The total in units of 2^−56.</param>
    public FixedSum(Int128 units)
        : this((ulong)units, (long)(units >> 64))
    {
    }

    private FixedSum(ulong low, long high)
    {
        this.low = low;
        this.high = high;
    }

    /// <summary>The total in units of 2^−56.</summary>
    public Int128 Units => ((Int128)high << 64) | low;

    /// <summary>
    /// value·2^56 rounded to the nearest integer, a tie towards +∞. The domain is |value| &lt; 128; outside it the result
    /// is the nearest end of the domain, and NaN gives 0: callers set such rows aside and count them. No step but the
    /// last rounds, so the result is the same with and without contraction. Compiles on every ILGPU backend.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Quantize(double value)
    {
        var bounded = value < 127.99999999999999 ? value : 127.99999999999999;
        bounded = bounded > -127.99999999999999 ? bounded : -127.99999999999999;
        bounded = double.IsNaN(value) ? 0.0 : bounded;
        var scaled = Deterministic.Mul(bounded, GridInverse);
        var whole = (long)scaled;
        var rest = Deterministic.Sub(scaled, whole);
        return whole + (rest >= 0.5 ? 1L : 0L) - (rest < -0.5 ? 1L : 0L);
    }

    /// <summary>The sum of quantised values that was kept as two 64-bit halves: high·2^32 + low.</summary>
    /// <remarks>
    /// A device has no 128-bit atomics: it adds <c>(uint)q</c> to one counter and <c>q >> 32</c> (arithmetic) to another,
    /// which leaves room for 2^32 rows before they are folded in here.
    /// </remarks>
    public static FixedSum FromHalves(ulong low, long high) => new FixedSum((ulong)high << 32, high >> 32).Plus(low, 0);

    /// <summary>A sum of confidences quantised by <see cref="Confidence.Quantize"/>.</summary>
    public static FixedSum FromConfidences(ulong total)
        => new(total << (GridBits - Confidence.GridBits), (long)(total >> (64 - GridBits + Confidence.GridBits)));

    public static FixedSum operator +(FixedSum left, FixedSum right) => left.Plus(right.low, right.high);

    public static FixedSum Add(FixedSum left, FixedSum right) => left + right;

    /// <summary>This sum and one more quantised value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FixedSum Add(long quantized) => Plus((ulong)quantized, quantized >> 63);

    /// <summary>The double nearest to the total, ties to even.</summary>
    public double ToDouble()
    {
        var negative = high < 0;
        var lower = negative ? 0 - low : low;
        var upper = negative ? ~(ulong)high + (low == 0 ? 1UL : 0UL) : (ulong)high;
        var zeros = upper != 0 ? BitOperations.LeadingZeroCount(upper) : 64 + BitOperations.LeadingZeroCount(lower);
        var drop = Math.Max(0, 66 - zeros);
        // 62 bits stay; a one below them only has to break ties, so one sticky bit stands for all of them.
        var (whole, rest) = drop switch
        {
            0 => (lower, 0UL),
            < 64 => ((upper << (64 - drop)) | (lower >> drop), lower & ((1UL << drop) - 1)),
            _ => (upper >> (drop - 64), lower | (upper & ((1UL << (drop - 64)) - 1))),
        };
        var kept = (long)whole | (rest == 0 ? 0L : 1L);
        var value = Math.ScaleB((double)kept, drop - GridBits);
        return negative ? -value : value;
    }

    /// <summary>16 bytes, little-endian.</summary>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(low);
        writer.Write(high);
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Fails as the reader does where 16 bytes are not there.</summary>
    public static FixedSum Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var low = reader.ReadUInt64();
        var high = reader.ReadInt64();
        return new(low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FixedSum Plus(ulong addedLow, long addedHigh)
    {
        var sum = low + addedLow;
        return new(sum, high + addedHigh + (sum < low ? 1L : 0L));
    }
}
