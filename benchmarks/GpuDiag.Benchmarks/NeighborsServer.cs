using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GpuDiag.Analyses.Clusters;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Cpu.Neighbors;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Benchmarks;

/// <summary>
/// Answers a peer's script (tools/peers/faiss_knn.py) line by line, so that both take turns on one machine:
/// <c>peak LANES THREADS</c> → GFLOP/s of multiply-adds alone; <c>search QUERIES BASE WIDTH K METRIC LANES THREADS IDS</c> →
/// seconds of one search (norms, packing, canonical distances: all of it), from files of raw float32 that are read before
/// and kept; the row numbers go to the file IDS as raw int64, missing ones as −1. LANES is a width of registers, or
/// <c>Floats</c> or <c>Shorts</c> for 512-bit tiles of these. <c>kmeans FILE WIDTH CENTROIDS STEPS THREADS OUT</c> → seconds of so
/// many steps of k-means from the first rows, and a last assignment; the centroids go to OUT as raw float32.
/// </summary>
internal static class NeighborsServer
{
    private static readonly Dictionary<string, AlignedMemory> Files = [];

    public static void Run(TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            double answer = words[0] switch
            {
                "peak" => Peak(Enum.TryParse(words[1], out LaneWidth lanes) ? lanes : LaneWidth.Vector512, int.Parse(words[2], CultureInfo.InvariantCulture)),
                "kmeans" => Cluster(words),
                _ => Search(words),
            };
            output.WriteLine(answer.ToString("R", CultureInfo.InvariantCulture));
            output.Flush();
        }
    }

    private static double Search(string[] words)
    {
        int width = int.Parse(words[3], CultureInfo.InvariantCulture), k = int.Parse(words[4], CultureInfo.InvariantCulture);
        VectorBlock queries = Load(words[1], width), rows = Load(words[2], width);
        NeighborPlan plan = new(
            queries, k, Enum.Parse<VectorMetric>(words[5]), ExcludeSelf: false, int.Parse(words[7], CultureInfo.InvariantCulture));
        long start = Stopwatch.GetTimestamp();
        using IFold<VectorBlock, NeighborState> fold = Fold(plan, words[6]);
        fold.Accept(rows);
        NeighborState state = fold.Take();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using BinaryWriter ids = new(File.Create(words[8]));
        for (long query = 0; query < queries.Rows; query++)
        {
            for (int i = 0; i < k; i++)
            {
                ids.Write(i < state.Rows(query).Length ? state.Rows(query)[i] : -1);
            }
        }

        return seconds;
    }

    private static unsafe double Cluster(string[] words)
    {
        int width = int.Parse(words[2], CultureInfo.InvariantCulture), count = int.Parse(words[3], CultureInfo.InvariantCulture);
        VectorBlock rows = Load(words[1], width);
        float largest = 0;
        foreach (float value in new ReadOnlySpan<float>((float*)rows.Pointer, checked((int)(rows.Rows * width))))
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        using CpuBackend backend = new();
        KMeans means = new()
        {
            Backend = backend,
            Vectors = rows,
            Metric = VectorMetric.L2,
            Largest = largest,
            Threads = int.Parse(words[5], CultureInfo.InvariantCulture),
            MostSteps = int.Parse(words[4], CultureInfo.InvariantCulture),
        };
        long start = Stopwatch.GetTimestamp();
        Clustering found = means.Run(new ReadOnlySpan<float>((float*)rows.Pointer, count * width));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        File.WriteAllBytes(words[6], MemoryMarshal.AsBytes(found.Centroids.SelectMany(c => c).ToArray().AsSpan()).ToArray());
        return seconds;
    }

    private static IFold<VectorBlock, NeighborState> Fold(NeighborPlan plan, string lanes) => lanes switch
    {
        "Floats" => new CertifiedNeighbors(plan, new PanelSearch(TileShape.OfFloats(LaneWidth.Vector512))),
        "Shorts" => new CertifiedNeighbors(plan, new PanelSearch(TileShape.OfShorts)),
        _ => new CpuBackend(Enum.Parse<LaneWidth>(lanes)).Neighbors(plan),
    };

    private static unsafe VectorBlock Load(string file, int width)
    {
        long bytes = new FileInfo(file).Length;
        if (!Files.TryGetValue(file, out AlignedMemory? memory))
        {
            memory = new AlignedMemory();
            memory.Reserve((nuint)bytes);
            using FileStream stream = File.OpenRead(file);
            using UnmanagedMemoryStream to = new((byte*)memory.Pointer, bytes, bytes, FileAccess.Write);
            stream.CopyTo(to);
            Files.Add(file, memory);
        }

        return new VectorBlock(memory.Pointer, bytes / (width * sizeof(float)), width, 0);
    }

    private static double Peak(LaneWidth lanes, int threads)
    {
        const int Steps = 20_000_000;
        Chains(lanes, 1000);
        long start = Stopwatch.GetTimestamp();
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => Chains(lanes, Steps));
        int floats = lanes == LaneWidth.Vector512 ? 16 : 8;
        return 12.0 * 2 * floats * Steps * threads / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    private static float Chains(LaneWidth lanes, int steps) =>
        lanes == LaneWidth.Vector512 ? Vector512.Sum(Chains512(steps)) : Vector256.Sum(Chains256(steps));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> Chains512(int steps)
    {
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(0.001f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < steps; step++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }

        return a + b + c + d + e + f + g + h + i + j + k + l;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<float> Chains256(int steps)
    {
        Vector256<float> x = Vector256.Create(0.999f), y = Vector256.Create(0.001f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < steps; step++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y);
            b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y);
            f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y);
            h = Vector256.FusedMultiplyAdd(h, x, y);
            i = Vector256.FusedMultiplyAdd(i, x, y);
            j = Vector256.FusedMultiplyAdd(j, x, y);
            k = Vector256.FusedMultiplyAdd(k, x, y);
            l = Vector256.FusedMultiplyAdd(l, x, y);
        }

        return a + b + c + d + e + f + g + h + i + j + k + l;
    }
}
