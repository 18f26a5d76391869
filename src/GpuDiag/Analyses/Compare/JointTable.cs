using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Compare;

/// <summary>Rows of one label, one prediction of BEFORE and one of AFTER, all as positions in the class order.</summary>
internal readonly record struct JointCell(int Label, int Before, int After, long Count) : IComparable<JointCell>
{
    public int CompareTo(JointCell other)
    {
        int order = Label.CompareTo(other.Label);
        order = order != 0 ? order : Before.CompareTo(other.Before);
        return order != 0 ? order : After.CompareTo(other.After);
    }
}

/// <summary>The rows of one set by label × before × after: the non-zero cells, in order, and what follows from them.</summary>
internal sealed class JointTable
{
    /// <param name="cells">Non-zero, each once; sorted here.</param>
    public JointTable(JointCell[] cells)
    {
        Array.Sort(cells);
        Cells = cells;
        Before = Side(cells, c => c.Before);
        After = Side(cells, c => c.After);
        long right = 0, onlyBefore = 0, onlyAfter = 0, wrong = 0;
        foreach (JointCell cell in cells)
        {
            bool before = cell.Before == cell.Label, after = cell.After == cell.Label;
            (before && after ? ref right : ref before ? ref onlyBefore : ref after ? ref onlyAfter : ref wrong) += cell.Count;
        }

        Table = new PairTable(right, onlyBefore, onlyAfter, wrong);
    }

    /// <summary>By label, then BEFORE's class, then AFTER's.</summary>
    public JointCell[] Cells { get; }

    public ConfusionMatrix Before { get; }

    public ConfusionMatrix After { get; }

    public PairTable Table { get; }

    public long Rows => Table.Rows;

    /// <summary>Of the rows that have a class as label.</summary>
    public PairTable OfClass(int position)
    {
        long right = 0, onlyBefore = 0, onlyAfter = 0, wrong = 0;
        for (int i = First(position); i < Cells.Length && Cells[i].Label == position; i++)
        {
            bool before = Cells[i].Before == position, after = Cells[i].After == position;
            (before && after ? ref right : ref before ? ref onlyBefore : ref after ? ref onlyAfter : ref wrong) += Cells[i].Count;
        }

        return new PairTable(right, onlyBefore, onlyAfter, wrong);
    }

    /// <summary>What the rows that only BEFORE has right are mostly taken for by AFTER, of equal ones the first by class; null without such rows.</summary>
    public Confusion? Broken(ClassOrder classes) => Cells
        .Where(c => c.Before == c.Label && c.After != c.Label)
        .OrderByDescending(c => c.Count)
        .Select(c => new Confusion(classes.Names[c.Label], classes.Names[c.After], c.Count))
        .FirstOrDefault();

    private static ConfusionMatrix Side(JointCell[] cells, Func<JointCell, int> prediction)
    {
        Dictionary<(int, int), long> counts = [];
        foreach (JointCell cell in cells)
        {
            (int, int) key = (cell.Label, prediction(cell));
            counts[key] = counts.GetValueOrDefault(key) + cell.Count;
        }

        return new ConfusionMatrix([.. counts.Select(c => new ClassCell(c.Key.Item1, c.Key.Item2, c.Value))]);
    }

    private int First(int label)
    {
        int i = Array.BinarySearch(Cells, new JointCell(label, -1, -1, 0));
        return i < 0 ? ~i : i;
    }
}
