using System.Collections.Concurrent;
using GpuDiag.Columns;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>
/// Passes over the rows of a fit. Sums go over the rows of each <see cref="Block"/> in their order, then over the blocks in theirs; how rows
/// are shared among threads, and what is kept from pass to pass, changes the time only.
/// </summary>
internal sealed unsafe class RowSweep : IDisposable
{
    /// <summary>Rows whose sum is made before it is added: part of what the result is.</summary>
    private const int Block = 2048;

    /// <summary>Blocks between additions; entries up to which threads have a gradient each; bytes of rows that are kept packed. Change the time only.</summary>
    private const int Wave = 64, OwnGradient = 1 << 15;

    private const long Near = 512 << 10, KeptRows = 32 << 20;

    private readonly VectorBlock rows;
    private readonly int[] chosen;
    private readonly int size, subs, perBlock, threads, classPanels;
    private readonly long packedLength, logitLength;
    private readonly bool together, keepRows;
    private readonly AlignedMemory own = new(), weights = new(), direction = new(), slots = new(), sums = new(), kept = new(), packed = new();
    private readonly double* sampleWeights, losses, spreads, mask;
    private readonly int* labels;
    private readonly int keptSubs;
    private readonly ConcurrentBag<int> free = [];
    private readonly ParallelOptions parallel;

    public RowSweep(VectorBlock rows, int[] chosen, int[] labels, double[] sampleWeights, bool[] present, int threads, long room)
    {
        (this.rows, this.chosen, this.threads) = (rows, chosen, threads);
        parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        Panels = LinearRows.Padded(rows.Width + 1) / LinearRows.Lanes;
        classPanels = LinearRows.Padded(present.Length) / LinearRows.Lanes;
        size = 256;
        while (size > 32 && size * Panels * 64L > Near)
        {
            size /= 2;
        }

        (subs, perBlock) = ((chosen.Length + size - 1) / size, Block / size);
        (packedLength, logitLength) = ((long)size * Panels * LinearRows.Lanes, (long)LinearRows.LogitStep(size) * classPanels);
        together = threads > 1 && Length > OwnGradient;
        long padded = (long)subs * size;
        own.Reserve(checked((nuint)((padded * 3) + (classPanels * LinearRows.Lanes)) * sizeof(double)) + ((nuint)padded * sizeof(int)));
        this.sampleWeights = (double*)own.Pointer;
        losses = this.sampleWeights + padded;
        spreads = losses + padded;
        mask = spreads + padded;
        this.labels = (int*)(mask + (classPanels * LinearRows.Lanes));
        LeastWeight = double.PositiveInfinity;
        for (int i = 0; i < chosen.Length; i++)
        {
            (this.labels[i], this.sampleWeights[i]) = (labels[chosen[i]], sampleWeights[chosen[i]]);
            Mass += this.sampleWeights[i];
            LeastWeight = Math.Min(LeastWeight, this.sampleWeights[i]);
        }

        for (int k = 0; k < classPanels * LinearRows.Lanes; k++)
        {
            mask[k] = k < present.Length && present[k] ? 0 : double.NegativeInfinity;
        }

        int slotCount = together ? perBlock : threads;
        slots.Reserve(checked((nuint)(slotCount * (packedLength + (2 * logitLength))) * sizeof(double)), clear: false);
        weights.Reserve((nuint)Length * sizeof(double));
        direction.Reserve((nuint)Length * sizeof(double));
        sums.Reserve((nuint)(together ? 2 : 1 + Math.Min(Wave, (subs + perBlock - 1) / perBlock)) * (nuint)Length * sizeof(double));
        keptSubs = (int)Math.Min(subs, room / (logitLength * sizeof(double)));
        kept.Reserve((nuint)keptSubs * (nuint)logitLength * sizeof(double), clear: false);
        for (int slot = 0; slot < slotCount; slot++)
        {
            free.Add(slot);
        }

        keepRows = packedLength * subs * sizeof(double) <= KeptRows;
        if (keepRows)
        {
            packed.Reserve((nuint)packedLength * (nuint)subs * sizeof(double), clear: false);
            for (int sub = 0; sub < subs; sub++)
            {
                Pack(sub, (double*)packed.Pointer + (sub * packedLength));
            }
        }
    }

    /// <summary>D.</summary>
    public int Width => rows.Width;

    /// <summary>Panels of dimensions.</summary>
    public int Panels { get; }

    /// <summary>Panels of classes.</summary>
    public int ClassPanels => classPanels;

