using GpuDiag.Kernels.Algebra;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// Sums of temperature scaling's loss, gradient and curvature at one inverse temperature per (table, segment).
/// Formula: <see cref="Temper"/>. Rows that <see cref="RowGuard"/> excludes or that have no known label are left out, and
/// so is a segment whose β is NaN. Tables whose β has the same bits for a row share its evaluation.
/// Cost per row of K classes and distinct β: 4·K (8·K) bytes, about 73 double operations per entry (a logarithm and an
/// exponential): bound by fp64 arithmetic. Seven atomics per table.
/// </summary>
public static class TemperKernel
{
    /// <summary>u64 totals per cell: rows, then halves (low 32 bits, high bits) of three sums.</summary>
    public const int Fields = 7;

    public const int Rows = 0, Loss = 1, Gradient = 3, Curvature = 5;

    /// <summary>Double operations per entry and distinct β, a quotient as ten.</summary>
    public const int OperationsPerEntry = 73;

    /// <summary>A thread per row.</summary>
    public static void Narrow<TRow>(RowInput input, ArrayView<long> limits, ArrayView<double> betas, ArrayView<ulong> cells, int replicas)
        where TRow : struct, IDeviceRow<TRow>
    {
        int stride = Grid.DimX * Group.DimX;
        for (int row = Grid.GlobalLinearIndex; row < input.Rows; row += stride)
        {
            TRow values = TRow.Of(input.Matrix, row, input.Classes);
            int label = input.Label(row);
            if (label < 0 || RowGuard.Lane(values, input.Classes, 0, 1) != 0)
            {
                continue;
            }

            double largest = values.At(RowOrder.ArgMax(values, input.Classes));
            ulong shared = ulong.MaxValue; // a NaN: no β yet
            long loss = 0, gradient = 0, curvature = 0;
            for (int t = 0; t < input.Tables; t++)
            {
                long at = limits[2 * t] + input.Code(1 + t, row);
                double beta = at < limits[(2 * t) + 1] ? betas[at] : double.NaN;
                if (double.IsNaN(beta))
                {
                    continue;
                }

                if (Interop.FloatAsInt(beta) != shared)
                {
                    var temper = Temper.Of(values, input.Classes, label, largest, beta);
                    loss = FixedSum.Quantize(Deterministic.Mul(temper.Loss, Temper.Scale));
                    gradient = FixedSum.Quantize(Deterministic.Mul(temper.Gradient, Temper.Scale));
                    curvature = FixedSum.Quantize(Deterministic.Mul(temper.Curvature, Temper.Scale));
                    shared = Interop.FloatAsInt(beta);
                }

                Add(cells, ((at * replicas) + (row & (replicas - 1))) * Fields, loss, gradient, curvature);
            }
        }
    }

    /// <summary>Eight threads of a warp per row; the warp has at least eight.</summary>
    public static void Wide<TRow>(RowInput input, ArrayView<long> limits, ArrayView<double> betas, ArrayView<ulong> cells, int replicas)
        where TRow : struct, IDeviceRow<TRow>
    {
        int lane = Group.IdxX & (RowSum.Lanes - 1);
        int rowsPerGroup = Group.DimX / RowSum.Lanes;
        for (int first = Grid.IdxX * rowsPerGroup; first < input.Rows; first += Grid.DimX * rowsPerGroup)
        {
            // Every thread of a warp takes part in its shuffles, also those past the last row or on an excluded one.
            int row = first + (Group.IdxX / RowSum.Lanes);
            bool counts = row < input.Rows;
            row = counts ? row : input.Rows - 1;
            TRow values = TRow.Of(input.Matrix, row, input.Classes);
            int label = input.Label(row);
            counts &= (label >= 0) & (Faults(values, input.Classes, lane) == 0);
            double own = values.At(label < 0 ? 0 : label);
            double top = LogLoss.LogClipped(new Lanes1(Largest(values, input.Classes, lane))).Value;
            ulong shared = ulong.MaxValue; // a NaN: no β yet
            long loss = 0, gradient = 0, curvature = 0;
            for (int t = 0; t < input.Tables; t++)
            {
                long at = limits[2 * t] + input.Code(1 + t, row);
                double beta = counts && at < limits[(2 * t) + 1] ? betas[at] : double.NaN;
                bool defined = !double.IsNaN(beta);
                bool other = defined & (Interop.FloatAsInt(beta) != shared);
                if (AnyInWarp(other ? 1 : 0) != 0)
                {
                    double used = defined ? beta : 1.0;
                    TemperSums<Lanes1> sums = Temper.Lane(values, input.Classes, top, used, lane);
                    var temper = Temper.Finish(Total(sums.Weight.Value), Total(sums.First.Value), Total(sums.Second.Value), own, top, used);
                    loss = other ? FixedSum.Quantize(Deterministic.Mul(temper.Loss, Temper.Scale)) : loss;
                    gradient = other ? FixedSum.Quantize(Deterministic.Mul(temper.Gradient, Temper.Scale)) : gradient;
                    curvature = other ? FixedSum.Quantize(Deterministic.Mul(temper.Curvature, Temper.Scale)) : curvature;
                    shared = other ? Interop.FloatAsInt(beta) : shared;
                }

                if (defined & (lane == 0))
                {
                    Add(cells, ((at * replicas) + (row & (replicas - 1))) * Fields, loss, gradient, curvature);
                }
            }
        }
    }

    private static void Add(ArrayView<ulong> cells, long cell, long loss, long gradient, long curvature)
    {
        Atomic.Add(ref cells[cell + Rows], 1UL);
        Halves.Add(cells, cell + Loss, loss);
        Halves.Add(cells, cell + Gradient, gradient);
        Halves.Add(cells, cell + Curvature, curvature);
    }

    private static double Total(double lane)
    {
        lane = Deterministic.Add(lane, Warp.ShuffleXor(lane, 4));
        lane = Deterministic.Add(lane, Warp.ShuffleXor(lane, 2));
        return Deterministic.Add(lane, Warp.ShuffleXor(lane, 1));
    }

    private static int Faults<TRow>(TRow values, int classes, int lane)
        where TRow : struct, IRow
    {
        int faults = RowGuard.Lane(values, classes, lane, RowSum.Lanes);
        faults |= Warp.ShuffleXor(faults, 4);
        faults |= Warp.ShuffleXor(faults, 2);
        return faults | Warp.ShuffleXor(faults, 1);
    }

    private static double Largest<TRow>(TRow values, int classes, int lane)
        where TRow : struct, IRow
    {
        double top = double.NegativeInfinity;
        for (int k = lane; k < classes; k += RowSum.Lanes)
        {
            double p = values.At(k);
            top = p > top ? p : top;
        }

        top = Larger(top, Warp.ShuffleXor(top, 4));
        top = Larger(top, Warp.ShuffleXor(top, 2));
        return Larger(top, Warp.ShuffleXor(top, 1));
    }

    private static double Larger(double a, double b) => a > b ? a : b;

    private static int AnyInWarp(int bit)
    {
        for (int mask = Warp.WarpSize >> 1; mask > 0; mask >>= 1)
        {
            bit |= Warp.ShuffleXor(bit, mask);
        }

        return bit;
    }
}
