using GpuDiag.Columns;
using GpuDiag.Engine.Heads;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>
/// Passes over the rows of a fit, in double or in float32: <see cref="BlockSums{T, TProducts}"/>. What is kept from pass to pass changes the time only.
/// </summary>
internal sealed unsafe class RowSweep : IDisposable
{
    private readonly VectorBlock rows;
    private readonly int[] chosen;
    private readonly int threads, classes;
    private readonly long room;
    private readonly AlignedMemory own = new(), weights = new(), direction = new(), kept = new();
    private readonly double* sampleWeights, losses, mask;
    private readonly float* singleMask;
    private readonly int* labels;
    private readonly BlockSums<double, DoubleProducts> doubles;
    private readonly BlockSums<float, SingleProducts>? singles;
    private int keptSubs;
    private bool filled;

    /// <param name="rows">Finite values only.</param>
    /// <param name="chosen">The rows that count.</param>
    /// <param name="labels">Class of every row.</param>
    /// <param name="sampleWeights">Of every row.</param>
    /// <param name="present">Classes that count.</param>
    /// <param name="threads">Threads that may work.</param>
    /// <param name="room">Bytes for probabilities that are kept.</param>
    /// <param name="exactBelow">Multiplications of a product with the Hessian below which all products are in double.</param>
    public RowSweep(VectorBlock rows, int[] chosen, int[] labels, double[] sampleWeights, bool[] present, int threads, long room, double exactBelow)
    {
        (this.rows, this.chosen, this.threads, this.room, classes) = (rows, chosen, threads, room, present.Length);
        doubles = new(rows, chosen, classes, threads);
        Exact = ProductCost < exactBelow;
        singles = Exact ? null : new(rows, chosen, classes, threads);
        long padded = (long)doubles.Subs * doubles.Size;
        int lanes = LinearRows.Padded(classes) + LinearRows.Lanes;
        own.Reserve(checked((nuint)((padded * 2) + lanes) * sizeof(double)) + ((nuint)padded * sizeof(int)) + ((nuint)lanes * sizeof(float)));
        this.sampleWeights = (double*)own.Pointer;
        losses = this.sampleWeights + padded;
        mask = losses + padded;
        singleMask = (float*)(mask + lanes);
        this.labels = (int*)(singleMask + lanes);
        LeastWeight = double.PositiveInfinity;
        for (int i = 0; i < chosen.Length; i++)
        {
            (this.labels[i], this.sampleWeights[i]) = (labels[chosen[i]], sampleWeights[chosen[i]]);
            Mass += this.sampleWeights[i];
            LeastWeight = Math.Min(LeastWeight, this.sampleWeights[i]);
        }

        for (int k = 0; k < lanes; k++)
        {
            mask[k] = k < classes && present[k] ? 0 : double.NegativeInfinity;
            singleMask[k] = (float)mask[k];
        }

        weights.Reserve((nuint)(Length + (singles?.Length ?? 0)) * sizeof(double));
        direction.Reserve((nuint)Math.Max(Length, singles?.Length ?? 0) * sizeof(double));
    }

    /// <summary>All products are in double, and probabilities are kept as they are: for problems that are small, or too badly conditioned for less. A new evaluation has to follow.</summary>
    public bool Exact { get; set; }

    /// <summary>D.</summary>
    public int Width => rows.Width;

    /// <summary>Panels of dimensions.</summary>
    public int Panels => doubles.Panels;

    /// <summary>Panels of classes.</summary>
    public int ClassPanels => doubles.ClassPanels;

    /// <summary>Entries of weights.</summary>
    public int Length => doubles.Length;

    /// <summary>Rows that count.</summary>
    public int Rows => chosen.Length;

    /// <summary>Multiplications that a product with the Hessian takes.</summary>
    public double ProductCost => 2.0 * Rows * Length;

    /// <summary>Threads that may work.</summary>
    public int Threads => threads;

    /// <summary>Σ s.</summary>
    public double Mass { get; }

    /// <summary>The least s.</summary>
    public double LeastWeight { get; }

    /// <summary>Σ s · (−ln p_y), and its gradient.</summary>
    public double Gradient(double[] at, double[] gradient)
    {
        Keep(at);
        doubles.Pass(
            (sub, x, z, _) =>
            {
                long first = (long)sub * doubles.Size;
                int step = doubles.LogitStep;
                DoubleProducts.Logits(x, doubles.Size, Panels, (double*)weights.Pointer, ClassPanels, z);
                SoftmaxRows.Probabilities(z, step, ClassPanels, doubles.Size, mask, labels + first, losses + first);
                if (Exact && sub < keptSubs)
                {
                    new Span<double>(z, step * ClassPanels).CopyTo(new Span<double>(KeptExactly(sub), step * ClassPanels));
                }

                SoftmaxRows.Residuals(z, step, ClassPanels, doubles.Size, labels + first, sampleWeights + first);
            },
            gradient);
        filled = Exact;
        return HeadLoss.Sum(sampleWeights, losses, chosen.Length);
    }

