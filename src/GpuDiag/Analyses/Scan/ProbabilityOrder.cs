using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// Which class each probability column belongs to, told from how predictions and arg max go together in the rows
/// shown to it. Rows are shown in the order of the dataset, so the outcome is the same on every machine.
/// </summary>
internal sealed class ProbabilityOrder(int width, Domain classes)
{
    private readonly Dictionary<int, long>[] votes = [.. Enumerable.Range(0, width).Select(_ => new Dictionary<int, long>())];

    public int Width { get; } = width;

    /// <summary>Enough rows for every column to be decided: each has been the arg max often enough.</summary>
    public bool Decided => votes.All(v => v.Values.Sum() >= 3);

    /// <summary>Counts a row whose largest probability is unique.</summary>
    public void Add(int argMax, int prediction)
    {
        if (prediction != Domain.Null)
        {
            votes[argMax][prediction] = votes[argMax].GetValueOrDefault(prediction) + 1;
        }
    }

    /// <summary>
    /// The code that most rows give each column; −1 where no row speaks. Null when two columns would get one class:
    /// then predictions are not arg max (a threshold, say), and tell no order.
    /// </summary>
    public int[]? Voted()
    {
        int[] voted = [.. votes.Select(v => v.Count == 0 ? -1 : v.OrderByDescending(p => p.Value).ThenBy(p => classes.Text(p.Key), StringComparer.Ordinal).First().Key)];
        int[] known = [.. voted.Where(c => c >= 0)];
        return known.Distinct().Count() == known.Length ? voted : null;
    }

    /// <summary>
    /// The order by the classes' sorted names; where these are integers 0 ≤ i &lt; width, class i has column i.
    /// Needs every class to be in the domain unless they are integers.
    /// </summary>
    /// <returns>Null when there are not as many classes as columns.</returns>
    public int[]? Sorted()
    {
        int[] sorted = classes.SortedCodes();
        if (sorted.All(c => int.TryParse(classes.Text(c), out int i) && i >= 0 && i < Width))
        {
            return [.. Enumerable.Range(0, Width).Select(i => classes.Code((long)i))];
        }

        return sorted.Length == Width ? sorted : null;
    }

    /// <summary>Fills the columns that no row speaks for with the classes that are left, in sorted order.</summary>
    /// <returns>Null when the two do not match in number.</returns>
    public int[]? Complete(int[] voted)
    {
        if (Sorted() is { } sorted && voted.Select((c, k) => c < 0 || c == sorted[k]).All(agrees => agrees))
        {
            return sorted;
        }

        Queue<int> left = new(classes.SortedCodes().Except(voted));
        return left.Count == voted.Count(c => c < 0) ? [.. voted.Select(c => c < 0 ? left.Dequeue() : c)] : null;
    }
}
