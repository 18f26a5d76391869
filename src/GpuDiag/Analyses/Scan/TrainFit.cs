using GpuDiag.Analyses.Fit;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>One thread of the pass that counts how many rows of the training set the model gets right, per class.</summary>
internal sealed class TrainFit : IBatchWorker
{
    private readonly RowColumns columns;
    private readonly Dictionary<int, Share> shared;
    private readonly Dictionary<int, Share> mine = [];

    private TrainFit(ScanPlan plan, ScanPass pass, int capacity, Dictionary<int, Share> shared)
    {
        columns = new RowColumns(plan, pass, capacity);
        this.shared = shared;
    }

    /// <summary>Reads the training set's labels and predictions, or the probabilities that predictions follow from.</summary>
    /// <param name="train">The training set.</param>
    /// <param name="classes">Of the data; stays as it is.</param>
    /// <param name="classCodes">Class code of each probability column of the data; empty without.</param>
    /// <param name="backend">Scores rows.</param>
    /// <param name="pipeline">Reads the training set.</param>
    /// <param name="clock">Times the pass.</param>
    /// <returns>By code of the data's classes, below 0 for others; empty where the training set has no predictions.</returns>
    /// <exception cref="InputException">Its rows hold another number of probabilities than the data's.</exception>
    public static IReadOnlyDictionary<int, Share> Read(TrainSet train, Domain classes, int[] classCodes, Backend backend, Pipeline pipeline, StageClock clock)
    {
        Dictionary<int, Share> shares = [];
        if (train.Roles.Scored is not { } roles || (roles.Pred is null && classCodes.Length == 0))
        {
            return shares;
        }

        Domain own = new("train class");
        int[] codes = roles.Pred is null ? [.. classCodes.Select(c => own.Code(classes.Text(c)))] : [];
        ScanColumns columns = new(roles.Pred is null ? roles : roles with { Probs = [] }, own, [], 0);
        ScanPlan plan = new(backend, columns, codes, 0);
        ScanPass pass = new(columns, roles.Pred is null ? Needs.Probabilities : Needs.Prediction);
        int rowBytes = pass.RowBytes(codes.Length);
        clock.Pass("train predictions", "reading predictions of the training set", train.Data.Rows, done =>
            pipeline.Run(pass.Requests, () => new TrainFit(plan, pass, pipeline.BatchRows(rowBytes), shares), rowBytes, done));
        return shares.ToDictionary(s => classes.Find(own.Text(s.Key)) is > 0 and int known ? known : -s.Key, s => s.Value);
    }

    public void Accept(Batch batch)
    {
        columns.Take(batch);
        for (int i = 0; i < batch.Rows; i++)
        {
            int label = columns.Label[i], prediction = columns.Prediction[i];
            if (label != Domain.Null && prediction != Domain.Null)
            {
                mine[label] = mine.GetValueOrDefault(label) + new Share(label == prediction ? 1 : 0, 1);
            }
        }
    }

    public void Finish()
    {
        lock (shared)
        {
            foreach ((int label, Share share) in mine)
            {
                shared[label] = shared.GetValueOrDefault(label) + share;
            }
        }
    }

    public void Dispose() => columns.Dispose();
}
