namespace GpuDiag.Analyses.Slices;

/// <summary>Finds a conjunction of a level by its values: a hash table with open addressing, twice as large as it is full.</summary>
internal sealed class SliceIndex
{
    private readonly SliceLevel level;
    private readonly int[] slots;

    public SliceIndex(SliceLevel level)
    {
        this.level = level;
        slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, 2 * level.Count))];
        for (int i = 0; i < level.Count; i++)
        {
            ulong hash = 0;
            foreach (int member in level.Of(i))
            {
                hash += Hash(member);
            }

            uint slot = Slot(hash);
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & (uint)(slots.Length - 1);
            }

            slots[slot] = i + 1;
        }
    }

    /// <summary>What a value adds to the hash of a conjunction: so leaving one out is a subtraction.</summary>
    public static ulong Hash(int member)
    {
        ulong mixed = ((ulong)member + 1) * 0x9e37_79b9_7f4a_7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58_476d_1ce4_e5b9;
        return mixed ^ (mixed >> 27);
    }

    /// <summary>The place of a conjunction: <paramref name="members"/> without the one at <paramref name="left"/>; −1 when it is not there.</summary>
    /// <param name="members">Ascending.</param>
    /// <param name="left">Which one is left out.</param>
    /// <param name="hash">Of the others.</param>
    public int Find(ReadOnlySpan<int> members, int left, ulong hash)
    {
        for (uint slot = Slot(hash); slots[slot] != 0; slot = (slot + 1) & (uint)(slots.Length - 1))
        {
            ReadOnlySpan<int> found = level.Of(slots[slot] - 1);
            if (found[..left].SequenceEqual(members[..left]) && found[left..].SequenceEqual(members[(left + 1)..]))
            {
                return slots[slot] - 1;
            }
        }

        return -1;
    }

    private uint Slot(ulong hash) => (uint)((hash * 0x94d0_49bb_1331_11eb) >> 32) & (uint)(slots.Length - 1);
}
