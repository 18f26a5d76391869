namespace GpuDiag.Columns.Parquet;

/// <summary>A field of a Parquet file and the column of values that carries it.</summary>
/// <param name="Field">As listed by the source.</param>
/// <param name="Column">Index of the leaf column in the file; −1 for a field without one that this tool reads.</param>
/// <param name="Node">The leaf's own schema element.</param>
/// <param name="MaxDefinition">The definition level of a value that is there.</param>
/// <param name="MaxRepetition">1 in a list, else 0.</param>
internal sealed record ParquetLeaf(Field Field, int Column, ParquetNode Node, short MaxDefinition, short MaxRepetition)
{
    /// <summary>Of a <c>{bytes, path}</c> struct, whose bytes this leaf is: the paths.</summary>
    internal ParquetLeaf? Paths { get; init; }

    /// <summary>In a list: the definition level of an element, null or not; below it the row is null or its list empty.</summary>
    internal short ElementDefinition { get; init; }

    /// <summary>In a list: the definition level of an empty list; below it the row is null.</summary>
    internal short EmptyDefinition => (short)(ElementDefinition - 1);
}
