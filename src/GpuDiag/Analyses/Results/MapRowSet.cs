namespace GpuDiag.Analyses.Results;

/// <summary>Rows of the map's table.</summary>
/// <param name="Meta">Columns of metadata.</param>
/// <param name="Rows">In the order of the data.</param>
public sealed record MapRowSet(IReadOnlyList<string> Meta, IReadOnlyList<MapRow> Rows);

/// <summary>A row with coordinates on the map.</summary>
/// <param name="Line">What is known of it.</param>
/// <param name="Meta">Its metadata as text, by column.</param>
public sealed record MapRow(RowResult Line, IReadOnlyList<string?> Meta);
