using GpuDiag.Columns;

namespace GpuDiag.Analyses.Drift;

/// <summary>Makes one number of each row's list: the greatest. NaN where the list is null or holds NaN. One instance per thread.</summary>
internal sealed class GreatestNumbers(int place, int capacity) : IDisposable
{
    private readonly NumberColumn output = new(capacity);

    public NumberColumn Take(Batch batch)
    {
        MatrixColumn matrix = (MatrixColumn)batch.Columns[place];
        output.SetPrecision(isDouble: true);
        Span<double> values = output.Doubles[..batch.Rows];
        values.Fill(double.NaN);
        for (int i = 0; i < batch.Rows && matrix.Width > 0; i++)
        {
            values[i] = matrix.IsDouble
                ? Greatest<double>(matrix.Doubles(batch.Rows).Slice(i * matrix.Width, matrix.Width))
                : Greatest<float>(matrix.Floats(batch.Rows).Slice(i * matrix.Width, matrix.Width));
        }

        return output;
    }

    public void Dispose() => output.Dispose();

    private static double Greatest<T>(ReadOnlySpan<T> row)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        T greatest = row[0];
        foreach (T value in row)
        {
            // Max hands NaN on.
            greatest = T.Max(greatest, value);
        }

        return double.CreateChecked(greatest);
    }
}
