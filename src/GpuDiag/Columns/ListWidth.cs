namespace GpuDiag.Columns;

/// <summary>The one width that all rows of a list column have, in every row group and thread; 0 until a row that is not null came.</summary>
internal sealed class ListWidth
{
    private int value;

    internal int Value => Volatile.Read(ref value);

    /// <summary>Makes it the width if none is settled yet; says whether it is the width now.</summary>
    internal bool Settle(int width)
    {
        int before = Interlocked.CompareExchange(ref value, width, 0);
        return before == 0 || before == width;
    }
}
