using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// ScoreRows on the host: one pass per row for everything but the loss, whose logarithms are taken for eight rows at a
/// time; then the sums.
/// </summary>
internal sealed unsafe class ScoreFold<TReader>(ScorePlan plan) : IFold<ScoreBatch, ScoreState>
    where TReader : struct, IRowReader
{
    private const int BlockRows = 512;
    private readonly ClassColumns columns = new(plan.ClassCodes);
    private readonly RowScan[] scans = new RowScan[BlockRows];
    private ScoreState state = new(plan);

    public void Accept(ScoreBatch batch)
    {
        MatrixColumn matrix = batch.Probabilities;
        bool any = columns.Has(matrix);
        for (int first = 0; first < batch.Rows; first += BlockRows)
        {
            int n = Math.Min(BlockRows, batch.Rows - first);
            for (int r = first; r < first + n; r++)
            {
                int label = columns[batch.Label[r]];
                if (!any)
                {
                    Exclude(batch.Scores, r);
                }
                else if (matrix.IsDouble)
                {
                    Scan(batch.Scores, r, r - first, new DoubleRow((double*)matrix.Pointer + ((nint)r * columns.Count)), label);
                }
                else
                {
                    Scan(batch.Scores, r, r - first, new FloatRow((float*)matrix.Pointer + ((nint)r * columns.Count)), label);
                }
            }

            Losses(batch.Scores, first, n);
            Sum(batch, first, n, any);
        }
    }

    public ScoreState Take()
    {
        ScoreState taken = state;
        state = new ScoreState(plan);
        return taken;
    }

    public void Dispose()
    {
    }

    private static void Exclude(RowScores scores, int r)
    {
        scores.ArgMax[r] = -1;
        scores.Confidence[r] = scores.Margin[r] = scores.Entropy[r] = scores.LabelProbability[r] = double.NaN;
    }

    /// <summary>−ln of the label probabilities; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Losses(RowScores scores, int first, int n)
    {
        ReadOnlySpan<double> probabilities = scores.LabelProbability.Slice(first, n);
        Span<double> losses = scores.Loss.Slice(first, n);
        int r = 0;
        for (; r + 8 <= n; r += 8)
        {
            Lanes8 p = new(Vector512.Create(probabilities[r..]));
            Lanes8 loss = Lanes8.Sub(Lanes8.Of(0.0), LogLoss.LogClipped(p));
            Lanes8.IfLess(p, Lanes8.Of(double.PositiveInfinity), loss, Lanes8.Of(double.NaN)).Value.CopyTo(losses[r..]);
        }

        for (; r < n; r++)
        {
            losses[r] = double.IsNaN(probabilities[r]) ? double.NaN : LogLoss.Of(probabilities[r]);
        }
    }

    private void Scan<TRow>(RowScores scores, int r, int slot, TRow row, int label)
        where TRow : struct, IVectorRow
    {
        if (!TReader.TryScan(row, columns.Count, label, out scans[slot]))
        {
            Exclude(scores, r);
            return;
        }

        ref readonly RowScan scan = ref scans[slot];
        scores.ArgMax[r] = scan.ArgMax;
        scores.Confidence[r] = scan.Confidence;
        scores.Margin[r] = scan.Margin;
        scores.Entropy[r] = scan.Entropy;
        scores.LabelProbability[r] = label < 0 ? double.NaN : row.At(label);
    }

    private void Sum(ScoreBatch batch, int first, int n, bool any)
    {
        ReadOnlySpan<int> argMax = batch.Scores.ArgMax.Slice(first, n);
        ReadOnlySpan<double> losses = batch.Scores.Loss.Slice(first, n);
        for (int r = 0; r < n; r++)
        {
            RowAddend addend = argMax[r] < 0
                ? RowAddend.Excluded(!any || HasNaN(batch.Probabilities, first + r))
                : RowAddend.Valid(scans[r], losses[r], plan.TopK);
            addend.AddTo(ref state.Overall.At(0));
            for (int i = 0; i < batch.Segments.Count; i++)
            {
                addend.AddTo(ref state.Segments[i].At(batch.Segments[i][first + r]));
            }
        }
    }

    private static bool HasNaN(MatrixColumn matrix, int row)
    {
        for (int k = 0; k < matrix.Width; k++)
        {
            nint i = ((nint)row * matrix.Width) + k;
            if (double.IsNaN(matrix.IsDouble ? ((double*)matrix.Pointer)[i] : ((float*)matrix.Pointer)[i]))
            {
                return true;
            }
        }

        return false;
    }
}
