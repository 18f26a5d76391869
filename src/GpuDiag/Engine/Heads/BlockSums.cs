using System.Collections.Concurrent;
using GpuDiag.Columns;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Heads;

/// <summary>
/// Sums Σ x_i r_iᵀ over rows, r made of each row's logits: over the rows of each block of <see cref="HeadLoss.Block"/> in their order, then over the blocks in theirs,
/// in double. How rows are shared among threads changes the time only.
/// </summary>
/// <typeparam name="T">What products are computed in.</typeparam>
/// <typeparam name="TProducts">The products.</typeparam>
internal sealed unsafe class BlockSums<T, TProducts> : IDisposable
    where T : unmanaged
    where TProducts : struct, IRowProducts<T>
{
    private const int Block = HeadLoss.Block;

    /// <summary>Blocks between additions; entries up to which threads have a gradient each; bytes of rows that are kept packed. Change the time only.</summary>
    private const int Wave = 64, OwnGradient = 1 << 15;

    private const long Near = 1 << 20, KeptRows = 32 << 20;

    private const int Dimensions = LinearRows.Lanes;

    private readonly VectorBlock rows;
    private readonly int[] chosen;
    private readonly int threads, perBlock;
    private readonly long packedLength;
    private readonly bool together, keepRows;
    private readonly AlignedMemory slots = new(), sums = new(), parts = new(), packed = new();
    private readonly ConcurrentBag<int> free = [];

    public BlockSums(VectorBlock rows, int[] chosen, int classes, int threads)
    {
        (this.rows, this.chosen, this.threads) = (rows, chosen, threads);
        Panels = LinearRows.Padded(rows.Width + 1) / Dimensions;
        ClassPanels = (classes + TProducts.Lanes - 1) / TProducts.Lanes;
        Size = SizeOf(rows.Width);
        (Subs, perBlock) = ((chosen.Length + Size - 1) / Size, Block / Size);
        (packedLength, LogitStep) = ((long)Size * Panels * Dimensions, (Size + 1) * TProducts.Lanes);
        together = threads > 1 && Length > OwnGradient;
        int slotCount = together ? perBlock : threads;
        slots.Reserve(checked((nuint)(slotCount * (packedLength + (2L * LogitStep * ClassPanels))) * (nuint)sizeof(T)), clear: false);
        sums.Reserve((nuint)Length * sizeof(double), clear: false);
        parts.Reserve((nuint)(together ? 1 : Math.Min(Wave, Blocks)) * (nuint)Length * (nuint)sizeof(T), clear: false);
        for (int slot = 0; slot < slotCount; slot++)
        {
            free.Add(slot);
        }

        keepRows = packedLength * Subs * sizeof(T) <= KeptRows;
        if (keepRows)
        {
            packed.Reserve((nuint)packedLength * (nuint)Subs * (nuint)sizeof(T), clear: false);
            for (int sub = 0; sub < Subs; sub++)
            {
                Pack(sub, (T*)packed.Pointer + (sub * packedLength));
            }
        }
    }

    /// <summary>What is made of some rows: they are packed; residuals are to be put in <paramref name="logits"/>.</summary>
    /// <param name="sub">Which rows: from <paramref name="sub"/> · <see cref="Size"/>.</param>
    /// <param name="packed">The rows.</param>
    /// <param name="logits">Room for one value per row and class.</param>
    /// <param name="spare">As much again.</param>
    public delegate void Work(int sub, T* packed, T* logits, T* spare);

    /// <summary>Rows that are gone through at once.</summary>
    public int Size { get; }

    /// <summary>Groups of so many rows.</summary>
    public int Subs { get; }

    /// <summary>Panels of dimensions.</summary>
    public int Panels { get; }

    /// <summary>Panels of classes.</summary>
    public int ClassPanels { get; }

    /// <summary>From panel to panel of logits.</summary>
    public int LogitStep { get; }

    /// <summary>Entries of weights.</summary>
    public int Length => checked(ClassPanels * Panels * Dimensions * TProducts.Lanes);

    private int Blocks => (Subs + perBlock - 1) / perBlock;

    /// <summary>Rows that are gone through at once where they have so many dimensions: packed in double they stay near a core.</summary>
    public static int SizeOf(int width)
    {
        int size = 256;
        while (size > 32 && size * (long)LinearRows.Padded(width + 1) * sizeof(double) > Near)
        {
            size /= 2;
        }

        return size;
    }

    /// <summary>Rows of a group.</summary>
    public int Count(int sub) => Math.Min(Size, chosen.Length - (sub * Size));

    /// <summary>Makes the sums, laid out as weights are in <see cref="LinearRows"/>.</summary>
    public void Pass(Work work, double[] to)
    {
        double* sum = (double*)sums.Pointer;
        T* part = (T*)parts.Pointer;
        new Span<double>(sum, Length).Clear();
        if (together)
        {
            for (int block = 0; block < Blocks; block++)
            {
                Together(work, block, sum, part);
            }
        }
        else
        {
            for (int first = 0; first < Blocks; first += Wave)
            {
                int start = first, count = Math.Min(Wave, Blocks - first);
                Sharing.Run(threads, count, i => Alone(work, start + i, part + ((long)i * Length)));
                for (int i = 0; i < count; i++)
                {
                    TProducts.Add(sum, part + ((long)i * Length), Length);
                }
            }
        }

        Unpack(sum, to);
    }

    /// <summary>Weights as these products take them.</summary>
    public void Load(double[] from, T* to)
    {
        int run = Panels * Dimensions, lanes = LinearRows.Lanes, ratio = TProducts.Lanes / lanes;
        for (int at = 0; at < from.Length; at += lanes)
        {
            int panel = at / lanes / run, d = at / lanes % run;
            T* place = to + ((((long)(panel / ratio) * run) + d) * TProducts.Lanes) + (panel % ratio * lanes);
            for (int j = 0; j < lanes; j++)
            {
                place[j] = TProducts.Of(from[at + j]);
            }
        }
    }

    public void Dispose()
    {
        foreach (AlignedMemory memory in new[] { slots, sums, parts, packed })
        {
            memory.Dispose();
        }
    }

    private void Unpack(double* from, double[] to)
    {
        int run = Panels * Dimensions, lanes = LinearRows.Lanes, ratio = TProducts.Lanes / lanes;
        for (int at = 0; at < to.Length; at += lanes)
        {
            int panel = at / lanes / run, d = at / lanes % run;
            new Span<double>(from + ((((long)(panel / ratio) * run) + d) * TProducts.Lanes) + (panel % ratio * lanes), lanes).CopyTo(to.AsSpan(at));
        }
    }

    /// <summary>One thread makes a block's sum.</summary>
    private void Alone(Work work, int block, T* part)
    {
        if (!free.TryTake(out int slot))
        {
            throw new InvalidOperationException("more threads than slots");
        }

        new Span<T>(part, Length).Clear();
        T* place = Slot(slot);
        for (int sub = block * perBlock; sub < Math.Min(Subs, (block + 1) * perBlock); sub++)
        {
            T* x = Prepare(work, sub, place);
            TProducts.AddGradient(x, Size, Panels, place + packedLength, LogitStep, part, (0, 0), (Panels, ClassPanels));
        }

        free.Add(slot);
    }

    /// <summary>All threads make a block's sum: first they share its rows, then the entries.</summary>
    private void Together(Work work, int block, double* sum, T* part)
    {
        int first = block * perBlock, count = Math.Min(Subs - first, perBlock);
        T*[] packedAt = new T*[count];
        Sharing.Run(threads, count, i => packedAt[i] = Prepare(work, first + i, Slot(i)));
        const int ClassPiece = 3, DimensionPiece = 8;
        int across = (ClassPanels + ClassPiece - 1) / ClassPiece, down = (Panels + DimensionPiece - 1) / DimensionPiece;
        Sharing.Run(threads, across * down, piece =>
        {
            (int Dimension, int Class) from = (piece % down * DimensionPiece, piece / down * ClassPiece);
            (int Dimension, int Class) to = (Math.Min(Panels, from.Dimension + DimensionPiece), Math.Min(ClassPanels, from.Class + ClassPiece));
            int run = (to.Dimension - from.Dimension) * Dimensions * TProducts.Lanes;
            for (int k = from.Class; k < to.Class; k++)
            {
                new Span<T>(part + At(k, from.Dimension), run).Clear();
            }

            for (int i = 0; i < count; i++)
            {
                TProducts.AddGradient(packedAt[i], Size, Panels, Slot(i) + packedLength, LogitStep, part, from, to);
            }

            for (int k = from.Class; k < to.Class; k++)
            {
                TProducts.Add(sum + At(k, from.Dimension), part + At(k, from.Dimension), run);
            }
        });
    }

    private long At(int classPanel, int panel) => (((long)classPanel * Panels) + panel) * Dimensions * TProducts.Lanes;

    private T* Slot(int slot) => (T*)slots.Pointer + (slot * (packedLength + (2L * LogitStep * ClassPanels)));

    private void Pack(int sub, T* to) => TProducts.Pack((float*)rows.Pointer, chosen.AsSpan(sub * Size, Count(sub)), rows.Width, Size, to);

    /// <summary>Puts residuals behind a slot's packed rows; gives where packed rows are.</summary>
    private T* Prepare(Work work, int sub, T* slot)
    {
        T* x = keepRows ? (T*)packed.Pointer + (sub * packedLength) : slot, z = slot + packedLength;
        if (!keepRows)
        {
            Pack(sub, x);
        }

        work(sub, x, z, z + ((long)LogitStep * ClassPanels));
        return x;
    }
}
