using System.Collections.Concurrent;
using GpuDiag.Analyses.Causes;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Scan;

/// <summary>The evidence of the errors that the rows table shows. Threads fill it together, each the rows of its own batches.</summary>
internal sealed class CauseNotes
{
    /// <summary>Told apart from a row that is right.</summary>
    private const ushort IsError = 1 << 15;

    private readonly long[]? shown;
    private readonly ushort[] kept;
    private readonly Lazy<ConcurrentDictionary<long, string>> segments = new(() => new());

    /// <param name="rows">Of the data.</param>
    /// <param name="shown">Row numbers, ascending, each once; null for all.</param>
    public CauseNotes(long rows, long[]? shown)
    {
        this.shown = shown;
        kept = new ushort[this.shown?.LongLength ?? rows];
    }

    /// <param name="regions">The failing segments that the row is in; enumerated only if it is shown.</param>
    public void Take(long row, EvidenceBits evidence, IEnumerable<Region> regions)
    {
        if (Place(row) is >= 0 and var place)
        {
            kept[place] = (ushort)(evidence.Bits | IsError);
            string names = string.Join("; ", regions.Select(r => r.Name));
            if (names.Length > 0)
            {
                segments.Value[row] = names;
            }
        }
    }

    /// <summary>What the rows table says of a row.</summary>
    public RowResult Note(RowResult row)
    {
        if (Place(row.Row) is not (>= 0 and var place) || kept[place] == 0)
        {
            return row;
        }

        EvidenceBits evidence = new((ushort)(kept[place] & ~IsError));
        return row with
        {
            Cause = CauseNames.Name(evidence.Primary),
            Evidence = evidence.ToString(),
            FailingSegments = segments.IsValueCreated ? segments.Value.GetValueOrDefault(row.Row) : null,
        };
    }

    private long Place(long row) => shown is null ? row : Array.BinarySearch(shown, row);
}
