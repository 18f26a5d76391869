using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace GpuDiag.Columns;

/// <summary>
/// The values of a category: gives each distinct value a code, in order of arrival. Code 0 is null.
/// A value is known by its text (3 and "3" are one value), so int32, int64 and string columns can share a domain.
/// Arrival order differs between runs, so codes never reach a result: states and reports order values by
/// <see cref="SortedCodes"/>. Thread-safe; readers look up once per dictionary entry, not once per row.
/// </summary>
public sealed class Domain(string name, int capacity = int.MaxValue)
{
    /// <summary>The code of null, and of every value past the capacity.</summary>
    public const int Null = 0;

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, int> codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, int> integers = new();
    private volatile string[] texts = new string[16];
    private volatile int count = 1;

    public string Name { get; } = name;

    /// <summary>Codes in use, null included: every code is below this.</summary>
    public int Count => count;

    /// <summary>More distinct values than the capacity came: the surplus has code 0, and counts over this domain mean nothing.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>One of the values past the capacity, for messages.</summary>
    public string? Surplus { get; private set; }

    public int Code(ReadOnlySpan<byte> utf8) => Code(Encoding.UTF8.GetString(utf8));

    public int Code(bool value) => Code(value ? "true" : "false");

    public int Code(long value) => integers.TryGetValue(value, out int code) ? code : AddInteger(value);

    public int Code(string text) => codes.TryGetValue(text, out int code) ? code : AddText(text);

    /// <summary>Makes a further text stand for a code already given: the number of a class, beside its name.</summary>
    public void Alias(string text, int code) => codes.TryAdd(text, code);

    /// <summary>The code of a text already seen, or −1.</summary>
    public int Find(string text) => codes.TryGetValue(text, out int code) ? code : -1;

    /// <summary>The text of a code; of null, "null".</summary>
    public string Text(int code) => code == Null ? "null" : texts[code];

    /// <summary>The codes 1 … in the order of results.</summary>
    public int[] SortedCodes() => Sort(Enumerable.Range(1, count - 1));

    /// <summary>
    /// Some of the codes (none null) in the order of results: numeric when each of these values is an integer, else by
    /// ordinal text. A value that no row holds need not be among them, so it cannot sway the order.
    /// </summary>
    public int[] Sort(IEnumerable<int> subset)
    {
        int[] order = [.. subset];
        long[] numbers = new long[order.Length];
        bool numeric = true;
        for (int i = 0; i < order.Length && numeric; i++)
        {
            numeric = long.TryParse(texts[order[i]], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]);
        }

        string[] keys = [.. order.Select(code => texts[code])];
        int[] position = [.. Enumerable.Range(0, order.Length)];
        Array.Sort(position, (a, b) =>
        {
            int byNumber = numeric ? numbers[a].CompareTo(numbers[b]) : 0;
            return byNumber != 0 ? byNumber : string.CompareOrdinal(keys[a], keys[b]);
        });
        return [.. position.Select(i => order[i])];
    }

    /// <summary>Marks the capacity as exceeded, as it was where a state of this domain was made.</summary>
    internal void Overflow(string surplus)
    {
        lock (gate)
        {
            Overflowed = true;
            Surplus ??= surplus;
        }
    }

    private int AddInteger(long value)
    {
        int code = Code(value.ToString(CultureInfo.InvariantCulture));
        if (code != Null)
        {
            integers.TryAdd(value, code);
        }

        return code;
    }

    private int AddText(string text)
    {
        if (Overflowed)
        {
            return Null;
        }

        lock (gate)
        {
            if (codes.TryGetValue(text, out int code))
            {
                return code;
            }

            if (count > capacity)
            {
                Overflowed = true;
                Surplus ??= text;
                return Null;
            }

            code = count;
            if (code == texts.Length)
            {
                string[] larger = new string[code * 2];
                texts.CopyTo(larger, 0);
                texts = larger;
            }

            texts[code] = text;
            count = code + 1;
            codes[text] = code;
            return code;
        }
    }
}
