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

    /// <summary>A row of another width than the others, or of none.</summary>
    /// <param name="row">Position in the file.</param>
    /// <param name="expected">What others have; 0 when none is settled.</param>
    internal static InputException Ragged(string file, string column, long row, long length, int expected)
    {
        string has = length > expected && expected > 0 ? "more values" : length == 1 ? "1 value" : $"{length} values";
        string message = expected == 0 ? $"row {row} has an empty list" : $"row {row} has {has} where others have {expected}";
        return new InputException(message, file, column, "Give every row a list of one length, or null.");
    }
}
