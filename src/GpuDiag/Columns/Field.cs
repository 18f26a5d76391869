namespace GpuDiag.Columns;

/// <summary>One column of a source.</summary>
/// <param name="Name">As stored; nested leaves are not listed.</param>
/// <param name="Type">The kind of values.</param>
/// <param name="Declared">The type as the file itself words it, for messages: <c>int32</c>, <c>list&lt;float&gt;</c>.</param>
/// <param name="Width">For lists: the fixed width where the file states one, else 0.</param>
public sealed record Field(string Name, FieldType Type, string Declared, int Width = 0);
