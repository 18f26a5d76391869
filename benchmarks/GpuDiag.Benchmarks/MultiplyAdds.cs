using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuDiag.Benchmarks;

/// <summary>
/// What one core multiplies and adds per second when nothing but registers limits it: float32 and 16-bit whole numbers in 512-bit
/// registers, 8-bit ones in the 256-bit registers of AVX-VNNI, which is what .NET 10 has of them. Each by the largest tile whose sums stay in
/// registers, over panels in the first-level cache, in turns, by processor time. What candidates by 8 bits could gain (docs/neighbours.md).
/// </summary>
internal static unsafe class MultiplyAdds
{
    private const int Dimensions = 384, Columns = 64, Repeats = 20_000, Rounds = 7;

    public static void Run(TextWriter output)
    {
        if (!Avx512BW.IsSupported || !AvxVnni.IsSupported)
        {
            output.WriteLine("this processor lacks AVX-512 or AVX-VNNI");
            return;
        }

        byte* rows = (byte*)NativeMemory.AlignedAlloc(8 * Dimensions * sizeof(float), 64), panel = (byte*)NativeMemory.AlignedAlloc(Columns * Dimensions * sizeof(float), 64);
        new Span<byte>(rows, 8 * Dimensions * sizeof(float)).Clear();
        new Span<byte>(panel, Columns * Dimensions * sizeof(float)).Clear();
        List<double> floats = [], shorts = [], bytes = [];
        for (int round = 0; round < Rounds; round++)
        {
            floats.Add(6.0 * 64 * Dimensions * Repeats / Seconds(() => Floats((float*)rows, (float*)panel)));
            shorts.Add(6.0 * 64 * Dimensions * Repeats / Seconds(() => Shorts((short*)rows, (short*)panel)));
            bytes.Add(3.0 * 32 * Dimensions * Repeats / Seconds(() => Bytes(rows, (sbyte*)panel)));
        }

        NativeMemory.AlignedFree(rows);
        NativeMemory.AlignedFree(panel);
        output.WriteLine("| values | tile | 10⁹ multiply-adds/s, min / median / max | against float32 |");
        output.WriteLine("|---|---|---|---|");
        foreach ((string name, string tile, List<double> rates) in new[] { ("float32", "6 × 64", floats), ("16-bit", "6 × 64", shorts), ("8-bit", "3 × 32", bytes) })
        {
            double ratio = Median([.. rates.Zip(floats, (mine, theirs) => mine / theirs)]);
            rates.Sort();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {tile} | {rates[0] / 1e9:F0} / {Median(rates) / 1e9:F0} / {rates[^1] / 1e9:F0} | {ratio:F2} |"));
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static double Seconds(Action run)
    {
        using Process me = Process.GetCurrentProcess();
        TimeSpan start = me.TotalProcessorTime;
        run();
        me.Refresh();
        return (me.TotalProcessorTime - start).TotalSeconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Floats(float* rows, float* panel)
    {
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default, c0 = default, c1 = default, c2 = default, c3 = default;
            Vector512<float> d0 = default, d1 = default, d2 = default, d3 = default, e0 = default, e1 = default, e2 = default, e3 = default, f0 = default, f1 = default, f2 = default, f3 = default;
            float* at = panel;
            for (int k = 0; k < Dimensions; k++, at += Columns)
            {
                Vector512<float> p0 = Vector512.Load(at), p1 = Vector512.Load(at + 16), p2 = Vector512.Load(at + 32), p3 = Vector512.Load(at + 48);
                Row(Vector512.Create(rows[k]), p0, p1, p2, p3, ref a0, ref a1, ref a2, ref a3);
                Row(Vector512.Create(rows[Dimensions + k]), p0, p1, p2, p3, ref b0, ref b1, ref b2, ref b3);
                Row(Vector512.Create(rows[(2 * Dimensions) + k]), p0, p1, p2, p3, ref c0, ref c1, ref c2, ref c3);
                Row(Vector512.Create(rows[(3 * Dimensions) + k]), p0, p1, p2, p3, ref d0, ref d1, ref d2, ref d3);
                Row(Vector512.Create(rows[(4 * Dimensions) + k]), p0, p1, p2, p3, ref e0, ref e1, ref e2, ref e3);
                Row(Vector512.Create(rows[(5 * Dimensions) + k]), p0, p1, p2, p3, ref f0, ref f1, ref f2, ref f3);
            }

            Vector512<float> all = a0 + a1 + a2 + a3 + b0 + b1 + b2 + b3 + c0 + c1 + c2 + c3 + d0 + d1 + d2 + d3 + e0 + e1 + e2 + e3 + f0 + f1 + f2 + f3;
            rows[(7 * Dimensions) + 1] = all[0];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(Vector512<float> x, Vector512<float> p0, Vector512<float> p1, Vector512<float> p2, Vector512<float> p3, ref Vector512<float> s0, ref Vector512<float> s1, ref Vector512<float> s2, ref Vector512<float> s3)
    {
        s0 = Vector512.FusedMultiplyAdd(x, p0, s0);
        s1 = Vector512.FusedMultiplyAdd(x, p1, s1);
        s2 = Vector512.FusedMultiplyAdd(x, p2, s2);
        s3 = Vector512.FusedMultiplyAdd(x, p3, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Shorts(short* rows, short* panel)
    {
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            Vector512<int> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default, c0 = default, c1 = default, c2 = default, c3 = default;
            Vector512<int> d0 = default, d1 = default, d2 = default, d3 = default, e0 = default, e1 = default, e2 = default, e3 = default, f0 = default, f1 = default, f2 = default, f3 = default;
            short* at = panel;
            for (int k = 0; k < Dimensions; k += 2, at += 2 * Columns)
            {
                Vector512<short> p0 = Vector512.Load(at), p1 = Vector512.Load(at + 32), p2 = Vector512.Load(at + 64), p3 = Vector512.Load(at + 96);
                Row(Pair(rows + k), p0, p1, p2, p3, ref a0, ref a1, ref a2, ref a3);
                Row(Pair(rows + Dimensions + k), p0, p1, p2, p3, ref b0, ref b1, ref b2, ref b3);
                Row(Pair(rows + (2 * Dimensions) + k), p0, p1, p2, p3, ref c0, ref c1, ref c2, ref c3);
                Row(Pair(rows + (3 * Dimensions) + k), p0, p1, p2, p3, ref d0, ref d1, ref d2, ref d3);
                Row(Pair(rows + (4 * Dimensions) + k), p0, p1, p2, p3, ref e0, ref e1, ref e2, ref e3);
                Row(Pair(rows + (5 * Dimensions) + k), p0, p1, p2, p3, ref f0, ref f1, ref f2, ref f3);
            }

            Vector512<int> all = a0 + a1 + a2 + a3 + b0 + b1 + b2 + b3 + c0 + c1 + c2 + c3 + d0 + d1 + d2 + d3 + e0 + e1 + e2 + e3 + f0 + f1 + f2 + f3;
            rows[(7 * Dimensions) + 1] = (short)all[0];
        }
    }

    private static Vector512<short> Pair(short* at) => Vector512.Create(*(int*)at).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(Vector512<short> x, Vector512<short> p0, Vector512<short> p1, Vector512<short> p2, Vector512<short> p3, ref Vector512<int> s0, ref Vector512<int> s1, ref Vector512<int> s2, ref Vector512<int> s3)
    {
        s0 += Avx512BW.MultiplyAddAdjacent(x, p0);
        s1 += Avx512BW.MultiplyAddAdjacent(x, p1);
        s2 += Avx512BW.MultiplyAddAdjacent(x, p2);
        s3 += Avx512BW.MultiplyAddAdjacent(x, p3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Bytes(byte* rows, sbyte* panel)
    {
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default, c0 = default, c1 = default, c2 = default, c3 = default;
            sbyte* at = panel;
            for (int k = 0; k < Dimensions; k += 4, at += 128)
            {
                Vector256<byte> x = Four(rows + k), y = Four(rows + Dimensions + k), z = Four(rows + (2 * Dimensions) + k);
                Column(Vector256.Load(at), x, y, z, ref a0, ref b0, ref c0);
                Column(Vector256.Load(at + 32), x, y, z, ref a1, ref b1, ref c1);
                Column(Vector256.Load(at + 64), x, y, z, ref a2, ref b2, ref c2);
                Column(Vector256.Load(at + 96), x, y, z, ref a3, ref b3, ref c3);
            }

            Vector256<int> all = a0 + a1 + a2 + a3 + b0 + b1 + b2 + b3 + c0 + c1 + c2 + c3;
            rows[(7 * Dimensions) + 1] = (byte)all[0];
        }
    }

    private static Vector256<byte> Four(byte* at) => Vector256.Create(*(int*)at).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column(Vector256<sbyte> p, Vector256<byte> x, Vector256<byte> y, Vector256<byte> z, ref Vector256<int> a, ref Vector256<int> b, ref Vector256<int> c)
    {
        a = AvxVnni.MultiplyWideningAndAdd(a, x, p);
        b = AvxVnni.MultiplyWideningAndAdd(b, y, p);
        c = AvxVnni.MultiplyWideningAndAdd(c, z, p);
    }
}
