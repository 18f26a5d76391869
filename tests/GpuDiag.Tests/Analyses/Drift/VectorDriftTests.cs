using System.Text;
using GpuDiag.Analyses.Drift;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Drift;

/// <summary>Drift of embeddings: an honest test, found shifts, exact sums.</summary>
public sealed class VectorDriftTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void SinCos_AreThoseOfTheMathLibrary()
    {
        Random random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            double x = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 5));
            (double sin, double cos) = Trigonometry.SinCos(x);
            Assert.Equal(Math.Sin(x), sin, 2e-15);
            Assert.Equal(Math.Cos(x), cos, 2e-15);
        }

        Assert.Equal((0, 1), Trigonometry.SinCos(0));
        Assert.True(double.IsNaN(Trigonometry.SinCos(double.NaN).Sin) && double.IsNaN(Trigonometry.SinCos(2e5).Cos));
    }

    /// <summary>Against the definition in plain doubles: covariance of the features, a linear system, nothing quantised.</summary>
    [Fact]
    public void Statistic_IsHotellingsOfTheFeatures()
    {
        float[][] a = Vectors(400, 12, 1, 0, 1), b = Vectors(300, 12, 2, 0.3, 1);
        VectorComparison actual = new(Tally(a), Tally(b));
        double expected = Hotelling(Features(a), Features(b));
        Assert.Equal(1, actual.Statistic / expected, 1e-4);
        Assert.Equal(FourierFeatures.Count, actual.Rank);
    }

    [Fact]
    public void SameDistribution_IsRarelyCalledDrift()
    {
        int alarms = 0;
        for (int i = 0; i < 200; i++)
        {
            VectorComparison compared = new(Tally(Vectors(250, 8, (2 * i) + 10, 0, 1)), Tally(Vectors(200, 8, (2 * i) + 11, 0, 1)));
            alarms += compared.PValue <= 0.05 ? 1 : 0;
        }

        Assert.InRange(alarms, 2, 22);
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0, 3)]
    public void OtherMeanOrShape_IsFound(double shift, double stretch)
    {
        VectorComparison compared = new(Tally(Vectors(1500, 8, 1, 0, 1)), Tally(Vectors(1500, 8, 2, shift, stretch)));
        Assert.InRange(compared.PValue!.Value, 0, 1e-6);
        Assert.InRange(compared.Auc, 0.55, 1);
    }

    [Fact]
    public void OtherLength_IsDriftOfTheNormAlone()
    {
        float[][] a = Vectors(900, 6, 1, 0, 1), b = [.. Vectors(900, 6, 2, 0, 1).Select(v => Array.ConvertAll(v, x => 2 * x))];
        DriftFile.Write(folder["a.parquet"], 1, ("embedding", a));
        DriftFile.Write(folder["b.parquet"], 1, ("embedding", b));
        DriftResult result = Run("a.parquet", "b.parquet");
        Assert.Equal([("embedding", DriftKind.Embedding, false), ("norm(embedding)", DriftKind.Numeric, true)], result.Columns.Select(c => (c.Column, c.Kind, c.Drifted)));
        Assert.Equal("t2", result.Columns[0].Method);
    }

    [Fact]
    public void NullNanAndZeroVectors_AreMissing_AndOtherWidthsAreNotCompared()
    {
        float[]?[] vectors = [.. Vectors(200, 5, 1, 0, 1)];
        (vectors[3], vectors[4], vectors[5]) = (null, [1, 2, float.NaN, 1, 1], new float[5]);
        DriftFile.Write(folder["a.parquet"], 2, ("embedding", vectors), ("x", new double[200]));
        DriftFile.Write(folder["b.parquet"], 1, ("embedding", Vectors(200, 5, 2, 0, 1)), ("x", new double[200]));
        DriftFile.Write(folder["c.parquet"], 1, ("embedding", Vectors(20, 7, 2, 0, 1)), ("x", new double[20]));
        DriftFile.Write(folder["d.parquet"], 1, ("embedding", new float[]?[20]), ("x", new double[20]));
        Assert.Equal(3, Run("a.parquet", "b.parquet").Columns[0].Missing.Reference);
        Assert.Contains(Run("a.parquet", "c.parquet").NotCompared, c => c is { Column: "embedding", Reason: "has 7 dimensions in the current data, 5 in the reference" });
        ColumnDrift empty = Run("a.parquet", "d.parquet").Columns[0];
        Assert.True(empty is { Method: null, Drifted: true, Missing.Drifted: true });
    }

    [Fact]
    public void AnySplitAndPrecision_GiveTheSameState()
    {
        float[][] vectors = Vectors(700, 9, 5, 0, 1);
        byte[] whole = Bytes(Tally(vectors));
        VectorTally left = Tally(vectors[..123]), right = Tally([.. vectors[123..].Reverse()]);
        right.Merge(left);
        Assert.Equal(whole, Bytes(right));
        using MemoryStream stream = new(whole);
        using BinaryReader reader = new(stream, Encoding.UTF8);
        Assert.Equal(whole, Bytes(VectorTally.Read(reader)));
        DriftFile.Write(folder["f.parquet"], 3, ("embedding", vectors));
        DriftFile.Write(folder["d.parquet"], 1, ("embedding", vectors.Select(v => Array.ConvertAll(v, x => (double)x)).ToArray()));
        DriftResult singles = Run("f.parquet", "d.parquet");
        Assert.Equal((0, 1), (singles.Columns[0].Statistic, singles.Columns[0].PValue));
    }

    private static float[][] Vectors(int rows, int width, int seed, double shift, double stretch)
    {
        Random random = new(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, width).Select(d => (float)((Normal() * (d < width / 2 ? stretch : 1)) + (d == 0 ? shift : 0))).ToArray())];
    }

    private static unsafe VectorTally Tally(float[][] vectors)
    {
        using MatrixColumn column = new();
        column.Reserve(vectors.Length, vectors[0].Length, false);
        vectors.SelectMany(v => v).ToArray().CopyTo(column.Floats(vectors.Length));
        VectorTally tally = new();
        tally.Accept(column, vectors.Length);
        return tally;
    }

    private static unsafe double[][] Features(float[][] vectors)
    {
        FourierFeatures features = new(vectors[0].Length);
        double[][] all = [.. vectors.Select(_ => new double[FourierFeatures.Count])];
        for (int i = 0; i < vectors.Length; i++)
        {
            fixed (float* vector = vectors[i])
            {
                features.Of(vector, Math.Sqrt(vectors[i].Sum(x => (double)x * x)), all[i]);
            }
        }

        return all;
    }

    private static double Hotelling(double[][] a, double[][] b)
    {
        int p = a[0].Length;
        double[] meanA = [.. Enumerable.Range(0, p).Select(i => a.Average(r => r[i]))], meanB = [.. Enumerable.Range(0, p).Select(i => b.Average(r => r[i]))];
        double[,] system = new double[p, p + 1];
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j < p; j++)
            {
                system[i, j] = (a.Sum(r => (r[i] - meanA[i]) * (r[j] - meanA[j])) + b.Sum(r => (r[i] - meanB[i]) * (r[j] - meanB[j]))) / (a.Length + b.Length - 2);
            }

            system[i, p] = meanB[i] - meanA[i];
        }

        // Gauss and Jordan, with the greatest pivot of each column.
        for (int c = 0; c < p; c++)
        {
            int pivot = Enumerable.Range(c, p - c).MaxBy(r => Math.Abs(system[r, c]));
            for (int j = 0; j <= p; j++)
            {
                (system[c, j], system[pivot, j]) = (system[pivot, j], system[c, j]);
            }

            for (int r = 0; r < p; r++)
            {
                double factor = r == c ? 0 : system[r, c] / system[c, c];
                for (int j = c; j <= p && factor != 0; j++)
                {
                    system[r, j] -= factor * system[c, j];
                }
            }
        }

        double squared = Enumerable.Range(0, p).Sum(i => (meanB[i] - meanA[i]) * system[i, p] / system[i, i]);
        return squared * a.Length * b.Length / (a.Length + b.Length);
    }

    private static byte[] Bytes(VectorTally tally)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        tally.Write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private DriftResult Run(string a, string b) =>
        GpuDiag.Analyses.Drift.Drift.Run(new DriftOptions { Datasets = [folder[a], folder[b]], Device = "cpu" }, null, CancellationToken.None).Results[0];
}
