using GpuDiag.Engine;

namespace GpuDiag.Tests.Laws;

/// <summary>The law of the fold: however the rows are cut, dealt to folds and merged, the state's bytes are the same.</summary>
internal static class FoldLaw
{
    public static byte[] Bytes<TState>(TState state)
        where TState : IState<TState>
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        state.Write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>
    /// Cuts the rows into pieces, deals the pieces to the folds in turn, then merges the folds' states from the last to
    /// the first.
    /// </summary>
    public static TState Run<TBatch, TState>(
        Func<IFold<TBatch, TState>> fold, int rows, IReadOnlyList<int> cuts, int folds, Func<int, int, TBatch> batch)
        where TState : IState<TState>
    {
        IFold<TBatch, TState>[] all = [.. Enumerable.Range(0, folds).Select(_ => fold())];
        int[] ends = [.. cuts.Select(c => c % (rows + 1)).Append(rows).Order()];
        int start = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            all[i % folds].Accept(batch(start, ends[i]));
            start = ends[i];
        }

        TState[] states = [.. all.Select(f => f.Take())];
        TState result = states[^1];
        for (int i = folds - 2; i >= 0; i--)
        {
            result.Merge(states[i]);
        }

        foreach (IFold<TBatch, TState> each in all)
        {
            each.Dispose();
        }

        return result;
    }
}
