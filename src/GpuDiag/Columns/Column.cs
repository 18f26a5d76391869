namespace GpuDiag.Columns;

/// <summary>One column of a <see cref="Batch"/>.</summary>
public abstract class Column : IDisposable
{
    public abstract void Dispose();
}
