using System.Globalization;
using System.Text;

namespace GpuDiag.Reports.Gates;

/// <summary>Reads one <see cref="Gate"/> in time linear in its length.</summary>
internal sealed class GateParser(string text)
{
    private static readonly (string Sign, GateOperator Operator)[] Operators =
    [
        (">=", GateOperator.AtLeast), ("<=", GateOperator.AtMost), ("==", GateOperator.Equal), ("!=", GateOperator.NotEqual),
        (">", GateOperator.Above), ("<", GateOperator.Below),
    ];

    private int position;

    public Gate Parse()
    {
        List<GateStep> path = [];
        do
        {
            path.Add(Step());
        }
        while (Take('.'));
        var comparison = Operator();
        double limit = Number();
        return new Gate(text, path, comparison, limit);
    }

    private GateStep Step()
    {
        SkipSpace();
        int start = position;
        while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '_'))
            position++;
        if (position == start)
            throw Fault("a name is expected here, such as accuracy or segments", start);
        string name = text[start..position];
        return new GateStep(name, Take('[') ? Selector(name) : null);
    }

    private GateSelector Selector(string list)
    {
        int open = position - 1;
        var (first, firstIsBare) = SelectorText(stopAtEquals: true);
        string? column = null;
        if (Take('='))
        {
            column = first;
            (first, firstIsBare) = SelectorText(stopAtEquals: false);
        }
        if (!Take(']'))
            throw Fault(position < text.Length ? "a ] is expected here; odd values go in quotes" : "the [ opened here is never closed", position < text.Length ? position : open);
        if (list == "segments" && column is null)
            throw Fault("a segment is picked by column and value: segments[weather=fog]", open);
        return new GateSelector(column, firstIsBare && first == "null" ? null : first);
    }

    private (string Text, bool Bare) SelectorText(bool stopAtEquals)
    {
        SkipSpace();
        if (position < text.Length && text[position] is '"' or '\'')
            return (Quoted(text[position]), false);
        int start = position;
        while (position < text.Length && text[position] != ']' && !(stopAtEquals && text[position] == '='))
            position++;
        if (position == start)
            throw Fault("a value is expected here; an empty one is written \"\"", start);
        return (text[start..position].TrimEnd(), true);
    }

    private string Quoted(char quote)
    {
        int open = position++;
        var value = new StringBuilder();
        while (position < text.Length)
        {
            char c = text[position++];
            if (c == quote)
                return value.ToString();
            if (c == '\\' && position < text.Length)
                c = text[position++];
            value.Append(c);
        }
        throw Fault("the quote opened here is never closed", open);
    }

    private GateOperator Operator()
    {
        SkipSpace();
        foreach (var (sign, comparison) in Operators)
        {
            if (string.CompareOrdinal(text, position, sign, 0, sign.Length) == 0)
            {
                position += sign.Length;
                return comparison;
            }
        }
        throw Fault("a comparison is expected here: one of >= > <= < == !=", position);
    }

    private double Number()
    {
        SkipSpace();
        string rest = text[position..].TrimEnd();
        if (double.TryParse(rest, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            return number;
        throw Fault("a number is expected here, such as 0.9, and nothing after it", position);
    }

    private bool Take(char c)
    {
        SkipSpace();
        if (position >= text.Length || text[position] != c)
            return false;
        position++;
        return true;
    }

    private void SkipSpace()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
            position++;
    }

    private InputException Fault(string message, int at)
    {
        string shown = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return new InputException($"--gate: {message}\n    {shown}\n    {new string(' ', at)}^",
            remedy: "A gate reads like \"accuracy.low>=0.9\" or \"segments[weather=fog].recall_macro>=0.8\".");
    }
}
