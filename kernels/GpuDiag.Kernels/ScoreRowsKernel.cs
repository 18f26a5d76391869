using GpuDiag.Kernels.Algebra;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// Probability rows → per row arg max, confidence, margin, entropy, loss and the label's probability, and exact sums per
/// table and segment. Formulas: <see cref="RowScan"/>, <see cref="LogLoss"/>, <see cref="FixedSum.Quantize"/>.
/// A row with a NaN entry, or one outside [0, 1] by more than 1e-3, has arg max −1, NaN elsewhere, and is only counted
/// (as NaN where both are true). A row without a label keeps what needs none.
/// Cost per row of K classes: 4·K (8·K) bytes read once, 44 written, about 41 double operations per entry (the entropy's
/// logarithm), so fp64 arithmetic binds before memory; ten atomics per table.
/// </summary>
public static class ScoreRowsKernel
{
    /// <summary>u64 totals per cell: six counts, then halves (low 32 bits, high bits) of four sums.</summary>
    public const int Fields = 14;

    public const int Scored = 0, TopHits = 1, NaN = 2, OutOfRange = 3, BadSum = 4, NoLabel = 5, Loss = 6, Brier = 8, LossSquares = 10, BrierSquares = 12;

    /// <summary>Doubles per row of the results: confidence, margin, entropy, loss, the label's probability; each a plane of its own.</summary>
    public const int Planes = 5;

    /// <summary>Double operations per entry, a quotient as ten: for the bound that a benchmark holds the kernel to.</summary>
    public const int OperationsPerEntry = 41;

    private const double SumTolerance = 1e-3;

    /// <summary>A thread per row.</summary>
    public static void Narrow<TRow>(
        RowInput input, int topK, double squareScale, ArrayView<long> limits, ArrayView<ulong> cells, int replicas, ArrayView<int> argMax, ArrayView<double> planes)
        where TRow : struct, IDeviceRow<TRow>
    {
        int stride = Grid.DimX * Group.DimX;
        for (int row = Grid.GlobalLinearIndex; row < input.Rows; row += stride)
        {
            TRow values = TRow.Of(input.Matrix, row, input.Classes);
            int label = input.Label(row);
            double own = label < 0 ? 0.0 : values.At(label);
            RowScan scan = RowScan.Of(values, input.Classes, label, own);
            Store(input, scan, row, label, own, argMax, planes);
            Sum(input, scan, row, label, own, topK, squareScale, limits, cells, replicas);
        }
    }

    /// <summary>Eight threads of a warp per row; the warp has at least eight.</summary>
    public static void Wide<TRow>(
        RowInput input, int topK, double squareScale, ArrayView<long> limits, ArrayView<ulong> cells, int replicas, ArrayView<int> argMax, ArrayView<double> planes)
        where TRow : struct, IDeviceRow<TRow>
    {
        int lane = Group.IdxX & (RowSum.Lanes - 1);
        int rowsPerGroup = Group.DimX / RowSum.Lanes;
        for (int first = Grid.IdxX * rowsPerGroup; first < input.Rows; first += Grid.DimX * rowsPerGroup)
        {
            // Threads past the last row read it again: every thread of a warp takes part in its shuffles.
            int row = first + (Group.IdxX / RowSum.Lanes);
            bool real = row < input.Rows;
            row = real ? row : input.Rows - 1;
            TRow values = TRow.Of(input.Matrix, row, input.Classes);
            int label = input.Label(row);
            double own = label < 0 ? 0.0 : values.At(label);
            RowScan scan = RowScan.OfLanes(values, input.Classes, label, own, lane);
            if (real & (lane == 0))
            {
                Store(input, scan, row, label, own, argMax, planes);
                Sum(input, scan, row, label, own, topK, squareScale, limits, cells, replicas);
            }
        }
    }

    private static void Store(RowInput input, RowScan scan, int row, int label, double own, ArrayView<int> argMax, ArrayView<double> planes)
    {
        bool valid = scan.Faults == 0;
        bool labelled = valid & (label >= 0);
        double margin = input.Classes == 1 ? scan.Top : Deterministic.Sub(scan.Top, scan.Second);
        argMax[row] = valid ? scan.Best : -1;
        planes[row] = valid ? scan.Top : double.NaN;
        planes[(long)input.Rows + row] = valid ? margin : double.NaN;
        planes[(2L * input.Rows) + row] = valid ? scan.Entropy : double.NaN;
        planes[(3L * input.Rows) + row] = labelled ? LogLoss.Of(own) : double.NaN;
        planes[(4L * input.Rows) + row] = labelled ? own : double.NaN;
    }

    private static void Sum(
        RowInput input, RowScan scan, int row, int label, double own, int topK, double squareScale, ArrayView<long> limits, ArrayView<ulong> cells, int replicas)
    {
        bool valid = scan.Faults == 0;
        bool labelled = valid & (label >= 0);
        double off = Deterministic.Sub(scan.Total, 1.0);
        bool badSum = valid & ((off > SumTolerance) | (off < -SumTolerance));
        double loss = LogLoss.Of(labelled ? own : 1.0);
        long quantizedLoss = FixedSum.Quantize(loss);
        long quantizedBrier = FixedSum.Quantize(scan.Brier);
        long lossSquare = FixedSum.Quantize(Deterministic.Mul(Deterministic.Mul(loss, loss), squareScale));
        long brierSquare = FixedSum.Quantize(Deterministic.Mul(Deterministic.Mul(scan.Brier, scan.Brier), squareScale));
        for (int t = 0; t < input.Tables; t++)
        {
            long cell = Cell(input, row, t, limits, replicas) * Fields;
            if (!valid)
            {
                Atomic.Add(ref cells[cell + ((scan.Faults & RowGuard.NaN) != 0 ? NaN : OutOfRange)], 1UL);
                continue;
            }

            if (badSum)
            {
                Atomic.Add(ref cells[cell + BadSum], 1UL);
            }

            if (!labelled)
            {
                Atomic.Add(ref cells[cell + NoLabel], 1UL);
                continue;
            }

            Atomic.Add(ref cells[cell + Scored], 1UL);
            if (scan.Rank < topK)
            {
                Atomic.Add(ref cells[cell + TopHits], 1UL);
            }

            Halves.Add(cells, cell + Loss, quantizedLoss);
            Halves.Add(cells, cell + Brier, quantizedBrier);
            Halves.Add(cells, cell + LossSquares, lossSquare);
            Halves.Add(cells, cell + BrierSquares, brierSquare);
        }
    }

    /// <summary>
    /// The cell of a row in table t. limits holds a table's first cell and its end, alternating; each cell has
    /// <paramref name="replicas"/> copies, so that rows of one segment do not all wait for one address.
    /// </summary>
    private static long Cell(RowInput input, int row, int t, ArrayView<long> limits, int replicas) =>
        ((limits[2 * t] + input.Code(1 + t, row)) * replicas) + (row & (replicas - 1));
}
