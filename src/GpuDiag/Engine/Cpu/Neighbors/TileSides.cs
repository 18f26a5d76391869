namespace GpuDiag.Engine.Cpu.Neighbors;

/// <summary>What a tile compares its dot products with, from its first query and row on.</summary>
internal unsafe struct TileSides
{
    /// <summary>The rows' offsets.</summary>
    public float* Offsets;

    /// <summary>The queries' thresholds.</summary>
    public float* Thresholds;

    /// <summary>The queries' offsets, as rows of a self-join.</summary>
    public float* QueryOffsets;

    /// <summary>The rows' thresholds, as queries of a self-join; null to look at one side only.</summary>
    public float* RowThresholds;

    /// <summary>What one of the queries' whole numbers is worth.</summary>
    public float* QueryScales;

    /// <summary>What one of the rows' whole numbers is worth.</summary>
    public float* RowScales;

    /// <summary>Words after which a tile of whole numbers lets go what the rest cannot lift above a threshold; all to go through.</summary>
    public int Head;

    /// <summary>Bounds of the queries' lengths beyond the head, as scores count them; of rows likewise.</summary>
    public float* QueryTails;

    /// <inheritdoc cref="QueryTails"/>
    public float* RowTails;

    /// <summary>Adds up what had to be gone through beyond the head (<see cref="HeadChoice.RestUnit"/>).</summary>
    public int Rest;
}
