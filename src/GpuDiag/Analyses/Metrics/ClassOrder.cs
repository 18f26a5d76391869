using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Metrics;

/// <summary>
/// The classes of a result, in its order: the given ones (of the probability columns, or named by the user) first, then
/// every other class that a row holds, sorted. A class that is merely in a file's dictionary is none of them, so the
/// order depends on the rows alone.
/// </summary>
internal sealed class ClassOrder
{
    private readonly int[] position;

    public ClassOrder(CountTable overall, IReadOnlyList<int> given)
    {
        Domain domain = overall.Classes;
        position = new int[domain.Count];
        Array.Fill(position, -1);
        bool[] seen = new bool[domain.Count];
        foreach (Cell cell in overall.Cells)
        {
            seen[cell.Label] = true;
            seen[cell.Prediction] = true;
        }

        foreach (int code in given)
        {
            seen[code] = false;
        }

        Codes = [.. given, .. domain.Sort(Enumerable.Range(1, domain.Count - 1).Where(code => seen[code]))];
        Names = [.. Codes.Select(domain.Text)];
        for (int i = 0; i < Codes.Length; i++)
        {
            position[Codes[i]] = i;
        }
    }

    /// <summary>Domain codes, by position.</summary>
    public int[] Codes { get; }

    public string[] Names { get; }

    public int Count => Codes.Length;

    /// <summary>The position of a code; −1 for null and for classes outside the order.</summary>
    public int this[int code] => position[code];
}
