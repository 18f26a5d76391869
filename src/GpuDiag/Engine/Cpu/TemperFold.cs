using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// Temper on the host. The logarithms of a row are taken once for all its inverse temperatures, and inverse temperatures
/// of the same bits are evaluated once.
/// </summary>
internal sealed unsafe class TemperFold<TReader> : IFold<TemperBatch, TemperState>
    where TReader : struct, IRowReader
{
    private readonly TemperPlan plan;
    private readonly ClassColumns columns;
    private readonly AlignedMemory scratch = new();
    private readonly double[] betas;
    private readonly Temper[] values;
    private TemperState state;

    public TemperFold(TemperPlan plan)
    {
        this.plan = plan;
        columns = new ClassColumns(plan.ClassCodes);
        scratch.Reserve((nuint)(columns.Count + RowSum.Lanes) * sizeof(double));
        betas = new double[plan.Betas.Length];
        values = new Temper[plan.Betas.Length];
        state = new TemperState(plan);
    }

    public void Accept(TemperBatch batch)
    {
        MatrixColumn matrix = batch.Probabilities;
        if (!columns.Has(matrix))
        {
            return;
        }

        for (int r = 0; r < batch.Rows; r++)
        {
            int label = columns[batch.Label[r]];
            if (label >= 0 && matrix.IsDouble)
            {
                Add(batch, r, new DoubleRow((double*)matrix.Pointer + ((nint)r * columns.Count)), label);
            }
            else if (label >= 0)
            {
                Add(batch, r, new FloatRow((float*)matrix.Pointer + ((nint)r * columns.Count)), label);
            }
        }
    }

    public TemperState Take()
    {
        TemperState taken = state;
        state = new TemperState(plan);
        return taken;
    }

    public void Dispose() => scratch.Dispose();

    private void Add<TRow>(TemperBatch batch, int r, TRow row, int label)
        where TRow : struct, IVectorRow
    {
        if (!TReader.TryLargest(row, columns.Count, out double largest))
        {
            return;
        }

        double* centred = (double*)scratch.Pointer;
        double top = LogLoss.LogClipped(new Lanes1(largest)).Value;
        int known = 0;
        for (int t = 0; t < plan.Betas.Length; t++)
        {
            int code = t == 0 ? 0 : batch.Segments[t - 1][r];
            double beta = code < plan.Betas[t].Length ? plan.Betas[t][code] : double.NaN;
            if (double.IsNaN(beta))
            {
                continue;
            }

            if (known == 0)
            {
                TReader.Centre(row, columns.Count, top, centred);
            }

            int i = betas.AsSpan(0, known).IndexOf(beta);
            if (i < 0)
            {
                i = known++;
                betas[i] = beta;
                values[i] = TReader.Temper(centred, columns.Count, row.At(label), top, beta);
            }

            AddTo(ref state.Cells[t][code], values[i]);
        }
    }

    private static void AddTo(ref TemperCell cell, in Temper row)
    {
        cell.Rows++;
        cell.Loss = cell.Loss.Add(Quantize(row.Loss));
        cell.Gradient = cell.Gradient.Add(Quantize(row.Gradient));
        cell.Curvature = cell.Curvature.Add(Quantize(row.Curvature));
    }

    private static long Quantize(double value) => FixedSum.Quantize(Deterministic.Mul(value, Temper.Scale));
}
