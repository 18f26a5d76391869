using GpuDiag.Kernels.Algebra;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// Sums confidences by (segment, bin): per slot the wrong rows, the right rows and the sum of ⌊c·2^40 + ½⌋.
/// Bin of c: ⌈15·c⌉ − 1, clamped to 0 … 14. Slot 15 takes rows without label, prediction or confidence (NaN), slot 16
/// confidences outside [0, 1] by more than 1e-3; both count rows only, as wrong. A confidence below 0 within the
/// tolerance counts as 0.
/// Cost per row: the bytes of its codes and confidence, two double operations, and one (slots 15, 16) to four atomics.
/// </summary>
public static class CalibrationKernel
{
    public const int Bins = 15;
    public const int Missing = 15;
    public const int OutOfRange = 16;
    public const int Slots = 17;
    public const double Tolerance = 1e-3;

    /// <summary>u64 totals per slot: wrong rows, right rows, low 32 bits and high bits of the quantised sum.</summary>
    public const int Fields = 4;

    /// <summary>u32 counters per slot in shared memory: wrong, right, three limbs of <see cref="LimbBits"/> bits.</summary>
    public const int SharedFields = 5;

    /// <summary>Rows that one group may see per launch before a limb in shared memory could overflow.</summary>
    public const int RowsPerGroup = 1 << 18;

    /// <summary>Three limbs hold a quantised confidence (below 2^41); 2^18 of a limb fit in 32 bits.</summary>
    private const int LimbBits = 14;

    private const uint LimbMask = (1U << LimbBits) - 1;

    /// <summary>Slots in shared memory, flushed to <paramref name="totals"/> (segments × Slots × Fields).</summary>
    public static void Shared<TClass, TSegment, TNumber>(
        ArrayView<Words> label, ArrayView<Words> prediction, ArrayView<Words> segment, ArrayView<Words> confidence, long rows, int segments, ArrayView<ulong> totals)
        where TClass : struct, ICodeRows<TClass>
        where TSegment : struct, ICodeRows<TSegment>
        where TNumber : struct, INumberRows<TNumber>
    {
        ArrayView<uint> bins = SharedMemory.GetDynamic<uint>();
        int slots = segments * Slots;
        for (int i = Group.IdxX; i < slots * SharedFields; i += Group.DimX)
        {
            bins[i] = 0;
        }

        Group.Barrier();
        Sweep<TClass, TSegment, TNumber, SharedSlots>(label, prediction, segment, confidence, rows, new SharedSlots(bins, (uint)segments));
        Group.Barrier();
        for (int i = Group.IdxX; i < slots; i += Group.DimX)
        {
            uint wrong = bins[SharedFields * i], right = bins[(SharedFields * i) + 1];
            if ((wrong | right) != 0)
            {
                ulong sum = bins[(SharedFields * i) + 2]
                    + ((ulong)bins[(SharedFields * i) + 3] << LimbBits)
                    + ((ulong)bins[(SharedFields * i) + 4] << (2 * LimbBits));
                Atomic.Add(ref totals[Fields * i], wrong);
                Atomic.Add(ref totals[(Fields * i) + 1], right);
                Atomic.Add(ref totals[(Fields * i) + 2], sum & 0xFFFF_FFFF);
                Atomic.Add(ref totals[(Fields * i) + 3], sum >> 32);
            }
        }
    }

    /// <summary>Slots in device memory, for more segments than fit in shared memory.</summary>
    public static void Global<TClass, TSegment, TNumber>(
        ArrayView<Words> label, ArrayView<Words> prediction, ArrayView<Words> segment, ArrayView<Words> confidence, long rows, int segments, ArrayView<ulong> totals)
        where TClass : struct, ICodeRows<TClass>
        where TSegment : struct, ICodeRows<TSegment>
        where TNumber : struct, INumberRows<TNumber> =>
        Sweep<TClass, TSegment, TNumber, GlobalSlots>(label, prediction, segment, confidence, rows, new GlobalSlots(totals, (uint)segments));

