using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>
/// The exact neighbours of many queries, in pieces of the queries, so that memory for what is found stays bounded
/// whatever their number. Every piece goes over the whole base, so pieces are as large as memory allows; their sizes
/// change the time only.
/// </summary>
public sealed class NeighborSearch
{
    /// <summary>
    /// Bytes of a base that one Accept takes when it is not the queries themselves: long enough that what each Accept
    /// costs per query does not show, short enough for a GPU's memory.
    /// </summary>
    private const long BaseBytes = 1L << 30;

    /// <summary>Bytes for a piece where <see cref="Memory"/> does not say.</summary>
    private const long DefaultMemory = 1L << 30;

    private const long LeastMemory = 32L << 20;

    /// <summary>Multiplications of a piece that is kept: what a run that is killed may have to do again. Some 30 s of two cores.</summary>
    private const double KeptWork = 1e13;

    private const long LeastKeptRows = 4096;

    public required Backend Backend { get; init; }

    /// <summary>All queries.</summary>
    public required VectorBlock Queries { get; init; }

    /// <summary>All vectors to find; may be the same memory as <see cref="Queries"/>, as in a search of a set in itself.</summary>
    public required VectorBlock Base { get; init; }

    /// <summary>Neighbours per query, at least 1. More than the base has rows is no fault: the lists are shorter.</summary>
    public required int K { get; init; }

    public required VectorMetric Metric { get; init; }

    /// <summary>A base row with the query's own row number is none of its neighbours.</summary>
    public bool ExcludeSelf { get; init; }

    /// <summary>Threads that may compute.</summary>
    public required int Threads { get; init; }

    /// <summary>Bytes that a piece's states may take, vectors apart; null for 1 GB.</summary>
    public long? Memory { get; init; }

    /// <summary>Receives the queries done so far (a query half way through the base counts half), from any thread.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>Stops the search between pieces of work.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>Where pieces are kept, and taken from; null for nowhere.</summary>
    internal PieceLog? Log { get; init; }

    /// <summary>
    /// Searches as it is enumerated. Each state is that of a run of queries, <c>state.Plan.Queries</c>, whose first
    /// row tells where it stands; runs come in order and together are all queries. Keeping the states is the caller's choice.
    /// </summary>
    /// <exception cref="ArgumentException">Queries and base differ in width.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IEnumerable<NeighborState> Pieces()
    {
        if (Queries.Width != Base.Width)
        {
            throw new ArgumentException($"queries of {Queries.Width} dimensions cannot be compared with a base of {Base.Width}");
        }

        long most = PieceRows();
        string? about = null;
        for (long start = 0; start < Queries.Rows; start += most)
        {
            VectorBlock piece = Queries.Slice(start, Math.Min(most, Queries.Rows - start));
            yield return Log is null || most >= Queries.Rows ? Piece(piece, start) : Kept(Log, piece, start, about ??= About());
        }
    }

    /// <summary>What all pieces follow from: options, and the base.</summary>
    private string About() => FormattableString.Invariant($"{Metric}|{KeptPerQuery}|{ExcludeSelf}|{PieceLog.Hash(Base)}");

    private NeighborState Kept(PieceLog log, VectorBlock queries, long before, string about)
    {
        UInt128 key = PieceLog.Hash(queries, about);
        NeighborState? state = log.Find(key, new NeighborPlan(queries, KeptPerQuery, Metric, ExcludeSelf, Threads));
        if (state is null)
        {
            state = Piece(queries, before);
            log.Keep(key, state);
        }

        Progress?.Invoke(before + queries.Rows);
        return state;
    }

    /// <summary>Queries of a piece.</summary>
    internal long PieceRows()
    {
        // The state's entries, a backend's longer list of candidates beside it, and what is packed of the vector.
        long perQuery = (KeptPerQuery * 80L) + (Queries.Width * 8L) + 256;
        long rows = Math.Max(Memory ?? DefaultMemory, LeastMemory) / perQuery;
        // A set that is searched in itself and fits is one piece, whose pairs are computed once for both sides.
        bool isOnce = Queries == Base && rows >= Queries.Rows;
        if (Log is not null && !isOnce)
        {
            rows = (long)Math.Clamp(KeptWork / Math.Max(1.0, (double)Base.Rows * Base.Width), Math.Min(rows, LeastKeptRows), rows);
        }

        return Math.Clamp(rows, 1, int.MaxValue / KeptPerQuery);
    }

    private int KeptPerQuery => (int)Math.Clamp(Base.Rows, 1, K);

    private NeighborState Piece(VectorBlock queries, long before)
    {
        long pairs = 0;
        NeighborPlan plan = new(queries, KeptPerQuery, Metric, ExcludeSelf, Threads)
        {
            Cancel = Cancel,
            Progress = Progress is null ? null : done => Progress(before + (Interlocked.Add(ref pairs, done) / Math.Max(1, Base.Rows))),
        };
        using IFold<VectorBlock, NeighborState> fold = Backend.Neighbors(plan);

        // A backend computes each pair once when the base is the queries, so that comes whole.
        long step = queries == Base ? Base.Rows : Math.Max(1, BaseBytes / (Base.Width * sizeof(float)));
        for (long row = 0; row < Base.Rows; row += step)
        {
            Cancel.ThrowIfCancellationRequested();
            fold.Accept(Base.Slice(row, Math.Min(step, Base.Rows - row)));
        }

        return fold.Take();
    }
}
