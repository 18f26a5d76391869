using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>
/// The grids on which the sums of an assignment are exact: a value counts in steps of 2^−SumExponent, so a row's error
/// is at most half a step, some 2^−42 of the largest value for a million rows; a key of 2^−(KeyExponent + 56).
/// </summary>
/// <param name="SumExponent">Of the values, or under cosine of the unit vector's.</param>
/// <param name="KeyExponent">Brings every key below 128, the domain of <see cref="FixedSum"/>.</param>
public readonly record struct AssignGrid(int SumExponent, int KeyExponent)
{
    /// <summary>For all rows of a dataset, so that no sum of them can overflow.</summary>
    /// <param name="metric">As the plan has it.</param>
    /// <param name="largest">Largest magnitude among the values that are summed and the centroids; finite.</param>
    /// <param name="width">Dimensions.</param>
    /// <param name="rows">Rows of the dataset at most.</param>
    public static AssignGrid For(VectorMetric metric, double largest, int width, long rows)
    {
        int bits = FixedGrid.BitsForSum(rows);
        return metric switch
        {
            VectorMetric.Cosine => new(bits - 1, 0),
            VectorMetric.L2 => new(FixedGrid.Exponent(largest, bits), FixedGrid.Exponent(4 * largest * largest * width, 6)),
            _ => new(FixedGrid.Exponent(largest, bits), FixedGrid.Exponent(largest * largest * width, 6)),
        };
    }
}
