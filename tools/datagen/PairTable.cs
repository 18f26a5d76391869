using System.Globalization;

namespace GpuDiag.DataGen;

/// <summary>
/// Predictions of one of two models on the same rows: <c>id</c> (int64), <c>label</c>, <c>pred</c> (int32), <c>confidence</c>
/// (float32) and <paramref name="columns"/> columns <c>c0</c> … of few text values. Both are 90 % accurate; rows that the one errs on are likelier wrong in the
/// other; where c0 is v0 the model after errs half as often again.
/// </summary>
/// <param name="after">The model after, else that before.</param>
/// <param name="shuffled">In an order of its own.</param>
internal sealed class PairTable(long rows, int classes, int columns, bool after, bool shuffled, int seed)
{
    private const int Values = 20;

    /// <summary>The query that yields the rows in order.</summary>
    public string Sql
    {
        get
        {
            var values = string.Join(", ", Enumerable.Range(0, after ? 0 : columns).Select(c => string.Create(
                CultureInfo.InvariantCulture, $"'v' || {Draw.Integer(Bits(10 + c), Values)} AS c{c}")));
            var rate = after ? $"CASE WHEN {Draw.Integer(Bits(10), Values)} = 0 THEN 150 ELSE 97 END" : "100";
            // A third of the chance to err is the row's own, so the same in both models.
            var wrong = $"CASE WHEN {Bits(1)} % 3 = 0 THEN {Bits(2)} ELSE {Bits(after ? 3 : 4)} END % 1000 < {rate}";
            var miss = string.Create(CultureInfo.InvariantCulture, $"(label + 1 + {Draw.Integer(Bits(after ? 5 : 6), classes - 1)}) % {classes}");
            return $"SELECT i AS id, label, (CASE WHEN wrong THEN {miss} ELSE label END)::INTEGER AS pred, "
                + $"(CASE WHEN wrong THEN 0.3 + 0.6 * u ELSE 1 - 0.5 * u * u END)::FLOAT AS confidence{(values.Length > 0 ? ", " + values : "")} FROM "
                + $"(SELECT i, {Draw.Integer(Bits(0), classes)} AS label, {wrong} AS wrong, {Draw.Unit(Bits(after ? 7 : 8))} AS u "
                + string.Create(CultureInfo.InvariantCulture, $"FROM range({rows}) t(i)){(shuffled ? $" ORDER BY {Bits(9)}" : "")}");
        }
    }

    private string Bits(int stream) => Draw.Bits(seed, stream);
}
