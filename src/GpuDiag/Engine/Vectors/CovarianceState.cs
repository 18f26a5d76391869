namespace GpuDiag.Engine.Vectors;

/// <summary>Exact sums and sums of products of quantised values: what the covariance matrix is made of.</summary>
/// <remarks>Room for 2^42 rows. 16 bytes for each pair of dimensions, order not counted: 134 MB at 4,096 dimensions.</remarks>
public sealed class CovarianceState : IState<CovarianceState>
{
    private readonly long[] sums;
    private readonly Int128[] products;

    public CovarianceState(CovariancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Plan = plan;
        sums = new long[plan.Width];
        products = new Int128[checked(plan.Width * (plan.Width + 1) / 2)];
    }

    public CovariancePlan Plan { get; }

    /// <summary>Rows that count.</summary>
    public long Rows { get; set; }

    /// <summary>Rows left out: a value is NaN or infinite.</summary>
    public long ExcludedRows { get; set; }

    /// <summary>Σ q by dimension.</summary>
    public Span<long> Sums => sums;

    /// <summary>Σ qᵢqⱼ for j = i, i + 1, … up to the last dimension.</summary>
    public Span<Int128> Products(int i) => products.AsSpan((i * Plan.Width) - (i * (i - 1) / 2), Plan.Width - i);

    /// <summary>Mean of a dimension; NaN when no row counts.</summary>
    public double Mean(int i) => Plan.Shift[i] + ((double)sums[i] / Rows / Plan.Scale[i]);

    /// <summary>
    /// The sample covariance of two dimensions, divided by n − 1, i ≤ j; NaN below two rows. The sums are exact, so the
    /// values' own rounding is all its error: <see cref="CovariancePlan.For"/>.
    /// </summary>
    public double Covariance(int i, int j)
    {
        Int128 scatter = (Rows * Products(i)[j - i]) - ((Int128)sums[i] * sums[j]);
        return (double)scatter / Rows / (Rows - 1) / (Plan.Scale[i] * Plan.Scale[j]);
    }

    public void Merge(CovarianceState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Rows += other.Rows;
        ExcludedRows += other.ExcludedRows;
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += other.sums[i];
        }

        for (int i = 0; i < products.Length; i++)
        {
            products[i] += other.products[i];
        }
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Rows);
        writer.Write(ExcludedRows);
        Array.ForEach(sums, writer.Write);
        foreach (Int128 product in products)
        {
            writer.Write((ulong)product);
            writer.Write((long)(product >> 64));
        }
    }
}
