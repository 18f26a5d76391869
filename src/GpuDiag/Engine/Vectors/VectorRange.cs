using System.Numerics;

namespace GpuDiag.Engine.Vectors;

/// <summary>The smallest and the largest value of each dimension, over the rows without NaN and infinities.</summary>
public sealed class VectorRange
{
    private const int PieceRows = 4096;

    private VectorRange(int width)
    {
        Low = new float[width];
        High = new float[width];
        Array.Fill(Low, float.PositiveInfinity);
        Array.Fill(High, float.NegativeInfinity);
    }

    public int Width => Low.Length;

    /// <summary>Rows that counted.</summary>
    public long Rows { get; private set; }

    /// <summary>By dimension; 0 when no row counted.</summary>
    public float[] Low { get; }

    /// <summary>By dimension; 0 when no row counted.</summary>
    public float[] High { get; }

    /// <summary>The largest magnitude of all; 0 when no row counted.</summary>
    public float Largest
    {
        get
        {
            float largest = 0;
            for (int i = 0; i < Width; i++)
            {
                largest = Math.Max(largest, Math.Max(Math.Abs(Low[i]), Math.Abs(High[i])));
            }

            return largest;
        }
    }

    /// <summary>Reads every vector once.</summary>
    public static VectorRange Of(VectorBlock vectors, int threads, CancellationToken cancel)
    {
        VectorRange all = new(vectors.Width);
        Parallel.For(
            0,
            (vectors.Rows + PieceRows - 1) / PieceRows,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancel },
            () => new VectorRange(vectors.Width),
            (piece, _, range) =>
            {
                range.Add(vectors.Slice(piece * PieceRows, Math.Min(PieceRows, vectors.Rows - (piece * PieceRows))));
                return range;
            },
            range =>
            {
                lock (all)
                {
                    all.Merge(range);
                }
            });
        if (all.Rows == 0)
        {
            Array.Clear(all.Low);
            Array.Clear(all.High);
        }

        return all;
    }

    private unsafe void Add(VectorBlock vectors)
    {
        for (long row = 0; row < vectors.Rows; row++)
        {
            ReadOnlySpan<float> values = new(vectors.Row(row), vectors.Width);
            if (IsFinite(values))
            {
                Rows++;
                Take(values, values);
            }
        }
    }

    private void Merge(VectorRange other)
    {
        Rows += other.Rows;
        Take(other.Low, other.High);
    }

    private void Take(ReadOnlySpan<float> low, ReadOnlySpan<float> high)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= low.Length; i += Vector<float>.Count)
        {
            Vector.Min(new Vector<float>(low[i..]), new Vector<float>(Low, i)).CopyTo(Low, i);
            Vector.Max(new Vector<float>(high[i..]), new Vector<float>(High, i)).CopyTo(High, i);
        }

        for (; i < low.Length; i++)
        {
            Low[i] = Math.Min(low[i], Low[i]);
            High[i] = Math.Max(high[i], High[i]);
        }
    }

    /// <summary>0·x is 0 for every finite x and NaN for others.</summary>
    private static bool IsFinite(ReadOnlySpan<float> values)
    {
        Vector<float> sum = Vector<float>.Zero;
        int i = 0;
        for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
        {
            sum += new Vector<float>(values[i..]) * 0f;
        }

        float rest = Vector.Sum(sum);
        for (; i < values.Length; i++)
        {
            rest += values[i] * 0f;
        }

        return rest == 0;
    }
}