    /// <summary>The same about: by products in float32.</summary>
    public double NearGradient(double[] at, double[] gradient)
    {
        Keep(at);
        singles!.Pass(
            (sub, x, z, _) =>
            {
                long first = (long)sub * singles.Size;
                SingleProbabilities(x, z, labels + first, losses + first);
                if (sub < keptSubs)
                {
                    SingleSoftmax.Keep(z, singles.LogitStep, singles.ClassPanels, singles.Size, KeptRounded(sub));
                }

                SingleSoftmax.Residuals(z, singles.LogitStep, singles.ClassPanels, singles.Size, labels + first, sampleWeights + first);
            },
            gradient);
        filled = true;
        return HeadLoss.Sum(sampleWeights, losses, chosen.Length);
    }

    /// <summary>The Hessian of that sum, at the weights of the last gradient, times a direction; about, unless <see cref="Exact"/>.</summary>
    public void Product(double[] along, double[] product)
    {
        if (Exact)
        {
            along.CopyTo(direction.Span<double>(Length));
            doubles.Pass(
                (sub, x, z, spare) =>
                {
                    double* p = sub < keptSubs ? KeptExactly(sub) : spare;
                    if (sub >= keptSubs)
                    {
                        DoubleProducts.Logits(x, doubles.Size, Panels, (double*)weights.Pointer, ClassPanels, p);
                        SoftmaxRows.Probabilities(p, doubles.LogitStep, ClassPanels, doubles.Size, mask, null, null);
                    }

                    DoubleProducts.Logits(x, doubles.Size, Panels, (double*)direction.Pointer, ClassPanels, z);
                    SoftmaxRows.Changes(z, p, doubles.LogitStep, ClassPanels, doubles.Size, sampleWeights + ((long)sub * doubles.Size));
                },
                product);
            return;
        }

        singles!.Load(along, (float*)direction.Pointer);
        singles.Pass(
            (sub, x, z, spare) =>
            {
                ushort* p = Rounded(sub, x, spare);
                SingleProducts.Logits(x, singles.Size, Panels, (float*)direction.Pointer, singles.ClassPanels, z);
                SingleSoftmax.Changes(z, p, singles.LogitStep, singles.ClassPanels, singles.Size, sampleWeights + ((long)sub * singles.Size));
            },
            product);
        filled = true;
    }

    /// <summary>Σ q_ik x_i of each class, q = s · p (1 − p) at the weights of the last gradient; laid out as weights are.</summary>
    public void ClassSums(double[] to)
    {
        if (Exact)
        {
            using SpreadSample all = Sample(1);
            all.ClassSums.CopyTo(to, 0);
            return;
        }

        singles!.Pass(
            (sub, x, z, spare) => SingleSoftmax.Spreads(Rounded(sub, x, spare), singles.LogitStep, singles.ClassPanels, singles.Size, sampleWeights + ((long)sub * singles.Size), z),
            to);
        filled = true;
    }

    /// <summary>The same over every <paramref name="stride"/>-th row, and more, in double.</summary>
    public SpreadSample Sample(int stride)
    {
        int count = (chosen.Length + stride - 1) / stride;
        int[] sampled = new int[count];
        double[] s = new double[count];
        for (int i = 0; i < count; i++)
        {
            (sampled[i], s[i]) = (chosen[i * stride], sampleWeights[i * stride]);
        }

        return new SpreadSample(rows, sampled, s, classes, (double*)weights.Pointer, mask, threads);
    }

    /// <summary>Forgets what was kept from pass to pass; a new evaluation has to follow.</summary>
    public void Release()
    {
        kept.Dispose();
        keptSubs = 0;
    }

    public void Dispose()
    {
        foreach (AlignedMemory memory in new[] { own, weights, direction, kept })
        {
            memory.Dispose();
        }

        doubles.Dispose();
        singles?.Dispose();
    }

    private double* KeptExactly(int sub) => (double*)kept.Pointer + ((long)sub * doubles.LogitStep * ClassPanels);

    private ushort* KeptRounded(int sub) => (ushort*)kept.Pointer + ((long)sub * singles!.LogitStep * singles.ClassPanels);

    /// <summary>Keeps the weights, and makes room for probabilities at them.</summary>
    private void Keep(double[] at)
    {
        at.CopyTo(weights.Span<double>(Length));
        singles?.Load(at, (float*)((double*)weights.Pointer + Length));
        long each = Exact ? (long)doubles.LogitStep * ClassPanels * sizeof(double) : (long)singles!.LogitStep * singles.ClassPanels * sizeof(ushort);
        keptSubs = (int)Math.Min(doubles.Subs, room / each);
        kept.Reserve((nuint)keptSubs * (nuint)each, clear: false);
    }

    private void SingleProbabilities(float* x, float* z, int* labels, double* losses)
    {
        SingleProducts.Logits(x, singles!.Size, Panels, (float*)((double*)weights.Pointer + Length), singles.ClassPanels, z);
        SingleSoftmax.Probabilities(z, singles.LogitStep, singles.ClassPanels, singles.Size, singleMask, labels, losses);
    }

    /// <summary>Rounded probabilities: kept ones, or made anew by products in float32, whatever the last evaluation was made by.</summary>
    private ushort* Rounded(int sub, float* x, float* spare)
    {
        ushort* to = sub < keptSubs ? KeptRounded(sub) : (ushort*)spare;
        if (!filled || sub >= keptSubs)
        {
            SingleProbabilities(x, spare, null, null);
            SingleSoftmax.Keep(spare, singles!.LogitStep, singles.ClassPanels, singles.Size, to);
        }

        return to;
    }
}
