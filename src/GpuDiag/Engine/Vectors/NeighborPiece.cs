using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>
/// One piece of the base beside the queries, made ready for fast scores: which rows take part, equal rows taken together,
/// offsets, and each query's line from keys to scores. Queries and rows are numbered as distinct ones.
/// </summary>
internal sealed unsafe class NeighborPiece
{
    private const int Chunk = 512;
    private readonly NeighborState state;
    private readonly VectorBlock batch;
    private readonly double[] querySquared;
    private readonly double[] rowSquared;
    private readonly int[]? self;
    private readonly List<int> directQueries = [];
    private readonly List<int> directRows = [];
    private readonly bool[] rowsWanted;
    private long pairsDone;

    public NeighborPiece(NeighborState state, VectorBlock batch, INeighborSearch search)
    {
        NeighborBound bound = search.Bound(state.Plan);
        this.state = state;
        this.batch = batch;
        Bound = bound;
        Frame = new VectorFrame(Plan.Metric, Plan.Queries, batch);
        IsSelfJoin = Plan.Queries == batch && Plan.Metric != VectorMetric.InnerProduct;

        int rows = (int)batch.Rows;
        uint[] hashes = new uint[rows];
        float[] offsets = new float[rows];
        double[] placed = new double[rows];
        rowSquared = new double[rows];
        rowsWanted = new bool[rows];
        Each(rows, (row, scratch) =>
        {
            float* values = batch.Row(row);
            rowSquared[row] = VectorDistance.Dot(values, values, batch.Width);
            if (!VectorDistance.IsExcluded(Plan.Metric, rowSquared[row]))
            {
                placed[row] = Frame.PlaceRow(values, rowSquared[row], (float*)scratch);
                rowsWanted[row] = VectorFrame.IsInRange(placed[row]);
                offsets[row] = bound.Offset(placed[row]);
                hashes[row] = DistinctRows.Hash(values, batch.Width);
            }
        });
        ExcludedRows = Sort(rowSquared, rowsWanted, directRows);
        Rows = DistinctRows.Grouped(batch, rowsWanted, hashes);
        Rows = !IsSelfJoin && search.Order(Plan, batch, Rows) is { } order ? Rows.Ordered(order) : Rows;
        Offsets = new float[Rows.Count];
        for (int i = 0; i < Offsets.Length; i++)
        {
            Offsets[i] = offsets[Rows.First(i)];
        }

        (querySquared, Queries, QueryScores) = IsSelfJoin ? (rowSquared, Rows, ScoresOf(Rows, rowSquared, placed)) : PrepareQueries();
        if (IsSelfJoin)
        {
            directQueries = directRows;
        }

        self = Plan.ExcludeSelf ? [.. Enumerable.Range(0, Queries.Count).Select(OwnRow)] : null;
    }

    public NeighborPlan Plan => state.Plan;

    public NeighborBound Bound { get; }

    public VectorFrame Frame { get; }

    public DistinctRows Queries { get; }

    public DistinctRows Rows { get; }

    /// <summary>Per distinct row.</summary>
    public float[] Offsets { get; }

    /// <summary>Per distinct query.</summary>
    public QueryScore[] QueryScores { get; }

    /// <summary>Queries and base are the same rows in the same order, with symmetric scores: a pair need be computed once.</summary>
    public bool IsSelfJoin { get; }

    /// <summary>Rows of the piece that are no one's neighbour.</summary>
    public long ExcludedRows { get; }

    /// <summary>Writes a query as it enters fast scores.</summary>
    public void PlaceQuery(int query, float* to) =>
        Frame.PlaceQuery(Plan.Queries.Row(Queries.First(query)), querySquared[Queries.First(query)], to);

    /// <summary>Writes a base row as it enters fast scores; gives its |b|² there.</summary>
    public double PlaceRow(int row, float* to) => Frame.PlaceRow(batch.Row(Rows.First(row)), rowSquared[Rows.First(row)], to);

    /// <summary>Whether the row is the query itself, and may not be its neighbour.</summary>
    public bool IsSelf(int query, int row) => self is not null && self[query] == row;

    /// <summary>The row that is the query itself and may not be its neighbour, or −1.</summary>
    public int SelfRow(int query) => self is null ? -1 : self[query];

    /// <summary>The score that no further neighbour of the query may fall short of, or −∞ while it has fewer than k.</summary>
    public float Threshold(int query)
    {
        double furthest = 0;
        for (int q = Queries.First(query); q >= 0; q = Queries.Next(q))
        {
            ReadOnlySpan<double> keys = state.Keys(q);
            if (keys.Length < Plan.K)
            {
                return float.NegativeInfinity;
            }

            furthest = q == Queries.First(query) ? keys[^1] : Math.Max(furthest, keys[^1]);
        }

        return NeighborBound.BelowKey(QueryScores[query], furthest);
    }

