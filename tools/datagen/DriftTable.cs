using System.Globalization;

namespace GpuDiag.DataGen;

/// <summary>
/// Rows of twenty columns to compare: n0 … n9 normal doubles, s0 … s1 log-normal floats, i0 … i3 whole numbers of up to 10, 100, 1,000 and 100,000 values, t0 … t3 text of
/// 3, 20, 300 and 5,000 Zipf values. A shift moves n0 by so many standard deviations, stretches n1, scales s0, and gives i0 and t1 other shares; other columns stay.
/// </summary>
internal sealed class DriftTable(long rows, double shift, int seed)
{
    /// <summary>The query that yields the rows in order.</summary>
    public string Sql
    {
        get
        {
            string by = shift.ToString("R", CultureInfo.InvariantCulture);
            List<string> columns = [];
            for (int c = 0; c < 10; c++)
                columns.Add($"{Normal(2 * c)}{(c == 0 ? $" + {by}" : c == 1 ? $" * (1 + {by})" : "")} AS n{c}");
            for (int c = 0; c < 2; c++)
                columns.Add($"(exp({Normal(30 + (2 * c))}){(c == 0 ? $" * (1 + {by})" : "")})::FLOAT AS s{c}");
            int[] wholes = [10, 100, 1_000, 100_000], texts = [3, 20, 300, 5_000];
            for (int c = 0; c < 4; c++)
                columns.Add($"{(c == 0 ? Moved(Draw.Integer(Bits(40), 10), 41, "0") : Draw.Integer(Bits(40 + (2 * c)), wholes[c]))} AS i{c}");
            for (int c = 0; c < 4; c++)
                columns.Add($"'v' || {(c == 1 ? Moved(Draw.Zipf(Bits(52), 20), 53, "19") : Draw.Zipf(Bits(50 + (2 * c)), texts[c]))} AS t{c}");
            return $"SELECT {string.Join(", ", columns)} FROM range({rows.ToString(CultureInfo.InvariantCulture)}) t(i)";
        }
    }

    /// <summary>Box and Muller's transform.</summary>
    private string Normal(int stream)
        => $"(sqrt(-2 * ln(1 - {Draw.Unit(Bits(stream))})) * cos(2 * pi() * {Draw.Unit(Bits(stream + 1))}))";

    /// <summary>Another value with a probability of a fifth of the shift.</summary>
    private string Moved(string value, int stream, string other)
        => string.Create(CultureInfo.InvariantCulture, $"CASE WHEN {Draw.Unit(Bits(stream))} < {shift / 5} THEN {other} ELSE {value} END");

    private string Bits(int stream) => Draw.Bits(seed, stream);
}
