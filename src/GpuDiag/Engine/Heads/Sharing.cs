namespace GpuDiag.Engine.Heads;

/// <summary>Pieces of work for some threads.</summary>
internal static class Sharing
{
    /// <summary>Does pieces of work, on all threads where it is worth it.</summary>
    public static void Run(int threads, int pieces, Action<int> work)
    {
        if (threads > 1 && pieces > 1)
        {
            Parallel.For(0, pieces, new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
            return;
        }

        for (int piece = 0; piece < pieces; piece++)
        {
            work(piece);
        }
    }
}