    private static void Sweep<TClass, TSegment, TNumber, TSlots>(
        ArrayView<Words> label, ArrayView<Words> prediction, ArrayView<Words> segment, ArrayView<Words> confidence, long rows, TSlots slots)
        where TClass : struct, ICodeRows<TClass>
        where TSegment : struct, ICodeRows<TSegment>
        where TNumber : struct, INumberRows<TNumber>
        where TSlots : struct, ICalibrationSlots
    {
        long thread = Grid.GlobalLinearIndex;
        long threads = (long)Grid.DimX * Group.DimX;
        long steps = rows / CountKernel.RowsPerStep;
        for (long step = thread; step < steps; step += threads)
        {
            TClass l = TClass.Load(label, step), p = TClass.Load(prediction, step);
            TSegment s = TSegment.Load(segment, step);
            TNumber c = TNumber.Load(confidence, step);
            Row(slots, s.At(0), l.At(0), p.At(0), c.At(0));
            Row(slots, s.At(1), l.At(1), p.At(1), c.At(1));
            Row(slots, s.At(2), l.At(2), p.At(2), c.At(2));
            Row(slots, s.At(3), l.At(3), p.At(3), c.At(3));
            Row(slots, s.At(4), l.At(4), p.At(4), c.At(4));
            Row(slots, s.At(5), l.At(5), p.At(5), c.At(5));
            Row(slots, s.At(6), l.At(6), p.At(6), c.At(6));
            Row(slots, s.At(7), l.At(7), p.At(7), c.At(7));
            Row(slots, s.At(8), l.At(8), p.At(8), c.At(8));
            Row(slots, s.At(9), l.At(9), p.At(9), c.At(9));
            Row(slots, s.At(10), l.At(10), p.At(10), c.At(10));
            Row(slots, s.At(11), l.At(11), p.At(11), c.At(11));
            Row(slots, s.At(12), l.At(12), p.At(12), c.At(12));
            Row(slots, s.At(13), l.At(13), p.At(13), c.At(13));
            Row(slots, s.At(14), l.At(14), p.At(14), c.At(14));
            Row(slots, s.At(15), l.At(15), p.At(15), c.At(15));
        }

        int rest = (int)(rows - (steps * CountKernel.RowsPerStep));
        if (thread < rest)
        {
            int row = (int)thread;
            Row(slots, TSegment.Load(segment, steps).At(row), TClass.Load(label, steps).At(row), TClass.Load(prediction, steps).At(row), TNumber.Load(confidence, steps).At(row));
        }
    }

    private static void Row<TSlots>(TSlots slots, int segment, int label, int prediction, double confidence)
        where TSlots : struct, ICalibrationSlots
    {
        double c = confidence < 0.0 ? 0.0 : confidence;
        double product = Deterministic.Mul(c < 2.0 ? c : 2.0, Bins);
        int bin = (int)product;
        bin -= product > bin ? 0 : 1;
        bin = bin < 0 ? 0 : bin > Bins - 1 ? Bins - 1 : bin;
        bin = (confidence > 1.0 + Tolerance) | (confidence < -Tolerance) ? OutOfRange : bin;
        bin = (label == 0) | (prediction == 0) | double.IsNaN(confidence) ? Missing : bin;
        if (bin < Bins)
        {
            slots.Add(segment, bin, label == prediction ? 1 : 0, (ulong)Confidence.Quantize(c));
        }
        else
        {
            slots.Count(segment, bin);
        }
    }

    /// <summary>Where a kernel adds its rows. A segment at or above the limit is left out: <see cref="CountKernel"/> reports it.</summary>
    private interface ICalibrationSlots
    {
        void Count(int segment, int slot);

        void Add(int segment, int slot, int right, ulong confidence);
    }

    private readonly struct SharedSlots(ArrayView<uint> bins, uint segments) : ICalibrationSlots
    {
        public void Count(int segment, int slot)
        {
            if ((uint)segment < segments)
            {
                Atomic.Add(ref bins[SharedFields * ((segment * Slots) + slot)], 1U);
            }
        }

        public void Add(int segment, int slot, int right, ulong confidence)
        {
            if ((uint)segment < segments)
            {
                int at = SharedFields * ((segment * Slots) + slot);
                Atomic.Add(ref bins[at + right], 1U);
                Atomic.Add(ref bins[at + 2], (uint)confidence & LimbMask);
                Atomic.Add(ref bins[at + 3], (uint)(confidence >> LimbBits) & LimbMask);
                Atomic.Add(ref bins[at + 4], (uint)(confidence >> (2 * LimbBits)));
            }
        }
    }

    private readonly struct GlobalSlots(ArrayView<ulong> totals, uint segments) : ICalibrationSlots
    {
        public void Count(int segment, int slot)
        {
            if ((uint)segment < segments)
            {
                Atomic.Add(ref totals[Fields * (((long)segment * Slots) + slot)], 1UL);
            }
        }

        public void Add(int segment, int slot, int right, ulong confidence)
        {
            if ((uint)segment < segments)
            {
                long at = Fields * (((long)segment * Slots) + slot);
                Atomic.Add(ref totals[at + right], 1UL);
                Atomic.Add(ref totals[at + 2], confidence & 0xFFFF_FFFF);
                Atomic.Add(ref totals[at + 3], confidence >> 32);
            }
        }
    }
}
