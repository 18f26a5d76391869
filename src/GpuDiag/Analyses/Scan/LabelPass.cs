using GpuDiag.Analyses.Labels;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>One thread of the pass that selects label issues.</summary>
internal sealed class LabelPass : IBatchWorker
{
    private readonly ScanPlan plan;
    private readonly ScanStages stages;
    private readonly IssueFilter filter;
    private readonly Action<IssueFilter> finish;
    private readonly LabelledRow row;
    private readonly int[] classIndex;

    /// <param name="plan">The scan; its domains are complete.</param>
    /// <param name="pass">Columns of the pass.</param>
    /// <param name="capacity">Rows per batch.</param>
    /// <param name="allValid">All probabilities of all rows are known to be valid.</param>
    /// <param name="filter">Receives the rows.</param>
    /// <param name="finish">Receives the filter.</param>
    public LabelPass(ScanPlan plan, ScanPass pass, int capacity, bool allValid, IssueFilter filter, Action<IssueFilter> finish)
    {
        (this.plan, this.filter, this.finish) = (plan, filter, finish);
        stages = pass.Stages(capacity);
        row = new LabelledRow(plan.ClassCodes, plan.LabelScore, allValid);
        classIndex = plan.ClassIndex();
    }

    public void Accept(Batch batch)
    {
        CodeColumn label = stages.Label.Take(batch);
        MatrixColumn matrix = stages.Probabilities!.Take(batch, plan.ClassCodes.Length);
        plan.CheckWidth(matrix, batch);
        row.Take(batch.FirstRow, matrix, stages.Prediction?.Take(batch), stages.Confidence >= 0 ? (NumberColumn)batch.Columns[stages.Confidence] : null);
        filter.Accept(row, label, classIndex, batch.Rows);
    }

    public void Finish() => finish(filter);

    public void Dispose() => stages.Dispose();
}
