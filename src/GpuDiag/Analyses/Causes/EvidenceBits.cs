using System.Numerics;

namespace GpuDiag.Analyses.Causes;

/// <summary>Which causes a row shows evidence of, as a set.</summary>
internal readonly record struct EvidenceBits(ushort Bits)
{
    /// <summary>The first in order; <see cref="Cause.Unexplained"/> when there is none.</summary>
    public Cause Primary => Bits == 0 ? Cause.Unexplained : (Cause)BitOperations.TrailingZeroCount(Bits);

    public bool Has(Cause cause) => (Bits & (1 << (int)cause)) != 0;

    public EvidenceBits With(Cause cause, bool shown) => shown ? new EvidenceBits((ushort)(Bits | (1 << (int)cause))) : this;

    /// <summary>The names of all, in order, joined by commas.</summary>
    public override string ToString()
    {
        EvidenceBits bits = this;
        return string.Join(',', CauseNames.All.Where(bits.Has).Select(CauseNames.Name));
    }
}
