namespace GpuDiag.Engine;

/// <summary>
/// A fold in progress (created by the backend: Init). One thread at a time; a pipeline makes one per worker and merges their states.
/// Accept allocates nothing in the steady state.
/// </summary>
public interface IFold<TBatch, TState> : IDisposable
    where TState : IState<TState>
{
    /// <summary>Adds the rows of a batch. The batch's memory is free for reuse when the call returns.</summary>
    void Accept(TBatch batch);

    /// <summary>The state of all that was accepted since the last call; the fold starts again from nothing.</summary>
    TState Take();
}
