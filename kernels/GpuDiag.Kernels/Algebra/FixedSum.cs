namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// An exact sum of real numbers that were each rounded once to a multiple of 2⁻⁵⁶: an Int128 count of such units.
/// Law: addition is associative and commutative, so the sum depends on the values alone.
/// </summary>
public readonly record struct FixedSum(Int128 Units)
{
    public static FixedSum operator +(FixedSum left, FixedSum right) => new(left.Units + right.Units);

    public static FixedSum Add(FixedSum left, FixedSum right) => left + right;

    /// <summary>16 bytes, little-endian.</summary>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write((ulong)Units);
        writer.Write((long)(Units >> 64));
    }
}