    /// <summary>Entries of weights.</summary>
    public int Length => checked(classPanels * Panels * LinearRows.Lanes * LinearRows.Lanes);

    /// <summary>Rows that count.</summary>
    public int Rows => chosen.Length;

    /// <summary>Σ s.</summary>
    public double Mass { get; }

    /// <summary>The least s.</summary>
    public double LeastWeight { get; }

    /// <summary>Σ s · (−ln p_y), and its gradient.</summary>
    public double Gradient(double[] at, double[] gradient)
    {
        at.CopyTo(weights.Span<double>(Length));
        Pass(value: true, gradient);
        double loss = 0;
        for (long first = 0; first < chosen.Length; first += Block)
        {
            double part = 0;
            for (long i = first; i < Math.Min(chosen.Length, first + Block); i++)
            {
                part = Math.FusedMultiplyAdd(sampleWeights[i], losses[i], part);
            }

            loss += part;
        }

        return loss;
    }

    /// <summary>The Hessian of that sum, at the weights of the last gradient, times a direction.</summary>
    public void Product(double[] along, double[] product)
    {
        along.CopyTo(direction.Span<double>(Length));
        Pass(value: false, product);
    }

    /// <summary>Σ c_i · x_i x_iᵀ over every <paramref name="stride"/>-th row, c = s · Σ p (1 − p) at the weights of the last gradient: rows of <see cref="Panels"/> · 8 values.</summary>
    public void Gram(int stride, double* to)
    {
        int count = (chosen.Length + stride - 1) / stride, side = Panels * LinearRows.Lanes;
        using AlignedMemory memory = new();
        memory.Reserve((nuint)((2 * packedLength) + ((long)side * side)) * sizeof(double));
        double* x = (double*)memory.Pointer, scaled = x + packedLength, sum = scaled + packedLength;
        int[] picked = new int[size];
        for (int first = 0; first < count; first += size)
        {
            int here = Math.Min(size, count - first);
            for (int i = 0; i < here; i++)
            {
                picked[i] = chosen[(first + i) * stride];
            }

            LinearRows.Pack((float*)rows.Pointer, picked.AsSpan(0, here), rows.Width, size, x);
            new Span<double>(x, (int)packedLength).CopyTo(new Span<double>(scaled, (int)packedLength));
            for (int p = 0; p < Panels; p++)
            {
                for (int i = 0; i < here; i++)
                {
                    DoubleVector.Scale(new Span<double>(scaled + (((p * size) + i) * LinearRows.Lanes), LinearRows.Lanes), spreads[(first + i) * stride]);
                }
            }

            const int Piece = 3;
            Share((Panels + Piece - 1) / Piece, piece => LinearRows.AddGradient(
                x, size, Panels, scaled, size * LinearRows.Lanes, sum, (0, piece * Piece), (Panels, Math.Min(Panels, (piece + 1) * Piece))));
        }

        for (int p = 0; p < Panels; p++)
        {
            for (int d = 0; d < side; d++)
            {
                new Span<double>(sum + (((long)p * side) + d) * LinearRows.Lanes, LinearRows.Lanes).CopyTo(new Span<double>(to + ((long)d * side) + (p * LinearRows.Lanes), LinearRows.Lanes));
            }
        }
    }

    /// <summary>Does pieces of work, on all threads where it is worth it.</summary>
    public void Share(int pieces, Action<int> work)
    {
        if (threads > 1 && pieces > 1)
        {
            Parallel.For(0, pieces, parallel, work);
            return;
        }

        for (int piece = 0; piece < pieces; piece++)
        {
            work(piece);
        }
    }

    public void Dispose()
    {
        foreach (AlignedMemory memory in new[] { own, weights, direction, slots, sums, kept, packed })
        {
            memory.Dispose();
        }
    }

    private void Pass(bool value, double[] to)
    {
        double* sum = (double*)sums.Pointer, parts = sum + Length;
        new Span<double>(sum, Length).Clear();
        int blocks = (subs + perBlock - 1) / perBlock;
        if (together)
        {
            for (int block = 0; block < blocks; block++)
            {
                Together(value, block, sum, parts);
            }
        }
        else
        {
            for (int first = 0; first < blocks; first += Wave)
            {
                int start = first, count = Math.Min(Wave, blocks - first);
                Share(count, i => Alone(value, start + i, parts + ((long)i * Length)));
                for (int i = 0; i < count; i++)
                {
                    DoubleVector.AddScaled(new Span<double>(sum, Length), 1, new Span<double>(parts + ((long)i * Length), Length));
                }
            }
        }

        new Span<double>(sum, Length).CopyTo(to);
    }

