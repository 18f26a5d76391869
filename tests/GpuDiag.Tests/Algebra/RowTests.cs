using GpuDiag.Kernels.Algebra;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace GpuDiag.Tests.Algebra;

public class RowTests
{
    private const double Beta = 1.7;

    public static TheoryData<string> Kernels =>
    [
        nameof(RowKernels.Brier), nameof(RowKernels.Entropy), nameof(RowKernels.Loss), nameof(RowKernels.Order), nameof(RowKernels.Margin),
        nameof(RowKernels.TemperLoss), nameof(RowKernels.TemperGradient), nameof(RowKernels.TemperCurvature),
    ];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Ptx_RoundsExplicitlyAndKeepsRegisters(string kernel) =>
        DeviceCode.AssertDeterministic(DeviceCode.Ptx(typeof(RowKernels).GetMethod(kernel)!, CudaArchitecture.SM_80));

    [Theory]
    [InlineData(4)]
    [InlineData(32)]
    public unsafe void Simulator_HasTheBitsOfTheHost(int warp)
    {
        const int rows = 40;
        using var context = DeviceCode.Simulator(warp);
        using var accelerator = context.CreateCPUAccelerator(0);
        foreach (var classes in new[] { 1, 2, 7, 8, 10, 33 })
        {
            var values = Block(rows, classes);
            fixed (double* start = values)
            {
                var first = (nint)start;
                DoubleRow Row(int i) => new((double*)first + i * classes);
                Temper Tempered(int i) => Temper.OfVector(Row(i), classes, i % classes, Row(i).At(RowOrder.ArgMax(Row(i), classes)), Beta);
                AssertSame(accelerator, RowKernels.Brier, values, classes, i => RowSum.OfVector<DoubleRow, Brier>(Row(i), classes, i % classes));
                AssertSame(accelerator, RowKernels.Entropy, values, classes, i => RowSum.OfVector<DoubleRow, Entropy>(Row(i), classes, i % classes));
                AssertSame(accelerator, RowKernels.Loss, values, classes, i => LogLoss.Of(Row(i).At(i % classes)));
                AssertSame(accelerator, RowKernels.Order, values, classes, i => RowOrder.ArgMax(Row(i), classes) * 1000 + RowOrder.RankOfLabel(Row(i), classes, i % classes));
                AssertSame(accelerator, RowKernels.Margin, values, classes, i => RowOrder.Margin(Row(i), classes));
                AssertSame(accelerator, RowKernels.TemperLoss, values, classes, i => Tempered(i).Loss);
                AssertSame(accelerator, RowKernels.TemperGradient, values, classes, i => Tempered(i).Gradient);
                AssertSame(accelerator, RowKernels.TemperCurvature, values, classes, i => Tempered(i).Curvature);
            }
        }
    }

    [Fact]
    public unsafe void VectorRows_HaveTheBitsOfScalarRows()
    {
        for (var classes = 1; classes <= 40; classes++)
        {
            var values = Block(20, classes);
            var floats = values.Select(v => (float)v).ToArray();
            fixed (double* wide = values)
            fixed (float* narrow = floats)
            {
                for (var i = 0; i < 20; i++)
                {
                    AssertRow(new DoubleRow(wide + i * classes), classes, i % classes);
                    AssertRow(new FloatRow(narrow + i * classes), classes, i % classes);
                }
            }
        }
    }

    [Fact]
    public unsafe void Sums_FollowTheCanonicalOrder()
    {
        var values = Block(1, 29);
        fixed (double* start = values)
        {
            var lanes = new double[8];
            for (var k = 0; k < 29; k++)
                lanes[k % 8] = Math.FusedMultiplyAdd(values[k] - (k == 5 ? 1.0 : 0.0), values[k] - (k == 5 ? 1.0 : 0.0), lanes[k % 8]);
            var expected = ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
            Assert.Equal(expected, RowSum.Of<DoubleRow, Brier>(new DoubleRow(start), 29, 5));
        }
    }

    [Fact]
    public unsafe void Functions_MatchTheirDefinitions()
    {
        foreach (var classes in new[] { 2, 10, 100 })
        {
            var values = Block(50, classes);
            fixed (double* start = values)
            {
                for (var i = 0; i < 50; i++)
                {
                    var p = values[(i * classes)..((i + 1) * classes)];
                    var label = i % classes;
                    var row = new DoubleRow(start + i * classes);
                    Close(p.Select((v, k) => Math.Pow(v - (k == label ? 1 : 0), 2)).Sum(), RowSum.OfVector<DoubleRow, Brier>(row, classes, label));
                    Close(p.Sum(v => v > 0 ? -v * Math.Log(v) : 0.0), RowSum.OfVector<DoubleRow, Entropy>(row, classes, label));
                    Close(-Math.Log(Math.Clamp(p[label], Math.ScaleB(1.0, -52), 1.0)), LogLoss.Of(p[label]));

                    var logits = p.Select(v => Math.Log(Math.Clamp(v, Math.ScaleB(1.0, -52), 1.0))).ToArray();
                    var top = logits.Max();
                    var weights = logits.Select(l => Math.Exp(Beta * (l - top))).ToArray();
                    var mean = weights.Zip(logits, (w, l) => w * l).Sum() / weights.Sum();
                    var temper = Temper.OfVector(row, classes, label, p.Max(), Beta);
                    Close(Math.Log(weights.Sum()) + Beta * (top - logits[label]), temper.Loss);
                    Close(mean - logits[label], temper.Gradient);
                    Close(weights.Zip(logits, (w, l) => w * (l - mean) * (l - mean)).Sum() / weights.Sum(), temper.Curvature);
                }
            }
        }
    }

