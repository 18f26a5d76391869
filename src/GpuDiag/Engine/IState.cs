namespace GpuDiag.Engine;

/// <summary>
/// What a fold has learnt so far: integers, fixed-point sums and exact registers only.
/// Laws: Merge is associative and commutative; state(a ++ b) = Merge(state(a), state(b)), byte for byte under Write.
/// </summary>
public interface IState<TSelf>
    where TSelf : IState<TSelf>
{
    /// <summary>Adds another state of the same plan to this one. The other is not changed.</summary>
    void Merge(TSelf other);

    /// <summary>
    /// Writes the state in canonical form: domain values by text in sorted order, never by code; so equal states of
    /// different runs are equal bytes.
    /// </summary>
    void Write(BinaryWriter writer);
}
