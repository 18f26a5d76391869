using System.Runtime.CompilerServices;
using GpuDiag.Kernels;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using RoundLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<GpuDiag.Kernels.Words>, int, int, ILGPU.ArrayView<uint>, int>;
using SearchLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, long, long, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, long, long, long, int, int, int, int>;

namespace GpuDiag.Engine.Gpu;

/// <summary>
/// Whether an accelerator's tensor cores may search: tried once per accelerator on small integers, whose products and sums
/// are exact in every precision, against integer arithmetic. Otherwise the plain kernel searches.
/// </summary>
internal static class TensorCores
{
    private const int Queries = 200, Rows = 300, Width = 70, Entries = 320;
    private static readonly ConditionalWeakTable<Accelerator, string> Verdicts = [];

    /// <summary>Why the tensor cores are not used; empty where they are.</summary>
    public static string Fault(Accelerator accelerator)
    {
        lock (Verdicts)
        {
            return Verdicts.GetValue(accelerator, Judge);
        }
    }

    private static string Judge(Accelerator accelerator)
    {
        if (accelerator is not CudaAccelerator cuda)
        {
            return "no CUDA device";
        }

        if (cuda.Architecture < CudaArchitecture.SM_80)
        {
            return $"compute capability {cuda.Architecture} is below 8.0";
        }

        try
        {
            using var lane = new DeviceLane(accelerator);
            string full = Try(lane, Entries), cut = Try(lane, Entries / 4);
            return full.Length > 0 ? full : cut;
        }
        catch (DeviceException e)
        {
            return e.Message;
        }
    }

    /// <summary>Scores everything and looks at each; with lists that are too short, at what they hold and at the counts.</summary>
    private static string Try(DeviceLane lane, int entries)
    {
        int width = NeighborTensorKernel.PaddedWidth(Width), words = (Width + 7) / 8 * 2;
        int queries = TensorSearch.Padded(Queries), rows = TensorSearch.Padded(Rows);
        float[] query = Integers(Queries, words * 4, 3), row = Integers(Rows, words * 4, 5);
        float[] shifts = new float[rows], floors = new float[queries];
        for (int i = 0; i < rows; i++)
        {
            shifts[i] = i < Rows ? i & 7 : float.NegativeInfinity;
        }

        Array.Fill(floors, float.NegativeInfinity, 0, Queries);
        Array.Fill(floors, float.PositiveInfinity, Queries, queries - Queries);
        var counts = lane.Allocate<int>(queries);
        var listed = lane.Allocate<int>((long)queries * entries);
        var scores = lane.Allocate<float>((long)queries * entries);
        var queries16 = lane.Allocate<uint>((long)queries * width / 2);
        var rows16 = lane.Allocate<uint>((long)rows * width / 2);
        var round = lane.Load<RoundLaunch>(typeof(NeighborRoundKernel), nameof(NeighborRoundKernel.Round));
        var search = lane.Load<SearchLaunch>(typeof(NeighborTensorKernel), nameof(NeighborTensorKernel.Search));
        ArrayView<Words> fromQueries = lane.Upload<float>(query).View.BaseView.Cast<Words>(), fromRows = lane.Upload<float>(row).View.BaseView.Cast<Words>();
        ArrayView<float> allShifts = lane.Upload<float>(shifts).View.BaseView, allFloors = lane.Upload<float>(floors).View.BaseView;
        lane.Guard(() =>
        {
            AcceleratorStream stream = lane.Accelerator.DefaultStream;
            round(stream, lane.Grid(queries16.Length), fromQueries, words, Queries, queries16.View.BaseView, width / 2);
            round(stream, lane.Grid(rows16.Length), fromRows, words, Rows, rows16.View.BaseView, width / 2);
            var config = new KernelConfig(new Index2D(2, queries / NeighborTensorKernel.Tile), new Index2D(NeighborTensorKernel.Threads, 1));
            search(stream, config, queries16.NativePtr, rows16.NativePtr, allShifts, allFloors, counts.NativePtr, scores.NativePtr, listed.NativePtr, entries, width, rows / NeighborTensorKernel.Tile, 1000);
            stream.Synchronize();
        });
        return Compare(query, row, words * 4, lane.Download(counts), lane.Download(scores), lane.Download(listed), entries);
    }

    private static string Compare(float[] query, float[] row, int stride, int[] counts, float[] scores, int[] listed, int entries)
    {
        int wrong = 0, looked = 0;
        for (int q = 0; q < counts.Length; q++)
        {
            var seen = new HashSet<int>();
            wrong += counts[q] == (q < Queries ? Rows : 0) ? 0 : 1;
            for (int i = 0; i < Math.Min(counts[q], entries) && q < Queries; i++, looked++)
            {
                int at = (q * entries) + i, r = listed[at] - 1000;
                wrong += r is >= 0 and < Rows && seen.Add(r) && scores[at] == Dot(query, q * stride, row, r * stride) + (r & 7) ? 0 : 1;
            }
        }

        return wrong == 0 ? "" : $"{wrong} of {looked} scores on tensor cores are wrong";
    }

    private static float Dot(float[] a, int at, float[] b, int from)
    {
        int sum = 0;
        for (int i = 0; i < Width; i++)
        {
            sum += (int)a[at + i] * (int)b[from + i];
        }

        return sum;
    }

    private static float[] Integers(int rows, int stride, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[rows * stride];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i % stride < Width ? random.Next(-8, 9) : 0;
        }

        return values;
    }
}