    /// <summary>One thread makes a block's sum.</summary>
    private void Alone(bool value, int block, double* part)
    {
        if (!free.TryTake(out int slot))
        {
            throw new InvalidOperationException("more threads than slots");
        }

        new Span<double>(part, Length).Clear();
        double* place = Slot(slot);
        for (int sub = block * perBlock; sub < Math.Min(subs, (block + 1) * perBlock); sub++)
        {
            double* x = Prepare(value, sub, place);
            LinearRows.AddGradient(x, size, Panels, place + packedLength, LinearRows.LogitStep(size), part, (0, 0), (Panels, classPanels));
        }

        free.Add(slot);
    }

    /// <summary>All threads make a block's sum: first they share its rows, then the entries.</summary>
    private void Together(bool value, int block, double* sum, double* part)
    {
        int first = block * perBlock, count = Math.Min(subs - first, perBlock);
        double*[] packedAt = new double*[count];
        Share(count, i => packedAt[i] = Prepare(value, first + i, Slot(i)));
        const int ClassPiece = 3, DimensionPiece = 8;
        int across = (classPanels + ClassPiece - 1) / ClassPiece, down = (Panels + DimensionPiece - 1) / DimensionPiece;
        Share(across * down, piece =>
        {
            (int Dimension, int Class) from = (piece % down * DimensionPiece, piece / down * ClassPiece);
            (int Dimension, int Class) to = (Math.Min(Panels, from.Dimension + DimensionPiece), Math.Min(classPanels, from.Class + ClassPiece));
            Each(from, to, at => new Span<double>(part + at.First, at.Count).Clear());
            for (int i = 0; i < count; i++)
            {
                LinearRows.AddGradient(packedAt[i], size, Panels, Slot(i) + packedLength, LinearRows.LogitStep(size), part, from, to);
            }

            Each(from, to, at => DoubleVector.AddScaled(new Span<double>(sum + at.First, at.Count), 1, new Span<double>(part + at.First, at.Count)));
        });
    }

    /// <summary>The runs of entries that some panels are.</summary>
    private void Each((int Dimension, int Class) from, (int Dimension, int Class) to, Action<(long First, int Count)> action)
    {
        for (int k = from.Class; k < to.Class; k++)
        {
            action(((((long)k * Panels) + from.Dimension) * 64, (to.Dimension - from.Dimension) * 64));
        }
    }

    private double* Slot(int slot) => (double*)slots.Pointer + (slot * (packedLength + (2 * logitLength)));

    private int Count(int sub) => Math.Min(size, chosen.Length - (sub * size));

    private void Pack(int sub, double* to) => LinearRows.Pack((float*)rows.Pointer, chosen.AsSpan(sub * size, Count(sub)), rows.Width, size, to);

    /// <summary>Puts residuals, or their changes along the direction, behind a slot's packed rows; gives where packed rows are.</summary>
    private double* Prepare(bool value, int sub, double* slot)
    {
        double* x = keepRows ? (double*)packed.Pointer + (sub * packedLength) : slot, z = slot + packedLength;
        if (!keepRows)
        {
            Pack(sub, x);
        }

        long first = (long)sub * size;
        int step = LinearRows.LogitStep(size), count = Count(sub);
        double* probabilities = sub < keptSubs ? (double*)kept.Pointer + (sub * logitLength) : z + logitLength;
        if (value)
        {
            LinearRows.Logits(x, size, Panels, (double*)weights.Pointer, classPanels, z);
            SoftmaxRows.Probabilities(z, step, classPanels, size, mask, labels + first, losses + first);
            if (sub < keptSubs)
            {
                new Span<double>(z, (int)logitLength).CopyTo(new Span<double>(probabilities, (int)logitLength));
            }

            SoftmaxRows.Residuals(z, step, classPanels, size, labels + first, sampleWeights + first, spreads + first);
            return x;
        }

        if (sub >= keptSubs)
        {
            LinearRows.Logits(x, size, Panels, (double*)weights.Pointer, classPanels, probabilities);
            SoftmaxRows.Probabilities(probabilities, step, classPanels, size, mask, null, null);
        }

        LinearRows.Logits(x, size, Panels, (double*)direction.Pointer, classPanels, z);
        SoftmaxRows.Changes(z, probabilities, step, classPanels, size, sampleWeights + first);
        return x;
    }
}
