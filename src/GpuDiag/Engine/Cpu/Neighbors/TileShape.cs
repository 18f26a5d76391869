using System.Runtime.Intrinsics.X86;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Engine.Cpu.Neighbors;

/// <summary>A block of queries × base rows whose dot products fit the registers, and the code that computes it.</summary>
internal readonly unsafe struct TileShape(
    int rows, int columns, bool isShort, delegate*<float*, float*, int, TileSides*, float*, uint> score)
{
    /// <summary>
    /// Computes a tile's dot products and tells which lists it may concern: bit i, query i has a row whose dot product less
    /// its offset is above the query's threshold; bit 8 + i, the same with the sides exchanged. Takes queries
    /// [words][Rows], rows [words][Columns], words, and room for the dot products, [Rows][Columns], of which only lines
    /// with a hit are written.
    /// </summary>
    public readonly delegate*<float*, float*, int, TileSides*, float*, uint> Score = score;

    /// <summary>Queries, at most 8; divides <see cref="Columns"/>.</summary>
    public int Rows { get; } = rows;

    /// <summary>Base rows, a multiple of 4.</summary>
    public int Columns { get; } = columns;

    /// <summary>Values are whole numbers of 16 bits, two to a word; otherwise floats.</summary>
    public bool IsShort { get; } = isShort;

    /// <summary>Floats in registers of this width.</summary>
    public static TileShape OfFloats(LaneWidth width) => width switch
    {
        LaneWidth.Vector512 => new(Tile512.Rows, Tile512.Columns, false, &Tile512.Score),
        LaneWidth.Vector256 => new(Tile256.Rows, Tile256.Columns, false, &Tile256.Score),
        _ => new(Tile128.Rows, Tile128.Columns, false, &Tile128.Score),
    };

    /// <summary>Whole numbers in registers of 512 bits.</summary>
    public static TileShape OfShorts => new(ShortTile512.Rows, ShortTile512.Columns, true, &ShortTile512.Score);

    /// <summary>
    /// The fastest here for registers of this width. Measured: whole numbers do 1.5 times what floats do on Zen 5, whose
    /// registers add beside multiplying, and as much or a tenth more on a Xeon, where they take half the cache.
    /// </summary>
    public static TileShape Fastest(LaneWidth width) =>
        width == LaneWidth.Vector512 && Avx512BW.IsSupported ? OfShorts : OfFloats(width);

    /// <summary>32-bit words that a vector takes.</summary>
    public int Words(int width) => IsShort ? (width + 1) / 2 : width;

    /// <summary>Of the scores.</summary>
    public NeighborBound Bound(NeighborPlan plan) => IsShort
        ? NeighborBound.OfShorts(plan.Metric, plan.Queries.Width)
        : NeighborBound.OfFloats(plan.Metric, plan.Queries.Width);
}
