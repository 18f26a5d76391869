using System.Numerics;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Drift;

/// <summary>
/// Embeddings: the multiset of norms, and of the directions (vectors over their norms) exact sums: of each dimension, of random Fourier features, and of
/// products of two features. Null, NaN, infinite and zero vectors are missing. Law: as <see cref="Engine.IState{TSelf}"/>.
/// </summary>
internal sealed class VectorTally : ColumnTally
{
    private const double DimensionGrid = 1 << 30;
    private const double FeatureGrid = 1 << 20;
    private const int MostWidth = 1 << 20;

    /// <summary>Rows whose products are summed as doubles: 2⁴⁰ each, exact below 2⁵³.</summary>
    private const int BlockRows = 256;

    private readonly double[] block = new double[BlockRows * FourierFeatures.Count];
    private readonly double[] values = new double[FourierFeatures.Count];
    private FourierFeatures? features;
    private int blockRows;
    private float[] row = [];
    private long[] dimensions = [];
    private readonly long[] sums = new long[FourierFeatures.Count];
    private readonly Int128[] products = new Int128[FourierFeatures.Count * FourierFeatures.Count];

    /// <summary>Dimensions; 0 where every vector is null.</summary>
    public int Width { get; private set; }

    /// <summary>Norms of the vectors that take part.</summary>
    public NumberTally Norms { get; private init; } = new();

    public override long Count => Norms.Count;

    /// <summary>Mean of a dimension over the directions.</summary>
    public double Mean(int dimension) => dimensions[dimension] / DimensionGrid / Count;

    /// <summary>Mean of a feature.</summary>
    public double FeatureMean(int feature)
    {
        Flush();
        return sums[feature] / FeatureGrid / Count;
    }

    /// <summary>Covariance of two features, divided by n − 1.</summary>
    public double Covariance(int a, int b)
    {
        Flush();
        Int128 product = products[(Math.Min(a, b) * FourierFeatures.Count) + Math.Max(a, b)];
        double scatter = (double)((product * Count) - ((Int128)sums[a] * sums[b])) / Count;
        return scatter / (Count - 1) / (FeatureGrid * FeatureGrid);
    }

    public static VectorTally Read(BinaryReader reader)
    {
        long missing = reader.ReadInt64();
        int width = reader.ReadInt32();
        if (width is < 0 or > MostWidth)
        {
            throw new InvalidDataException("an embedding has an impossible width");
        }

        VectorTally tally = new() { Missing = missing, Width = width, Norms = NumberTally.Read(reader), dimensions = new long[width] };
        for (int i = 0; i < width; i++)
        {
            tally.dimensions[i] = reader.ReadInt64();
        }

        for (int a = 0; a < FourierFeatures.Count; a++)
        {
            tally.sums[a] = reader.ReadInt64();
            for (int b = a; b < FourierFeatures.Count; b++)
            {
                ulong low = reader.ReadUInt64();
                tally.products[(a * FourierFeatures.Count) + b] = ((Int128)reader.ReadInt64() << 64) | low;
            }
        }

        return tally;
    }

    public override unsafe void Accept(Column column, int rows)
    {
        MatrixColumn matrix = (MatrixColumn)column;
        if (matrix.Width == 0)
        {
            Missing += rows;
            return;
        }

        if (Width == 0)
        {
            (Width, dimensions) = (matrix.Width, new long[matrix.Width]);
        }

        features ??= new FourierFeatures(Width);
        if (!matrix.IsDouble)
        {
            for (int i = 0; i < rows; i++)
            {
                Add((float*)matrix.Pointer + ((nint)i * Width));
            }

            return;
        }

        row = row.Length == Width ? row : new float[Width];
        fixed (float* single = row)
        {
            for (int i = 0; i < rows; i++)
            {
                double* from = (double*)matrix.Pointer + ((nint)i * Width);
                for (int d = 0; d < Width; d++)
                {
                    single[d] = (float)from[d];
                }

                Add(single);
            }
        }
    }

    public override void Merge(ColumnTally other)
    {
        VectorTally vectors = (VectorTally)other;
        Flush();
        vectors.Flush();
        Missing += vectors.Missing;
        Norms.Merge(vectors.Norms);
        if (vectors.Width == 0)
        {
            return;
        }

        if (Width == 0)
        {
            (Width, dimensions) = (vectors.Width, new long[vectors.Width]);
        }

        if (Width != vectors.Width)
        {
            throw new InputException($"embeddings of {Width} and of {vectors.Width} dimensions cannot be one reference", null, null, "Use embeddings of one model.");
        }

        for (int d = 0; d < Width; d++)
        {
            dimensions[d] += vectors.dimensions[d];
        }

        for (int a = 0; a < sums.Length; a++)
        {
            sums[a] += vectors.sums[a];
        }

        for (int i = 0; i < products.Length; i++)
        {
            products[i] += vectors.products[i];
        }
    }

    public override void Write(BinaryWriter writer)
    {
        Flush();
        writer.Write(Missing);
        writer.Write(Width);
        Norms.Write(writer);
        foreach (long sum in dimensions)
        {
            writer.Write(sum);
        }

        for (int a = 0; a < FourierFeatures.Count; a++)
        {
            writer.Write(sums[a]);
            for (int b = a; b < FourierFeatures.Count; b++)
            {
                Int128 product = products[(a * FourierFeatures.Count) + b];
                writer.Write((ulong)product);
                writer.Write((long)(product >> 64));
            }
        }
    }

    private unsafe void Add(float* vector)
    {
        double squared = VectorDistance.Dot(vector, vector, Width);
        if (VectorDistance.IsExcluded(VectorMetric.Cosine, squared))
        {
            Missing++;
            return;
        }

        double norm = Math.Sqrt(squared);
        Norms.Add(norm);
        for (int d = 0; d < Width; d++)
        {
            dimensions[d] += FixedGrid.Round(vector[d] / norm, DimensionGrid);
        }

        features!.Of(vector, norm, values);
        Span<double> mine = block.AsSpan(blockRows * FourierFeatures.Count, FourierFeatures.Count);
        for (int a = 0; a < values.Length; a++)
        {
            long quantized = FixedGrid.Round(values[a], FeatureGrid);
            mine[a] = quantized;
            sums[a] += quantized;
        }

        if (++blockRows == BlockRows)
        {
            Flush();
        }
    }

    /// <summary>Sums the products of the rows in the block: whole numbers, so exact in any order.</summary>
    private void Flush()
    {
        int lanes = Vector<double>.Count;
        for (int a = 0; a < FourierFeatures.Count && blockRows > 0; a++)
        {
            for (int b = a / lanes * lanes; b < FourierFeatures.Count; b += lanes)
            {
                Vector<double> sum = Vector<double>.Zero;
                for (int r = 0, at = 0; r < blockRows; r++, at += FourierFeatures.Count)
                {
                    sum += new Vector<double>(block[at + a]) * new Vector<double>(block, at + b);
                }

                for (int lane = 0; lane < lanes; lane++)
                {
                    products[(a * FourierFeatures.Count) + b + lane] += (long)sum[lane];
                }
            }
        }

        blockRows = 0;
    }
}
