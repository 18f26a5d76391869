namespace GpuDiag.Analyses.Scan;

/// <summary>Says of the rows of a batch which count in a search for slices, and which are errors there.</summary>
/// <param name="firstRow">Number of the first row in the dataset.</param>
/// <param name="count">Rows of the batch.</param>
/// <param name="rows">Their columns.</param>
/// <param name="counted">Receives whether a row counts.</param>
/// <param name="wrong">Receives whether it is an error.</param>
internal delegate void RowErrors(long firstRow, int count, RowColumns rows, Span<bool> counted, Span<bool> wrong);
