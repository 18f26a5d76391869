using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Labels;

namespace GpuDiag.Analyses.Scan;

/// <summary>What a later pass over probabilities learns.</summary>
internal sealed class RankStates
{
    /// <summary>Per plan of the pass, in its order.</summary>
    public RankState[]? Ranks { get; set; }

    public TemperState? Temper { get; set; }

    public ConfidentJointState? Joint { get; set; }
}

/// <summary>One thread of a pass that counts scores over partitions, counts confident rows, evaluates temperatures, or some of these.</summary>
internal sealed class RankPass : IBatchWorker
{
    private readonly ScanPlan plan;
    private readonly ScanStages stages;
    private readonly RankStates shared;
    private readonly (int Segment, IFold<RankBatch, RankState> Fold)[] ranks;
    private readonly IFold<TemperBatch, TemperState>? temper;
    private readonly IFold<ConfidentJointBatch, ConfidentJointState>? joint;
    private readonly CodeColumn[] segments, tables;

    /// <param name="plan">The scan.</param>
    /// <param name="pass">Columns of the pass.</param>
    /// <param name="capacity">Rows per batch.</param>
    /// <param name="rankPlans">Each with the number of its segmentation, −1 for all rows.</param>
    /// <param name="temperPlan">Null: no temperatures in this pass.</param>
    /// <param name="jointPlan">Null: no confident joint in this pass.</param>
    /// <param name="shared">Receives the merged states.</param>
    public RankPass(
        ScanPlan plan, ScanPass pass, int capacity, IReadOnlyList<(int Segment, RankPlan Plan)> rankPlans, TemperPlan? temperPlan, ConfidentJointPlan? jointPlan, RankStates shared)
    {
        this.plan = plan;
        this.shared = shared;
        stages = pass.Stages(capacity);
        ranks = [.. rankPlans.Select(r => (r.Segment, plan.Backend.Rank(r.Plan)))];
        temper = temperPlan is null ? null : plan.Backend.Temper(temperPlan);
        joint = jointPlan is null ? null : plan.Backend.ConfidentJoint(jointPlan);
        segments = new CodeColumn[stages.Segments.Count];
        tables = new CodeColumn[temperPlan?.Segments.Count ?? 0];
        if (tables.Length > segments.Length)
        {
            tables[segments.Length] = new CodeColumn(temperPlan!.Segments[segments.Length], capacity);
        }
    }

    public void Accept(Batch batch)
    {
        CodeColumn label = stages.Label.Take(batch);
        MatrixColumn matrix = stages.Probabilities!.Take(batch, plan.ClassCodes.Length);
        plan.CheckWidth(matrix, batch);
        for (int i = 0; i < segments.Length; i++)
        {
            segments[i] = stages.Segments[i].Take(batch);
        }

        foreach ((int segment, IFold<RankBatch, RankState> fold) in ranks)
        {
            fold.Accept(new RankBatch(batch.Rows, matrix, label, segment < 0 ? null : segments[segment]));
        }

        joint?.Accept(new ConfidentJointBatch(batch.Rows, matrix, label));
        if (temper is not null)
        {
            // A plan of two inverse temperatures has every table twice, that of all rows between.
            segments.CopyTo(tables, 0);
            segments.CopyTo(tables, tables.Length - segments.Length);
            temper.Accept(new TemperBatch(batch.Rows, matrix, label, tables));
        }
    }

    public void Finish()
    {
        RankState[] ranked = [.. ranks.Select(r => r.Fold.Take())];
        TemperState? tempered = temper?.Take();
        ConfidentJointState? counted = joint?.Take();
        lock (shared)
        {
            if (shared.Ranks is null)
            {
                (shared.Ranks, shared.Temper, shared.Joint) = (ranked, tempered, counted);
                return;
            }

            for (int i = 0; i < ranked.Length; i++)
            {
                shared.Ranks[i].Merge(ranked[i]);
            }

            if (tempered is not null)
            {
                shared.Temper!.Merge(tempered);
            }

            if (counted is not null)
            {
                shared.Joint!.Merge(counted);
            }
        }
    }

    public void Dispose()
    {
        stages.Dispose();
        temper?.Dispose();
        joint?.Dispose();
        if (tables.Length > segments.Length)
        {
            tables[segments.Length].Dispose();
        }

        foreach ((_, IFold<RankBatch, RankState> fold) in ranks)
        {
            fold.Dispose();
        }
    }
}
