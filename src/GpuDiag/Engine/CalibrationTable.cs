using System.Runtime.InteropServices;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine;

/// <summary>
/// Calibration cells by (segment, slot), <see cref="Calibration.Slots"/> per segment. 16 bytes each while a cell holds
/// fewer than <see cref="CarryRows"/> rows; what is above that is carried into wide cells, of which there are few. In
/// native memory, as <see cref="SparseCounts"/> is.
/// </summary>
internal sealed unsafe class CalibrationTable : IDisposable
{
    /// <summary>A narrow cell that reaches this many rows is carried.</summary>
    public const uint CarryRows = Confidence.RowsPerSum;

    private const int GridShift = 56 - Confidence.GridBits;
    private readonly Dictionary<int, CalibrationCell> wide = [];
    private AlignedMemory memory = new();

    /// <summary>The sum of quantised confidences; rows in the low half of the second word, right ones in the high half.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal record struct Narrow(ulong Sum, ulong Rows)
    {
        public readonly CalibrationCell Widen() => new((uint)Rows, (long)(Rows >> 32), FixedSum.FromConfidences(Sum));
    }

    public int Segments { get; private set; }

    private Span<Narrow> All => memory.Span<Narrow>(Segments * Calibration.Slots);

    public CalibrationCell this[int segment, int slot]
    {
        get
        {
            int i = (segment * Calibration.Slots) + slot;
            CalibrationCell cell = segment < Segments ? All[i].Widen() : default;
            return wide.Count > 0 && wide.TryGetValue(i, out CalibrationCell carried) ? Sum(cell, carried) : cell;
        }
    }

    /// <summary>
    /// The narrow cells, for a fold to add to: at most 2 × <see cref="CarryRows"/> rows between calls of <see cref="Carry"/>.
    /// </summary>
    public Span<Narrow> Cells(int segments)
    {
        if (segments > Segments)
        {
            int room = Math.Max(segments, Segments * 3 / 2);
            AlignedMemory larger = new();
            larger.Reserve((nuint)room * (nuint)(Calibration.Slots * sizeof(Narrow)));
            All.CopyTo(larger.Span<Narrow>(room * Calibration.Slots));
            memory.Dispose();
            (memory, Segments) = (larger, room);
        }

        return All;
    }

    /// <summary>Moves full narrow cells into wide ones.</summary>
    public void Carry()
    {
        Span<Narrow> narrow = All;
        for (int i = 0; i < narrow.Length; i++)
        {
            if ((uint)narrow[i].Rows >= CarryRows)
            {
                AddWide(i, narrow[i].Widen());
                narrow[i] = default;
            }
        }
    }

    public void Add(int segment, int slot, in CalibrationCell addend)
    {
        int i = (segment * Calibration.Slots) + slot;
        ref Narrow cell = ref Cells(segment + 1)[i];
        Int128 total = addend.Confidence.Units;
        ulong sum = (ulong)(total >> GridShift);
        if (addend.Rows + (long)(uint)cell.Rows < CarryRows && FixedSum.FromConfidences(sum).Units == total)
        {
            cell = new Narrow(cell.Sum + sum, cell.Rows + (ulong)addend.Rows + ((ulong)addend.Correct << 32));
        }
        else
        {
            AddWide(i, addend);
        }
    }

    public void Merge(CalibrationTable other)
    {
        Span<Narrow> cells = Cells(other.Segments), theirs = other.All;
        for (int i = 0; i < theirs.Length; i++)
        {
            Narrow addend = theirs[i];
            cells[i] = new Narrow(cells[i].Sum + addend.Sum, cells[i].Rows + addend.Rows);
        }

        foreach ((int i, CalibrationCell cell) in other.wide)
        {
            AddWide(i, cell);
        }

        Carry();
    }

    /// <summary>Adds the cells of all segments under segment 0 of another.</summary>
    public void CollapseInto(CalibrationTable overall)
    {
        CalibrationCell[] sums = new CalibrationCell[Calibration.Slots];
        Span<Narrow> narrow = All;
        for (int i = 0; i < narrow.Length; i++)
        {
            if (narrow[i].Rows != 0)
            {
                sums[i % Calibration.Slots] = Sum(sums[i % Calibration.Slots], narrow[i].Widen());
            }
        }

        foreach ((int i, CalibrationCell cell) in wide)
        {
            sums[i % Calibration.Slots] = Sum(sums[i % Calibration.Slots], cell);
        }

        for (int slot = 0; slot < sums.Length; slot++)
        {
            overall.Add(0, slot, sums[slot]);
        }
    }

    public void Dispose()
    {
        memory.Dispose();
        Segments = 0;
    }

    private static CalibrationCell Sum(in CalibrationCell a, in CalibrationCell b) =>
        new(a.Rows + b.Rows, a.Correct + b.Correct, a.Confidence + b.Confidence);

    private void AddWide(int i, in CalibrationCell addend)
    {
        ref CalibrationCell cell = ref CollectionsMarshal.GetValueRefOrAddDefault(wide, i, out _);
        cell = Sum(cell, addend);
    }
}
