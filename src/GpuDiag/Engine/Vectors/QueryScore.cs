namespace GpuDiag.Engine.Vectors;

/// <summary>A query's line from canonical keys (smaller is nearer) to scores (bigger is nearer).</summary>
/// <param name="Origin">The score of key 0, at least 0.</param>
/// <param name="Unit">What a unit of the key takes off the score.</param>
/// <param name="Slack">How far a canonical score may lie above the fast one.</param>
public readonly record struct QueryScore(double Origin, double Unit, double Slack)
{
    /// <summary>The score of a canonical key.</summary>
    public double Of(double key) => Origin - (Unit * key);
}
