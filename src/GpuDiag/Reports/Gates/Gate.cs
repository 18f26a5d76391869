namespace GpuDiag.Reports.Gates;

/// <summary>
/// A condition on summary.json: <c>path operator number</c>, with operator one of <c>&gt;= &gt; &lt;= &lt; == !=</c>.
/// A path is names joined by dots; <c>segments[column=value]</c> and <c>classes[name]</c> pick from a list.
/// </summary>
/// <param name="Text">As the user wrote it.</param>
/// <param name="Limit">Finite.</param>
internal sealed record Gate(string Text, IReadOnlyList<GateStep> Path, GateOperator Operator, double Limit)
{
    /// <exception cref="InputException">Not such a condition; the message points at the place.</exception>
    public static Gate Parse(string text) => new GateParser(text).Parse();

    public bool Holds(double value) => Operator switch
    {
        GateOperator.AtLeast => value >= Limit,
        GateOperator.Above => value > Limit,
        GateOperator.AtMost => value <= Limit,
        GateOperator.Below => value < Limit,
        GateOperator.Equal => value == Limit,
        _ => value != Limit,
    };
}

internal enum GateOperator
{
    AtLeast,
    Above,
    AtMost,
    Below,
    Equal,
    NotEqual,
}

/// <summary>One name of a path, with what stands in its brackets.</summary>
internal sealed record GateStep(string Name, GateSelector? Selector)
{
    public override string ToString() => Selector is null ? Name : $"{Name}[{Selector}]";
}

/// <summary>Picks one entry of a list: <c>[value]</c>, or <c>[column=value]</c>.</summary>
/// <param name="Value">Null picks the entry of missing values: <c>null</c> without quotes.</param>
internal sealed record GateSelector(string? Column, string? Value)
{
    public override string ToString() => Column is null ? Value ?? "null" : $"{Column}={Value ?? "null"}";
}
