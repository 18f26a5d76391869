using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>How a row of probabilities is read: by scalar code or by vectors. Either way the bits are the algebra's.</summary>
internal unsafe interface IRowReader
{
    /// <summary>Everything that ScoreRows asks of a row, or false where the row is not valid. A label of −1 is no column.</summary>
    static abstract bool TryScan<TRow>(TRow row, int classes, int label, out RowScan scan)
        where TRow : struct, IVectorRow;

    /// <summary>The largest probability, or false where the row is not valid.</summary>
    static abstract bool TryLargest<TRow>(TRow row, int classes, out double largest)
        where TRow : struct, IVectorRow;

    /// <summary>Writes each column's <see cref="Kernels.Algebra.Temper.Centre"/>, and zeros up to a multiple of eight.</summary>
    static abstract void Centre<TRow>(TRow row, int classes, double top, double* centred)
        where TRow : struct, IVectorRow;

    /// <summary>A row's temperature terms from what <see cref="Centre"/> wrote.</summary>
    static abstract Temper Temper(double* centred, int classes, double labelProbability, double top, double beta);
}
