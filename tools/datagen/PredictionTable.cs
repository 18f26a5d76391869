using System.Globalization;

namespace GpuDiag.DataGen;

/// <summary>Rows of <c>label</c> and <c>pred</c> (int32), <c>confidence</c> (float32) and <c>weather</c> (string).</summary>
internal sealed class PredictionTable(long rows, int classes, int segments, Shape shape, int seed)
{
    /// <summary>The query that yields the rows in order.</summary>
    public string Sql
    {
        get
        {
            var names = string.Join(',', Enumerable.Range(0, segments).Select(i => $"'{SegmentName(i)}'"));
            var source = string.Create(CultureInfo.InvariantCulture, $"range({rows}) t(i)");
            var drawn = shape == Shape.Skewed ? Skewed(source) : Uniform(source);
            return $"SELECT {Value("label", 10)}, {Value("pred", 11)}, {Value("confidence", 12)}, "
                + $"{Value("weather", 13, $"([{names}])[1 + segment]")} FROM ({drawn})";
        }
    }

    private string Uniform(string source) =>
        $"SELECT i, {Draw.Integer(Bits(0), classes)} AS label, {Draw.Integer(Bits(1), classes)} AS pred, "
        + $"{Draw.Unit(Bits(2))}::FLOAT AS confidence, {Draw.Integer(Bits(3), segments)} AS segment FROM {source}";

    // Every tenth segment (fog among them) is wrong four times as often, so that there is something to find.
    private string Skewed(string source) =>
        $"SELECT i, label, segment, CASE WHEN wrong THEN (label + 1 + miss % {classes - 1}) % {classes} ELSE label END AS pred, "
        + "(CASE WHEN wrong THEN 0.3 + 0.6 * u ELSE 1 - 0.5 * u * u END)::FLOAT AS confidence "
        + $"FROM (SELECT *, ({Bits(1)} % 1000)::INTEGER < CASE WHEN segment % 10 = 4 THEN 320 ELSE 80 END AS wrong "
        + $"FROM (SELECT i, {Draw.Zipf(Bits(0), classes)} AS label, {Draw.Zipf(Bits(4), classes)} AS miss, "
        + $"{Draw.Unit(Bits(2))} AS u, {Draw.Zipf(Bits(3), segments)} AS segment FROM {source}))";

    private string Value(string column, int stream, string? expression = null) => shape == Shape.Nullable
        ? $"CASE WHEN {Bits(stream)} % 50 = 0 THEN NULL ELSE {expression ?? column} END AS {column}"
        : $"{expression ?? column} AS {column}";

    private string Bits(int stream) => Draw.Bits(seed, stream);

    private static string SegmentName(int index)
    {
        string[] weather = ["clear", "cloud", "drizzle", "dust", "fog", "hail", "haze", "rain", "snow", "storm"];
        string[] hour = ["day", "night", "dawn", "dusk", "noon"];
        var name = $"{weather[index % weather.Length]}-{hour[index / weather.Length % hour.Length]}";
        var round = index / (weather.Length * hour.Length);
        return round == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{round}");
    }
}
