using System.Globalization;

namespace GpuDiag.DataGen;

/// <summary>
/// Rows of <c>label</c> and <c>pred</c> (int32, two classes) and columns of text values, c0 …: Zipf values that lean on a hidden
/// profile of the row, so that columns depend on each other. About a tenth is wrong, three combinations of values much more often.
/// </summary>
internal sealed class CategoryTable(long rows, IReadOnlyList<int> sizes, int seed)
{
    private const int Profiles = 8;

    /// <summary>Values per column of a table like UCI Adult in ten bins: 14 columns, 162 values.</summary>
    public static IReadOnlyList<int> Adult { get; } = [10, 9, 10, 16, 10, 7, 15, 6, 5, 2, 10, 10, 10, 42];

    /// <summary>Values per column of a table like UCI US Census 1990: 68 columns, 378 values.</summary>
    public static IReadOnlyList<int> Census { get; } = [.. Enumerable.Range(0, 68).Select(c => c % 17 == 0 ? 17 : c % 9 == 0 ? 10 : c % 3 == 0 ? 6 : c % 4 == 0 ? 5 : c % 2 == 0 ? 4 : c < 54 ? 3 : 2)];

    /// <summary>The query that yields the rows in order.</summary>
    public string Sql
    {
        get
        {
            var columns = string.Join(", ", sizes.Select((size, c) => $"{Value(c, size)} AS v{c}"));
            var texts = string.Join(", ", sizes.Select((_, c) => $"'v' || v{c} AS c{c}"));
            var rate = "CASE WHEN v0 = 1 AND v3 = 2 THEN 450 WHEN v5 = 1 AND v7 = 0 AND v9 = 1 THEN 350 WHEN v1 = 0 AND v6 = 2 THEN 250 ELSE 90 END";
            return string.Create(CultureInfo.InvariantCulture,
                $"SELECT label, CASE WHEN {Bits(3)} % 1000 < {rate} THEN 1 - label ELSE label END AS pred, {texts} FROM "
                + $"(SELECT i, label, {columns} FROM (SELECT i, {Draw.Integer(Bits(1), 2)} AS label, {Draw.Zipf(Bits(2), Profiles)} AS profile FROM range({rows}) t(i)))");
        }
    }

    private string Value(int column, int size)
    {
        var rank = Draw.Zipf(Bits(10 + (2 * column)), size);
        return string.Create(CultureInfo.InvariantCulture, $"({rank} + CASE WHEN {Bits(11 + (2 * column))} % 4 = 0 THEN profile ELSE 0 END) % {size}");
    }

    private string Bits(int stream) => Draw.Bits(seed, stream);
}
