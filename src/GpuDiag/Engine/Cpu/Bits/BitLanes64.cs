using System.Numerics;

namespace GpuDiag.Engine.Cpu.Bits;

/// <summary>A word at a time.</summary>
internal readonly struct BitLanes64 : IBitLanes
{
    public static unsafe long And(ulong* a, ulong* b, ulong* to, int words)
    {
        long count = 0;
        for (int i = 0; i < words; i++)
        {
            to[i] = a[i] & b[i];
            count += BitOperations.PopCount(to[i]);
        }

        return count;
    }

    public static unsafe long Count(ulong* a, ulong* b, int words)
    {
        long count = 0;
        for (int i = 0; i < words; i++)
        {
            count += BitOperations.PopCount(a[i] & b[i]);
        }

        return count;
    }

    public static unsafe (long All, long Plane) Count(ulong* a, ulong* b, ulong* plane, int words)
    {
        long all = 0, some = 0;
        for (int i = 0; i < words; i++)
        {
            ulong both = a[i] & b[i];
            all += BitOperations.PopCount(both);
            some += BitOperations.PopCount(both & plane[i]);
        }

        return (all, some);
    }
}
