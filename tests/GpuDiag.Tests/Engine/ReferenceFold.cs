using GpuDiag.Engine;

namespace GpuDiag.Tests.Engine;

/// <summary>A fold from a way to make an empty state and a way to add a batch to it.</summary>
internal sealed class ReferenceFold<TBatch, TState>(Func<TState> init, Action<TState, TBatch> accept) : IFold<TBatch, TState>
    where TState : IState<TState>
{
    private TState state = init();

    public void Accept(TBatch batch) => accept(state, batch);

    public TState Take()
    {
        TState taken = state;
        state = init();
        return taken;
    }

    public void Dispose()
    {
    }
}
