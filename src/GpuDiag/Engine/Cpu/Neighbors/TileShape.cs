namespace GpuDiag.Engine.Cpu.Neighbors;

/// <summary>A block of queries × base rows whose dot products fit the registers, and the code that computes it.</summary>
internal readonly unsafe struct TileShape(
    int rows, int columns, delegate*<float*, float*, int, float*, float*, float*, float*, float*, uint> score)
{
    /// <summary>
    /// Computes a tile's dot products and tells which lists it may concern: bit i, query i has a row whose dot product less
    /// its offset is above the query's threshold; bit 8 + i, the same with the sides exchanged. Takes queries
    /// [width][Rows], rows [width][Columns], width, the rows' offsets, the queries' thresholds, then the queries' offsets
    /// and the rows' thresholds (null to look at one side only), and room for the dot products, [Rows][Columns], of which
    /// only lines with a hit are written.
    /// </summary>
    public readonly delegate*<float*, float*, int, float*, float*, float*, float*, float*, uint> Score = score;

    /// <summary>Queries, at most 8; divides <see cref="Columns"/>.</summary>
    public int Rows { get; } = rows;

    /// <summary>Base rows, a multiple of 4.</summary>
    public int Columns { get; } = columns;

    /// <summary>For registers of this width.</summary>
    public static TileShape Of(LaneWidth width) => width switch
    {
        LaneWidth.Vector512 => new(Tile512.Rows, Tile512.Columns, &Tile512.Score),
        LaneWidth.Vector256 => new(Tile256.Rows, Tile256.Columns, &Tile256.Score),
        _ => new(Tile128.Rows, Tile128.Columns, &Tile128.Score),
    };
}
