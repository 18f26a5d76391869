using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>Rows by the algebra's scalar forms, column by column.</summary>
internal readonly unsafe struct ScalarRows : IRowReader
{
    public static bool TryScan<TRow>(TRow row, int classes, int label, out RowScan scan)
        where TRow : struct, IVectorRow
    {
        scan = default;
        if (!TryLargest(row, classes, out _))
        {
            return false;
        }

        int best = RowOrder.ArgMax(row, classes);
        scan = new RowScan(
            best,
            row.At(best),
            RowOrder.Margin(row, classes),
            RowSum.Of<TRow, Entropy>(row, classes, label),
            RowSum.Of<TRow, Mass>(row, classes, label),
            RowSum.Of<TRow, Brier>(row, classes, label),
            label < 0 ? -1 : RowOrder.RankOfLabel(row, classes, label));
        return true;
    }

    public static bool TryLargest<TRow>(TRow row, int classes, out double largest)
        where TRow : struct, IVectorRow
    {
        largest = row.At(0);
        for (int k = 0; k < classes; k++)
        {
            double p = row.At(k);
            if (!RowRule.IsValid(p))
            {
                return false;
            }

            largest = p > largest ? p : largest;
        }

        return true;
    }

    public static void Centre<TRow>(TRow row, int classes, double top, double* centred)
        where TRow : struct, IVectorRow
    {
        for (int k = 0; k < classes; k++)
        {
            centred[k] = Kernels.Algebra.Temper.Centre(new Lanes1(row.At(k)), new Lanes1(top)).Value;
        }
    }

    public static Temper Temper(double* centred, int classes, double labelProbability, double top, double beta)
    {
        TemperSums<Lanes1>* lanes = stackalloc TemperSums<Lanes1>[RowSum.Lanes];
        for (int k = 0; k < RowSum.Lanes; k++)
        {
            lanes[k] = default;
        }

        for (int k = 0; k < classes; k++)
        {
            lanes[k % RowSum.Lanes] = lanes[k % RowSum.Lanes].AddCentred(new Lanes1(centred[k]), new Lanes1(beta));
        }

        TemperSums<Lanes1> total = lanes[0].Add(lanes[4]).Add(lanes[2].Add(lanes[6])).Add(lanes[1].Add(lanes[5]).Add(lanes[3].Add(lanes[7])));
        return Kernels.Algebra.Temper.Finish(total.Weight.Value, total.First.Value, total.Second.Value, labelProbability, top, beta);
    }
}
