namespace GpuDiag.Analyses.Duplicates;

/// <summary>Sets of items that were joined directly or through others: union–find. The root of a set is its lowest item.</summary>
internal sealed class DisjointSets
{
    private readonly int[] parent;

    public DisjointSets(long items)
    {
        parent = new int[items];
        for (int i = 0; i < parent.Length; i++)
        {
            parent[i] = i;
        }
    }

    public long Items => parent.LongLength;

    /// <summary>The lowest item of the set. Halves the paths it walks.</summary>
    public int Root(int item)
    {
        while (parent[item] != item)
        {
            parent[item] = parent[parent[item]];
            item = parent[item];
        }

        return item;
    }

    public void Join(int a, int b)
    {
        a = Root(a);
        b = Root(b);
        parent[Math.Max(a, b)] = Math.Min(a, b);
    }
}
