using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>
/// Where fast scores are computed, so that float32 neither overflows nor wastes its digits: L2 around a centre, all scaled
/// by a power of two; cosine on unit vectors; inner product with a unit query and a scaled base. Canonical keys know
/// nothing of it: the choice changes the time, never the answer.
/// </summary>
public sealed unsafe class VectorFrame
{
    // Beyond these |row|² comes too near to where float32 ends.
    private static readonly double MostSquared = Math.ScaleB(1, 100);
    private static readonly double LeastSquared = Math.ScaleB(1, -100);

    private const int SampleRows = 64;
    private readonly VectorMetric metric;
    private readonly float[] centre;
    private readonly double scale = 1;

    /// <summary>Fits the frame to a sample of both sides.</summary>
    public VectorFrame(VectorMetric metric, VectorBlock queries, VectorBlock rows)
    {
        this.metric = metric;
        centre = new float[rows.Width];
        List<nint> sample = [.. Sample(queries), .. Sample(rows)];
        if (sample.Count == 0 || metric == VectorMetric.Cosine)
        {
            return;
        }

        float[] median = metric == VectorMetric.L2 ? Median(sample, rows.Width) : centre;
        double[] norms = [.. sample.Select(p => Norm((float*)p, median)).Where(n => n > 0).Order()];
        int exponent = norms.Length == 0 ? 0 : Math.ILogB(norms[norms.Length / 2]);
        scale = Math.Abs(exponent) <= 20 ? 1 : Math.ScaleB(1, Math.Clamp(-exponent, -126, 126));
        for (int i = 0; i < centre.Length; i++)
        {
            centre[i] = (float)(median[i] * scale);
        }
    }

    /// <summary>Writes a base row as it enters fast scores.</summary>
    /// <param name="row">Finite values; not zero under cosine.</param>
    /// <param name="squared">The row's canonical |b|².</param>
    /// <param name="to">Receives the placed row.</param>
    /// <returns>|b|² of the placed row.</returns>
    public double PlaceRow(float* row, double squared, float* to)
    {
        if (metric == VectorMetric.Cosine)
        {
            Multiply(row, 1 / Math.Sqrt(squared), to, centre.Length);
            return 1;
        }

        Shift(row, to);
        return VectorDistance.Dot(to, to, centre.Length);
    }

    /// <summary>Writes a query as it enters fast scores.</summary>
    /// <param name="row">Finite values, not all zero unless the metric is L2.</param>
    /// <param name="squared">The query's canonical |q|².</param>
    /// <param name="to">Receives the placed query.</param>
    /// <returns>|q|² of the placed query.</returns>
    public double PlaceQuery(float* row, double squared, float* to)
    {
        if (metric == VectorMetric.L2)
        {
            return PlaceRow(row, squared, to);
        }

        Multiply(row, 1 / Math.Sqrt(squared), to, centre.Length);
        return 1;
    }

    /// <summary>Whether fast scores hold for a placed row or query; if not, canonical keys must do.</summary>
    public static bool IsInRange(double placedSquared) => placedSquared == 0 || (placedSquared >= LeastSquared && placedSquared <= MostSquared);

    /// <summary>The query's line from keys to scores.</summary>
    /// <param name="bound">Of the fast scores.</param>
    /// <param name="squared">The query's canonical |q|².</param>
    /// <param name="placedSquared">|q|² as <see cref="PlaceQuery"/> gave it.</param>
    public QueryScore ScoreOf(NeighborBound bound, double squared, double placedSquared)
    {
        (double origin, double unit) = metric switch
        {
            VectorMetric.L2 => (placedSquared / 2, scale * scale / 2),
            VectorMetric.Cosine => (1.0, 1.0),
            _ => (0.0, scale / Math.Sqrt(squared)),
        };
        return new QueryScore(origin, unit, (bound.Relative * origin) + bound.Absolute);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(float* row, double factor, float* to, int width)
    {
        Vector256<double> by = Vector256.Create(factor);
        int i = 0;
        for (; i + 8 <= width; i += 8)
        {
            Vector256<float> eight = Vector256.Load(row + i);
            Vector256.Narrow(Vector256.WidenLower(eight) * by, Vector256.WidenUpper(eight) * by).Store(to + i);
        }

        for (; i < width; i++)
        {
            to[i] = (float)(row[i] * factor);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Shift(float* row, float* to)
    {
        int width = centre.Length;
        float factor = (float)scale;
        fixed (float* middle = centre)
        {
            int i = 0;
            for (; i + 8 <= width; i += 8)
            {
                ((Vector256.Load(row + i) * factor) - Vector256.Load(middle + i)).Store(to + i);
            }

            for (; i < width; i++)
            {
                float scaled = row[i] * factor;
                to[i] = scaled - middle[i];
            }
        }
    }

    private static IEnumerable<nint> Sample(VectorBlock block)
    {
        long step = Math.Max(1, block.Rows / SampleRows);
        for (long i = step / 2; i < block.Rows; i += step)
        {
            nint row = block.Pointer + (nint)(i * block.Width * sizeof(float));
            if (IsFinite(row, block.Width))
            {
                yield return row;
            }
        }
    }

    private static bool IsFinite(nint row, int width) =>
        double.IsFinite(VectorDistance.Dot((float*)row, (float*)row, width));

    private static float[] Median(List<nint> sample, int width)
    {
        float[] median = new float[width], column = new float[sample.Count];
        for (int i = 0; i < width; i++)
        {
            for (int r = 0; r < column.Length; r++)
            {
                column[r] = ((float*)sample[r])[i];
            }

            Array.Sort(column);
            median[i] = column[column.Length / 2];
        }

        return median;
    }

    private static double Norm(float* row, float[] centre)
    {
        double sum = 0;
        for (int i = 0; i < centre.Length; i++)
        {
            double difference = (double)row[i] - centre[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }
}