    [Fact]
    public unsafe void Order_BreaksTiesByTheLowerColumn()
    {
        double* values = stackalloc double[] { 0.2, 0.3, 0.3, 0.0, 0.2 };
        var row = new DoubleRow(values);
        Assert.Equal(1, RowOrder.ArgMax(row, 5));
        Assert.Equal([2, 0, 1, 4, 3], Enumerable.Range(0, 5).Select(label => RowOrder.RankOfLabel(new DoubleRow(values), 5, label)));
        Assert.Equal(0.0, RowOrder.Margin(row, 5));
        Assert.Equal(0.3 - 0.2, RowOrder.Margin(new DoubleRow(values + 2), 3));
        Assert.Equal(0.2, RowOrder.Margin(row, 1));
    }

    [Fact]
    public unsafe void Functions_AtTheEdges()
    {
        double* values = stackalloc double[] { 0.0, 1.0, 0.0, -0.001, 0.0, 0.0, 0.0, 0.0, 0.0 };
        var row = new DoubleRow(values);
        Assert.Equal(0.0, RowSum.OfVector<DoubleRow, Entropy>(row, 9, 1));
        Assert.Equal(36.043653389117154, LogLoss.Of(0.0));
        Assert.Equal(36.043653389117154, LogLoss.Of(-0.001));
        Assert.Equal(0.0, LogLoss.Of(1.001));
        var temper = Temper.OfVector(row, 9, 0, 1.0, Temper.MaxBeta);
        Close(36.043653389117154 * Temper.MaxBeta, temper.Loss);
        Assert.InRange(temper.Loss * Temper.Scale, 0.0, 127.0);
        Assert.Equal(0.0, LogLoss.Of(1.0));
    }

    private static void AssertRow<TRow>(TRow row, int classes, int label)
        where TRow : struct, IVectorRow
    {
        var largest = row.At(RowOrder.ArgMax(row, classes));
        Assert.Equal(RowSum.Of<TRow, Brier>(row, classes, label), RowSum.OfVector<TRow, Brier>(row, classes, label));
        Assert.Equal(RowSum.Of<TRow, Entropy>(row, classes, label), RowSum.OfVector<TRow, Entropy>(row, classes, label));
        var (one, eight) = (Temper.Of(row, classes, label, largest, Beta), Temper.OfVector(row, classes, label, largest, Beta));
        Assert.Equal((one.Loss, one.Gradient, one.Curvature), (eight.Loss, eight.Gradient, eight.Curvature));
    }

    private static void AssertSame(
        Accelerator accelerator, Action<Index1D, ArrayView<double>, int, ArrayView<double>> kernel, double[] values, int classes, Func<int, double> host)
    {
        var rows = values.Length / classes;
        using var input = accelerator.Allocate1D(values);
        using var output = accelerator.Allocate1D<double>(rows);
        accelerator.LoadAutoGroupedStreamKernel(kernel)(rows, input.View, classes, output.View);
        accelerator.Synchronize();
        Assert.Equal(Enumerable.Range(0, rows).Select(i => BitConverter.DoubleToInt64Bits(host(i))), output.GetAsArray1D().Select(BitConverter.DoubleToInt64Bits));
    }

    private static void Close(double expected, double actual) => Assert.InRange(actual, expected - 1e-12 * (1 + Math.Abs(expected)), expected + 1e-12 * (1 + Math.Abs(expected)));

    /// <summary>Rows that sum to about 1, with zeros, ties and some nearly certain.</summary>
    private static double[] Block(int rows, int classes)
    {
        var values = new double[rows * classes];
        for (var i = 0; i < rows; i++)
        {
            var row = values.AsSpan(i * classes, classes);
            for (var k = 0; k < classes; k++)
            {
                var u = Philox4x32.UnitOpen(Philox4x32.At(5, (ulong)i, (ulong)k).First);
                row[k] = (i % 4) switch { 0 => u, 1 => u * u * u * u, 2 => Math.Round(u * 3), _ => k == i % classes ? 1.0 : u * 1e-20 };
            }

            var sum = 0.0;
            foreach (var v in row)
                sum += v;
            for (var k = 0; k < classes && sum > 0; k++)
                row[k] /= sum;
        }

        return values;
    }
}
