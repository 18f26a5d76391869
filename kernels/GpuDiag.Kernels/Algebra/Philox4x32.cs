using System.Runtime.CompilerServices;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Philox 4x32 with 10 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): 128 random bits
/// that are a pure function of (seed, stream, counter), so a draw does not depend on how the data were split.
/// Compiles on every ILGPU backend.
/// </summary>
public readonly struct Philox4x32
{
    private Philox4x32(uint x, uint y, uint z, uint w)
    {
        X = x;
        Y = y;
        Z = z;
        W = w;
    }

    public uint X { get; }

    public uint Y { get; }

    public uint Z { get; }

    public uint W { get; }

    /// <summary>The first 64 of the 128 bits.</summary>
    public ulong First => X | ((ulong)Y << 32);

    /// <summary>The other 64 bits.</summary>
    public ulong Second => Z | ((ulong)W << 32);

    /// <summary>The block of (seed, stream, counter).</summary>
    public static Philox4x32 At(ulong seed, ulong stream, ulong counter) =>
        At((uint)seed, (uint)(seed >> 32), (uint)counter, (uint)(counter >> 32), (uint)stream, (uint)(stream >> 32));

    /// <summary>The block of a key and a counter in the words of the published algorithm.</summary>
    public static Philox4x32 At(uint key0, uint key1, uint x, uint y, uint z, uint w)
    {
        for (var round = 0; round < 10; round++)
        {
            var first = 0xD2511F53UL * x;
            var second = 0xCD9E8D57UL * z;
            x = (uint)(second >> 32) ^ y ^ key0;
            y = (uint)second;
            z = (uint)(first >> 32) ^ w ^ key1;
            w = (uint)first;
            key0 += 0x9E3779B9;
            key1 += 0xBB67AE85;
        }

        return new Philox4x32(x, y, z, w);
    }

    /// <summary>A multiple of 2^−53 in [0, 1) from 64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double UnitHalfOpen(ulong bits) => Deterministic.Mul(bits >> 11, 1.1102230246251565E-16);

    /// <summary>An odd multiple of 2^−53 in (0, 1) from 64 random bits: never 0, never 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double UnitOpen(ulong bits) => Deterministic.Fma(bits >> 12, 2.220446049250313E-16, 1.1102230246251565E-16);
}
