using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>
/// What a fast score proves of a canonical distance. A fast score is a dot product in low precision less the base row's
/// <see cref="Offset"/>; bigger is nearer. Stated and proven in docs/neighbours.md: the canonical key on the scale of
/// scores (<see cref="QueryScore.Of"/>) lies at most <see cref="QueryScore.Slack"/> above the fast score, and at
/// most that plus <see cref="Weakness"/> below it.
/// </summary>
/// <param name="Metric">Orders the neighbours.</param>
/// <param name="Relative">
/// Of a computed dot product, its roundings and those of packing: error ≤ Relative · Σ|aᵢbᵢ| + Absolute. At most 1/16.
/// </param>
/// <param name="Absolute">What underflow may add.</param>
public readonly record struct NeighborBound(VectorMetric Metric, double Relative, double Absolute)
{
    /// <summary>Dimensions beyond which a float32 dot product proves too little to be worth it.</summary>
    public const int MaxWidth = 1 << 16;

    private const double FloatRounding = 1.0 / (1 << 24);

    /// <summary>More than the few roundings of a threshold come to.</summary>
    private const double DoubleRounding = 1.0 / (1L << 48);

    /// <summary>Float32 multiply-adds, fused or not, in any order, with gradual underflow.</summary>
    /// <param name="metric">Orders the neighbours.</param>
    /// <param name="width">Dimensions, at most <see cref="MaxWidth"/>.</param>
    public static NeighborBound OfFloats(VectorMetric metric, int width)
    {
        // 16 roundings beside those of the sum: packing both rows, offset, last subtraction, canonical key, with room.
        double roundings = (width + 16) * FloatRounding;
        return new NeighborBound(metric, roundings / (1 - roundings), Math.ScaleB(width, -147));
    }

    /// <summary>
    /// Vectors rounded to whole numbers, each with a scale of its own such that its length is at least 32,000; exact
    /// 32-bit sums; the result scaled in float32.
    /// </summary>
    /// <param name="metric">Orders the neighbours.</param>
    /// <param name="width">Dimensions, at most <see cref="MaxWidth"/>.</param>
    public static NeighborBound OfShorts(VectorMetric metric, int width)
    {
        double rounding = ((Math.Sqrt(width) / 2) + 0.05) / 32000;
        return new NeighborBound(metric, (2 * rounding) + (rounding * rounding) + (24 * FloatRounding), Math.ScaleB(width, -147));
    }

    /// <summary>What to subtract from a dot product with this base row; lowered so that a score never says too little.</summary>
    /// <param name="squared">|b|² of the row as <see cref="VectorFrame"/> places it.</param>
    public float Offset(double squared) => Metric switch
    {
        VectorMetric.L2 => RoundDown(squared / 2 * (1 - Relative)),
        VectorMetric.Cosine => 0,
        _ => RoundDown(-Relative * Math.Sqrt(squared)),
    };

    /// <summary>How much further than by a query's slack a canonical score may lie below the fast one.</summary>
    public double Weakness(float offset) => 2.5 * (Metric == VectorMetric.L2 ? Relative * Math.Abs(offset) : Math.Abs(offset));

    /// <summary>A fast score of at most this has a key strictly above <paramref name="key"/>.</summary>
    public static float BelowKey(QueryScore query, double key) =>
        RoundDown(query.Of(key) - query.Slack - (DoubleRounding * (query.Origin + Math.Abs(query.Unit * key))));

    /// <summary>
    /// A fast score of at most this has a key strictly above those of the k rows with the best fast scores.
    /// </summary>
    /// <param name="query">The query.</param>
    /// <param name="kth">The k-th best fast score.</param>
    /// <param name="weakness">The largest <see cref="Weakness"/> of those k rows.</param>
    public float BelowScore(QueryScore query, float kth, double weakness) =>
        RoundDown(kth - (((2 * query.Slack) + Absolute + weakness) * (1 + DoubleRounding)) - (DoubleRounding * Math.Abs(kth)));

    private static float RoundDown(double value)
    {
        float rounded = (float)value;
        return rounded > value ? MathF.BitDecrement(rounded) : rounded;
    }
}
