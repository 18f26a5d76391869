namespace GpuDiag.Engine.Cpu;

/// <summary>
/// The cells that one fold counts for one segmentation. Dense: 32-bit counters [segment][label][prediction] that are
/// flushed into the table; sparse: straight into the table's hash.
/// </summary>
internal sealed class CellCounter
{
    private uint[] counters = [];
    private int classes;

    /// <summary>Segment codes below this have room.</summary>
    public int Segments { get; private set; }

    public bool IsDense { get; private set; }

    public Span<uint> Counters => counters;

    /// <summary>
    /// Lays the empty counters out for codes below the limits, with headroom where this is not the first time: domains
    /// grow by a few values in each file.
    /// </summary>
    public void Fit(int segmentLimit, int classLimit)
    {
        int roomy = Math.Max(segmentLimit, Segments * 3 / 2);
        Segments = segmentLimit > Segments && Segments > 0 && CellCounts.FitsDense(roomy, classLimit) ? roomy : Math.Max(segmentLimit, Segments);
        classes = classLimit;
        IsDense = CellCounts.FitsDense(Segments, classes);
        counters = IsDense ? new uint[Segments * classes * classes] : [];
    }

    /// <summary>Moves the counters into a table, and their sums over segments into another.</summary>
    public void Flush(CellCounts table, CellCounts? overall)
    {
        if (!IsDense)
        {
            return;
        }

        table.Add(counters, classes);
        if (overall is not null)
        {
            Collapse(overall);
        }

        Array.Clear(counters);
    }

    private void Collapse(CellCounts overall)
    {
        int cells = classes * classes;
        long[] sums = new long[cells];
        for (int first = 0; first < counters.Length; first += cells)
        {
            ReadOnlySpan<uint> segment = counters.AsSpan(first, cells);
            for (int i = 0; i < cells; i++)
            {
                sums[i] += segment[i];
            }
        }

        for (int i = 0; i < cells; i++)
        {
            overall.Add(0, i / classes, i % classes, sums[i]);
        }
    }
}
