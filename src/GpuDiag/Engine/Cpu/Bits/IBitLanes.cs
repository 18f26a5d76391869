namespace GpuDiag.Engine.Cpu.Bits;

/// <summary>Counts bits of intersections in registers of one width. Words are a multiple of 8, memory is aligned to 64 bytes.</summary>
internal unsafe interface IBitLanes
{
    /// <summary>to = a ∧ b; returns its bits. <paramref name="to"/> may be <paramref name="a"/>.</summary>
    static abstract long And(ulong* a, ulong* b, ulong* to, int words);

    /// <summary>The bits of a ∧ b.</summary>
    static abstract long Count(ulong* a, ulong* b, int words);

    /// <summary>The bits of a ∧ b, and of a ∧ b ∧ plane.</summary>
    static abstract (long All, long Plane) Count(ulong* a, ulong* b, ulong* plane, int words);
}
