namespace GpuDiag.Engine.Gpu;

/// <summary>Where a fold turns from one plan to the next.</summary>
/// <param name="BlockBytes">Bytes of rows that are uploaded and computed at once; a fold has two blocks.</param>
/// <param name="SharedBytes">Tables up to this size live in a group's shared memory.</param>
/// <param name="TableBytes">Tables up to this size live densely in device memory; null = an eighth of the device's memory.</param>
/// <param name="HashSlots">Slots a hash table starts with, a power of two. It grows while a quarter of <c>TableBytes</c> allows.</param>
/// <param name="RowPerThreadWidth">Probability rows up to this width are read by one thread, wider ones by eight.</param>
/// <param name="Cells">Small tables of sums are kept in so many copies that they have at least this many cells: fewer rows wait for one address.</param>
/// <param name="ListEntries">Candidates that a query's list holds at least; more where it wants many neighbours.</param>
/// <param name="RoundFirst">Search neighbours with rounded operands first on any device, for tests; tensor cores always do.</param>
internal sealed record GpuLimits(int BlockBytes, int SharedBytes, long? TableBytes, int HashSlots, int RowPerThreadWidth, int Cells, int ListEntries, bool RoundFirst)
{
    public static GpuLimits Device { get; } = new(32 << 20, 48 << 10, null, 1 << 22, 32, 4096, 256, false);

    public static GpuLimits Simulator { get; } = new(1 << 20, 48 << 10, 64 << 20, 1 << 12, 32, 16, 16, false);
}