    /// <summary>Measures a pair canonically and offers it to the state, once. Safe for threads that work on different queries.</summary>
    public void Add(int query, int row)
    {
        int q = Queries.First(query), b = Rows.First(row);
        double key = Key(q, b);
        for (; q >= 0; q = Queries.Next(q))
        {
            // Copies come in ascending order: where one is too far, so are the rest.
            bool wanted = true;
            for (b = Rows.First(row); b >= 0 && wanted; b = Rows.Next(b))
            {
                wanted = IsOwn(q, b) || state.Add(q, key, batch.FirstRow + b);
            }
        }
    }

    /// <summary>Counts pairs of query and row as searched.</summary>
    public void Done(long pairs)
    {
        Interlocked.Add(ref pairsDone, pairs);
        Plan.Progress?.Invoke(pairs);
    }

    /// <summary>Measures canonically what is out of the fast scores' range.</summary>
    public void Finish()
    {
        WorkItems.Run(Plan, directQueries.Count, 0, (item, _) => AddAllRows(directQueries[item]));
        if (directRows.Count > 0)
        {
            WorkItems.Run(Plan, Queries.Count, 0, (item, _) =>
            {
                for (int q = Queries.First(item); q >= 0; q = Queries.Next(q))
                {
                    directRows.ForEach(b => AddOne(q, b));
                }
            });
        }

        Plan.Progress?.Invoke((Plan.Queries.Rows * batch.Rows) - pairsDone);
    }

    private void AddAllRows(int query)
    {
        // To a query of zeros all rows are at inner product 0, so only the first count.
        int most = Plan.Metric == VectorMetric.InnerProduct && querySquared[query] == 0 ? Plan.K : int.MaxValue;
        for (int b = 0, added = 0; b < rowSquared.Length && added < most; b++)
        {
            if (!VectorDistance.IsExcluded(Plan.Metric, rowSquared[b]) && !IsOwn(query, b))
            {
                AddOne(query, b);
                added++;
            }
        }
    }

    private void AddOne(int query, int row)
    {
        if (!IsOwn(query, row))
        {
            state.Add(query, Key(query, row), batch.FirstRow + row);
        }
    }

    private double Key(int query, int row) => VectorDistance.Key(
        Plan.Metric, Plan.Queries.Row(query), batch.Row(row), batch.Width, querySquared[query], rowSquared[row]);

    private bool IsOwn(int query, int row) => Plan.ExcludeSelf && Plan.Queries.FirstRow + query == batch.FirstRow + row;

    /// <summary>The distinct row that is a query itself and nothing else, or −1.</summary>
    private int OwnRow(int query)
    {
        int position = Queries.First(query);
        return IsSelfJoin ? (Rows.Next(position) < 0 ? query : -1) : Rows.Single(Plan.Queries.FirstRow + position - batch.FirstRow);
    }

    private (double[] Squared, DistinctRows Queries, QueryScore[] Scores) PrepareQueries()
    {
        VectorBlock queries = Plan.Queries;
        double[] squared = new double[queries.Rows], placed = new double[queries.Rows];
        bool[] wanted = new bool[queries.Rows];
        Each((int)queries.Rows, (row, scratch) =>
        {
            float* values = queries.Row(row);
            squared[row] = VectorDistance.Dot(values, values, queries.Width);
            if (!VectorDistance.IsExcluded(Plan.Metric, squared[row]) && (squared[row] > 0 || Plan.Metric == VectorMetric.L2))
            {
                placed[row] = Frame.PlaceQuery(values, squared[row], (float*)scratch);
                wanted[row] = VectorFrame.IsInRange(placed[row]);
            }
        });
        Sort(squared, wanted, directQueries);
        DistinctRows all = DistinctRows.All(wanted);
        return (squared, all, ScoresOf(all, squared, placed));
    }

    private QueryScore[] ScoresOf(DistinctRows queries, double[] squared, double[] placed)
    {
        QueryScore[] scores = new QueryScore[queries.Count];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = Frame.ScoreOf(Bound, squared[queries.First(i)], placed[queries.First(i)]);
        }

        return scores;
    }

    /// <summary>Tells rows out of range from excluded ones, which it counts.</summary>
    private int Sort(double[] squared, bool[] wanted, List<int> direct)
    {
        int excluded = 0;
        for (int i = 0; i < squared.Length; i++)
        {
            if (VectorDistance.IsExcluded(Plan.Metric, squared[i]))
            {
                excluded++;
            }
            else if (!wanted[i])
            {
                direct.Add(i);
            }
        }

        return excluded;
    }

    private void Each(int rows, WorkItems.Body body) =>
        WorkItems.Run(Plan, (rows + Chunk - 1) / Chunk, (long)batch.Width * sizeof(float), (chunk, scratch) =>
        {
            for (int row = chunk * Chunk; row < Math.Min(rows, (chunk + 1) * Chunk); row++)
            {
                body(row, scratch);
            }
        });
}
