namespace GpuDiag.Columns;

/// <summary>The form in which a batch carries a column.</summary>
public enum ColumnForm
{
    /// <summary>Dictionary codes into a <see cref="Domain"/>: <see cref="CodeColumn"/>. Boolean, Integer, String, Date, Timestamp, Decimal.</summary>
    Codes,
    /// <summary>One number per row: <see cref="NumberColumn"/>. Float32 stays float; Float64, Integer, Decimal and Boolean become double.</summary>
    Numbers,
    /// <summary>A fixed number of floats per row: <see cref="MatrixColumn"/>. Float32List, Float64List.</summary>
    Matrix,
    /// <summary>Text per row: <see cref="TextColumn"/>. For the few rows that are shown, never in a hot pass. Any scalar type.</summary>
    Text,
    /// <summary>An image per row, bytes or path: <see cref="ImageColumn"/>. Binary holds bytes, String paths, Image both.</summary>
    Image,
}

/// <summary>Asks a reader for one column.</summary>
/// <param name="Column">The column's name in the source.</param>
/// <param name="Form">How the batch shall carry it.</param>
/// <param name="Domain">For <see cref="ColumnForm.Codes"/>: where values get their codes. Columns may share one.</param>
public sealed record ColumnRequest(string Column, ColumnForm Form, Domain? Domain = null);
