using System.Globalization;

namespace GpuDiag.DataGen;

/// <summary>SQL expressions for random numbers that depend on the seed, the row number <c>i</c> and a stream only, so that
/// neither thread count nor order changes a row.</summary>
internal static class Draw
{
    /// <summary>64 random bits (UBIGINT) of one <paramref name="stream"/> for the row number <paramref name="key"/>.</summary>
    public static string Bits(int seed, int stream, string key = "i") =>
        string.Create(CultureInfo.InvariantCulture, $"hash(xor(hash({key}), {(long)seed * 1_000_003 + stream}::UBIGINT))");

    /// <summary>A uniform integer in 0..<paramref name="count"/>−1.</summary>
    public static string Integer(string bits, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"({bits} % {count})::INTEGER");

    /// <summary>A uniform double in [0, 1) with 24 bits, exact as a float too.</summary>
    public static string Unit(string bits) => $"(({bits} >> 40)::DOUBLE / 16777216)";

    /// <summary>An integer in 0..<paramref name="count"/>−1 with probability proportional to 1/(rank + 1), by a table of
    /// 4,096 entries: integers only, so the same on every machine.</summary>
    public static string Zipf(string bits, int count)
    {
        const int Entries = 4096;
        var weights = Enumerable.Range(1, count).Select(rank => 1.0 / rank).ToArray();
        var total = weights.Sum();
        var table = new List<int>(Entries);
        var cumulative = 0.0;
        for (var rank = 0; rank < count; rank++)
        {
            cumulative += weights[rank] / total;
            var end = rank == count - 1 ? Entries : (int)Math.Round(cumulative * Entries);
            while (table.Count < end)
                table.Add(rank);
        }
        return $"([{string.Join(',', table)}])[1 + ({bits} % {Entries})::INTEGER]";
    }
}
