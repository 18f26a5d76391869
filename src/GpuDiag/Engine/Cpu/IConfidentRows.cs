using System.Numerics;

namespace GpuDiag.Engine.Cpu;

/// <summary>How a row is compared with the classes' thresholds: by scalar code or by vectors, in the precision that it is stored in.</summary>
internal unsafe interface IConfidentRows
{
    /// <summary>
    /// Which classes a row of so many probabilities reaches: how many, and the last of them. False where the row is not
    /// valid, that is, not all of it from lowest to highest.
    /// </summary>
    static abstract bool TryCompare<T>(T* row, T* least, int classes, T lowest, T highest, out int count, out int last)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The column of the largest probability of a valid row, the lowest on ties.</summary>
    static abstract int ArgMax<T>(T* row, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
