using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Fit;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Duplicates;

/// <summary>
/// The sets of duplicate rows, numbered from 0 in the order of their first rows, and what is wrong with them.
/// A set conflicts when its rows, those of a training set among them, have different labels. A row is leaked when its
/// set holds a row of the training set, or spans splits and the row itself is in none that is called train, training
/// or fit.
/// </summary>
internal sealed class DuplicateSets
{
    public const int None = -1;

    private readonly int[] numbers;
    private readonly RowFacts facts;
    private readonly List<DuplicateSet> sets = [];
    private readonly bool[] training;
    private readonly bool[] leaky;

    /// <param name="joined">One item per row of the data, then one per row of the training set.</param>
    /// <param name="facts">Of the rows of the data.</param>
    /// <param name="trainLabels">Of the training set, in codes of the data's classes (other classes below 0); empty without one.</param>
    public DuplicateSets(DisjointSets joined, RowFacts facts, ReadOnlySpan<int> trainLabels)
    {
        this.facts = facts;
        training = [.. Enumerable.Range(0, facts.Splits.Count).Select(c => c != Domain.Null && SplitKinds.Of(facts.Splits.Text(c)) == SplitKind.Train)];
        int[] sizes = new int[joined.Items];
        for (int item = 0; item < sizes.Length; item++)
        {
            sizes[joined.Root(item)]++;
        }

        int rows = (int)facts.Rows;
        numbers = new int[rows];
        for (int row = 0; row < rows; row++)
        {
            int root = joined.Root(row);
            numbers[row] = sizes[root] < 2 ? None : root == row ? sets.Count : numbers[root];
            if (root == row && sizes[root] >= 2)
            {
                sets.Add(new DuplicateSet { FirstRow = row });
            }

            if (numbers[row] >= 0)
            {
                sets[numbers[row]].Accept(facts.Label[row], facts.Split[row]);
            }
        }

        for (int i = 0; i < trainLabels.Length; i++)
        {
            // The root is the lowest item, so a set with a row of the data has such a row for its root.
            int root = joined.Root(rows + i);
            if (root < rows)
            {
                sets[numbers[root]].AcceptTraining(trainLabels[i]);
            }
        }

        leaky = new bool[sets.Count];
        foreach (long row in LeakedRows())
        {
            leaky[numbers[row]] = true;
        }
    }

    /// <summary>By number.</summary>
    public IReadOnlyList<DuplicateSet> Sets => sets;

    /// <summary>The number of the row's set, or <see cref="None"/>.</summary>
    public int Number(long row) => numbers[row];

    public bool IsLeaked(long row) => numbers[row] >= 0
        && (sets[numbers[row]].TrainRows > 0 || (sets[numbers[row]].SpansSplits && facts.Split[row] != Domain.Null && !training[facts.Split[row]]));

    /// <summary>A row of the set is leaked.</summary>
    public bool HasLeak(int number) => leaky[number];

    /// <summary>Leaked rows, in order.</summary>
    public IEnumerable<long> LeakedRows() => Rows(IsLeaked);

    /// <summary>Rows of sets, those of conflicting sets first; then in order.</summary>
    public IEnumerable<long> WorstFirst() =>
        Rows(r => Number(r) >= 0 && sets[Number(r)].Conflicting).Concat(Rows(r => Number(r) >= 0 && !sets[Number(r)].Conflicting));

    private IEnumerable<long> Rows(Func<long, bool> wanted)
    {
        for (long row = 0; row < numbers.LongLength; row++)
        {
            if (wanted(row))
            {
                yield return row;
            }
        }
    }
}
