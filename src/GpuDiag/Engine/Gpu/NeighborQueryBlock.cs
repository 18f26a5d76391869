using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace GpuDiag.Engine.Gpu;

/// <summary>As many queries as a device holds at once, what is known of each, and their lists of candidates.</summary>
internal sealed unsafe class NeighborQueryBlock
{
    private const int PackRows = 64;
    private const int UploadBytes = 1 << 24;

    // Slacks are stored in float32: more than its roundings take off is added first. Absolute errors count twice, because
    // lower bounds have one beside the slack.
    private const double Widening = 1 + (1.0 / (1 << 18));
    private readonly DeviceLane lane;
    private readonly MemoryBuffer1D<Words, Stride1D.Dense> vectors;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> all, counts, kept, self, rows;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> thresholds, floors, tensorFloors, slacks, tensorSlacks, upper, lower;

    /// <param name="lane">Where they live.</param>
    /// <param name="limits">How much room a fold's tables have.</param>
    /// <param name="wordsPerRow">Words of a padded row.</param>
    /// <param name="plan">How many neighbours of how many queries.</param>
    /// <param name="tensor">Whether tensor cores search first.</param>
    public NeighborQueryBlock(DeviceLane lane, GpuLimits limits, int wordsPerRow, NeighborPlan plan, bool tensor)
    {
        this.lane = lane;
        WordsPerRow = wordsPerRow;
        IsTensor = tensor;

        // Twice as many on tensor cores: they tell less rows apart.
        Entries = Math.Max(limits.ListEntries, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(plan.K * (tensor ? 8 : 4))));
        long bytes = (wordsPerRow * (tensor ? 24L : 16L)) + (Entries * 12L) + 64;
        Capacity = (int)Math.Clamp((limits.TableBytes ?? lane.TableBudget) / bytes, 1, Math.Min(plan.Queries.Rows, 1 << 20));
        vectors = lane.Allocate<Words>((long)Capacity * wordsPerRow);
        all = lane.Upload<int>([.. Enumerable.Range(0, Capacity)]);
        (counts, kept, self) = (lane.Allocate<int>(Capacity), lane.Allocate<int>(Capacity), lane.Allocate<int>(Capacity));
        (thresholds, floors, slacks) = (lane.Allocate<float>(Capacity), lane.Allocate<float>(Capacity), lane.Allocate<float>(Capacity));
        tensorFloors = lane.Allocate<float>(tensor ? TensorSearch.Padded(Capacity) : 1);
        tensorSlacks = lane.Allocate<float>(tensor ? Capacity : 1);
        long entries = (long)Capacity * Entries;
        (upper, lower, rows) = (lane.Allocate<float>(entries), lane.Allocate<float>(entries), lane.Allocate<int>(entries));
    }

    /// <summary>Queries that fit.</summary>
    public int Capacity { get; }

    /// <summary>Entries per list.</summary>
    public int Entries { get; }

    /// <summary>Words of a padded query.</summary>
    public int WordsPerRow { get; }

    /// <summary>Whether there are floors for a coarse search.</summary>
    public bool IsTensor { get; }

    /// <summary>Address of the lists' counts on the device.</summary>
    public long CountsPointer => counts.NativePtr;

    /// <summary>Address of the lists' scores.</summary>
    public long UpperPointer => upper.NativePtr;

    /// <summary>Address of the lists' rows.</summary>
    public long RowsPointer => rows.NativePtr;

    /// <summary>Queries of the block, all active at first.</summary>
    public ArrayView<int> All => all.View.BaseView;

    /// <summary>Padded vectors of the queries.</summary>
    public ArrayView<Words> Vectors => vectors.View.BaseView;

    public NeighborQueries Queries => new()
    {
        Thresholds = thresholds.View.BaseView,
        Floors = floors.View.BaseView,
        TensorFloors = tensorFloors.View.BaseView,
        Slacks = slacks.View.BaseView,
        TensorSlacks = tensorSlacks.View.BaseView,
        Self = self.View.BaseView,
    };

    public NeighborLists Lists => new()
    {
        Counts = counts.View.BaseView,
        Kept = kept.View.BaseView,
        Upper = upper.View.BaseView,
        Lower = lower.View.BaseView,
        Rows = rows.View.BaseView,
        Capacity = Entries,
    };

    /// <summary>Uploads some queries with empty lists.</summary>
    /// <returns>Whether each already has k neighbours from earlier pieces of the base, and so a threshold.</returns>
    public bool Begin(NeighborPiece piece, int first, int count, NeighborBound single)
    {
        UploadVectors(piece, first, count);
        float[] threshold = new float[count], floor = new float[count], tensorFloor = new float[IsTensor ? TensorSearch.Padded(count) : 1], slack = new float[count], tensorSlack = new float[count];
        int[] own = new int[count];
        Array.Fill(tensorFloor, float.PositiveInfinity);
        for (int q = 0; q < count; q++)
        {
            QueryScore score = piece.QueryScores[first + q];
            float known = piece.Threshold(first + q);
            slack[q] = RoundUp(((single.Relative * score.Origin) + (2 * single.Absolute)) * Widening);
            tensorSlack[q] = RoundUp((score.Slack + piece.Bound.Absolute) * Widening);
            threshold[q] = float.IsFinite(known) ? -RoundUp(-(known + score.Slack)) : known;
            floor[q] = NeighborListKernel.Floor(threshold[q], slack[q]);
            tensorFloor[IsTensor ? q : 0] = NeighborListKernel.Floor(threshold[q], tensorSlack[q]);
            own[q] = piece.SelfRow(first + q);
        }

        Upload<float>(thresholds, threshold);
        Upload<float>(floors, floor);
        Upload<float>(slacks, slack);
        Upload<int>(self, own);
        if (IsTensor)
        {
            Upload<float>(tensorFloors, tensorFloor);
            Upload<float>(tensorSlacks, tensorSlack);
        }

        lane.Clear(counts);
        lane.Clear(kept);
        return Array.TrueForAll(threshold, float.IsFinite);
    }

    /// <summary>Entries of each list. Everything launched must have finished.</summary>
    public int[] Counts() => lane.Download(counts);

    private static float RoundUp(double value)
    {
        float rounded = (float)value;
        return rounded < value ? MathF.BitIncrement(rounded) : rounded;
    }

    private void UploadVectors(NeighborPiece piece, int first, int count)
    {
        int floats = WordsPerRow * 4, width = piece.Plan.Queries.Width, step = Math.Clamp(UploadBytes / (floats * sizeof(float)), 1, count);
        float[] packed = new float[(long)step * floats];
        for (int start = 0; start < count; start += step)
        {
            int most = Math.Min(step, count - start);
            WorkItems.Run(piece.Plan, (most + PackRows - 1) / PackRows, 0, (item, _) =>
            {
                for (int i = item * PackRows; i < Math.Min(most, (item + 1) * PackRows); i++)
                {
                    fixed (float* to = packed)
                    {
                        piece.PlaceQuery(first + start + i, to + ((long)i * floats));
                    }

                    packed.AsSpan((i * floats) + width, floats - width).Clear();
                }
            });
            lane.Guard(() =>
            {
                vectors.View.SubView((long)start * WordsPerRow, (long)most * WordsPerRow).BaseView.Cast<float>()
                    .CopyFromCPU(lane.Accelerator.DefaultStream, (ReadOnlySpan<float>)packed.AsSpan(0, most * floats));
                lane.Accelerator.DefaultStream.Synchronize();
            });
        }
    }

    private void Upload<T>(MemoryBuffer1D<T, Stride1D.Dense> to, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        to.View.SubView(0, values.Length).CopyFromCPU(lane.Accelerator.DefaultStream, values);
        lane.Guard(lane.Accelerator.DefaultStream.Synchronize);
    }
}
