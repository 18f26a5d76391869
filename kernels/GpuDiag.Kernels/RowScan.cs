using System.Runtime.InteropServices;
using GpuDiag.Kernels.Algebra;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// All that one pass over a row of probabilities tells, in the canonical order of <see cref="RowSum"/>: the scan of one
/// lane, and the merge of two. Sums are added lane to lane as the order says; the rest is comparisons.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct RowScan
{
    /// <summary>Bits of <see cref="RowGuard"/>.</summary>
    public int Faults;

    /// <summary>Column of the largest probability, the lowest on ties.</summary>
    public int Best;

    /// <summary>Columns before the label, by probability and then column.</summary>
    public int Rank;

    /// <summary>Largest and second largest probability; −∞ where there is none.</summary>
    public double Top, Second;

    /// <summary>Sums over the row: entropy, Brier score, probabilities.</summary>
    public double Entropy, Brier, Total;

    /// <summary>The scan of one lane's columns. label is −1, and own anything, where there is no label.</summary>
    public static RowScan Lane<TRow>(TRow row, int classes, int label, double own, int lane)
        where TRow : struct, IRow
    {
        var scan = new RowScan { Best = int.MaxValue, Top = double.NegativeInfinity, Second = double.NegativeInfinity };
        for (int k = lane; k < classes; k += RowSum.Lanes)
        {
            double p = row.At(k);
            scan.Faults |= RowGuard.Faults(p);
            bool larger = p > scan.Top;
            scan.Second = larger ? scan.Top : p > scan.Second ? p : scan.Second;
            scan.Best = larger ? k : scan.Best;
            scan.Top = larger ? p : scan.Top;
            scan.Rank += (p > own) | ((p == own) & (k < label)) ? 1 : 0;
            var value = new Lanes1(p);
            var target = new Lanes1(k == label ? 1.0 : 0.0);
            scan.Entropy = Algebra.Entropy.Add(new Lanes1(scan.Entropy), value, target).Value;
            scan.Brier = Algebra.Brier.Add(new Lanes1(scan.Brier), value, target).Value;
            scan.Total = Deterministic.Add(scan.Total, p);
        }

        return scan;
    }

    /// <summary>The whole row by one thread.</summary>
    public static RowScan Of<TRow>(TRow row, int classes, int label, double own)
        where TRow : struct, IRow
    {
        RowScan even = Merge(Merge(Lane(row, classes, label, own, 0), Lane(row, classes, label, own, 4)), Merge(Lane(row, classes, label, own, 2), Lane(row, classes, label, own, 6)));
        RowScan odd = Merge(Merge(Lane(row, classes, label, own, 1), Lane(row, classes, label, own, 5)), Merge(Lane(row, classes, label, own, 3), Lane(row, classes, label, own, 7)));
        return Merge(even, odd);
    }

    /// <summary>The whole row by eight threads of a warp, one per lane; each gets the result. All threads of the warp take part.</summary>
    public static RowScan OfLanes<TRow>(TRow row, int classes, int label, double own, int lane)
        where TRow : struct, IRow
    {
        RowScan scan = Lane(row, classes, label, own, lane);
        scan = Merge(scan, scan.Shuffle(4));
        scan = Merge(scan, scan.Shuffle(2));
        return Merge(scan, scan.Shuffle(1));
    }

    private static RowScan Merge(RowScan a, RowScan b)
    {
        bool second = (b.Top > a.Top) | ((b.Top == a.Top) & (b.Best < a.Best));
        double loser = second ? a.Top : b.Top;
        double runner = second ? b.Second : a.Second;
        return new RowScan
        {
            Faults = a.Faults | b.Faults,
            Best = second ? b.Best : a.Best,
            Rank = a.Rank + b.Rank,
            Top = second ? b.Top : a.Top,
            Second = loser > runner ? loser : runner,
            Entropy = Deterministic.Add(a.Entropy, b.Entropy),
            Brier = Deterministic.Add(a.Brier, b.Brier),
            Total = Deterministic.Add(a.Total, b.Total),
        };
    }

    private readonly RowScan Shuffle(int mask) => new()
    {
        Faults = Warp.ShuffleXor(Faults, mask),
        Best = Warp.ShuffleXor(Best, mask),
        Rank = Warp.ShuffleXor(Rank, mask),
        Top = Warp.ShuffleXor(Top, mask),
        Second = Warp.ShuffleXor(Second, mask),
        Entropy = Warp.ShuffleXor(Entropy, mask),
        Brier = Warp.ShuffleXor(Brier, mask),
        Total = Warp.ShuffleXor(Total, mask),
    };
}
