using GpuDiag.Engine.Bits;
using GpuDiag.Engine.Heads;
using GpuDiag.Engine.Labels;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Engine;

/// <summary>
/// The waist: one member per operation. Each takes a plan and gives a fold of its own: columns in, state out.
/// Law, for every backend, every split and every order: the merged states are equal byte for byte
/// (<see cref="IState{TSelf}.Write"/>). Which backend ran changes the time, never the answer.
/// </summary>
public abstract class Backend : IDisposable
{
    /// <summary>As <c>--device</c> names it: cpu, cuda, opencl, simulator.</summary>
    public abstract string Name { get; }

    /// <summary>What it runs on, for people: "NVIDIA H200, 141 GB", "AVX-512, 16 threads".</summary>
    public abstract string Description { get; }

    /// <summary>Counts label × prediction, and confidence by calibration bin, overall and per segment.</summary>
    public abstract IFold<CountBatch, CountState> Count(CountPlan plan);

    /// <summary>
    /// Probability rows → arg max, confidence, loss, rank of the label, per row; their sums overall and per segment.
    /// </summary>
    public abstract IFold<ScoreBatch, ScoreState> ScoreRows(ScorePlan plan);

    /// <summary>Counts each class's scores, positive and negative rows apart, over a partition of the score line.</summary>
    public abstract IFold<RankBatch, RankState> Rank(RankPlan plan);

    /// <summary>Negative log-likelihood, gradient and curvature of temperature scaling, overall and per segment.</summary>
    public abstract IFold<TemperBatch, TemperState> Temper(TemperPlan plan);

    /// <summary>Rows by given label and by the class that their probabilities are confidently of: confident learning's joint.</summary>
    public abstract IFold<ConfidentJointBatch, ConfidentJointState> ConfidentJoint(ConfidentJointPlan plan);

    /// <summary>
    /// The k nearest base vectors of every query, exactly, by the canonical distance. A batch is a piece of the base; its
    /// memory is free for reuse when Accept returns. One Accept uses many threads: a fold is not shared by threads.
    /// </summary>
    public abstract IFold<VectorBlock, NeighborState> Neighbors(NeighborPlan plan);

    /// <summary>
    /// The nearest of some centroids for every vector, by the canonical key, and the exact sum of each centroid's vectors:
    /// a step of k-means. One Accept uses many threads.
    /// </summary>
    public abstract IFold<AssignBatch, AssignState> Assign(AssignPlan plan);

    /// <summary>Exact sums of products of every two dimensions of quantised vectors. One Accept uses many threads.</summary>
    public abstract IFold<VectorBlock, CovarianceState> Covariance(CovariancePlan plan);

    /// <summary>Rows in all of some sets, and how many of these in each of others, for many such candidates. One Accept uses many threads.</summary>
    public abstract IFold<BitBlocks, IntersectState> Intersect(IntersectPlan plan);

    /// <summary>
    /// The loss of a linear head on some rows and its gradient, at any weights: sums of doubles over blocks of rows in their order, so rows are given at once and in their
    /// order, unlike a fold's; the bits are the same on every backend. One evaluation uses many threads.
    /// </summary>
    public abstract IHeadGradient HeadGradient(HeadPlan plan);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
