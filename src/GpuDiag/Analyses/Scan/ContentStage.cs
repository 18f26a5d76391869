using GpuDiag.Analyses.Duplicates;
using GpuDiag.Analyses.Embeddings;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>Reads what tells equal images and texts, of the data and of the training set beside it.</summary>
internal static class ContentStage
{
    /// <param name="data">The data.</param>
    /// <param name="columns">Images and texts.</param>
    /// <param name="train">Compared where it has a column of the same name; null for none.</param>
    /// <param name="pipeline">Makes the reader of a dataset.</param>
    /// <param name="clock">Times the stage.</param>
    /// <returns>Per column the digests of the data's rows, then of the training set's.</returns>
    public static IReadOnlyList<UInt128[]> Read(
        Dataset data, IReadOnlyList<Field> columns, TrainRows? train, Func<Dataset, Pipeline> pipeline, StageClock clock)
    {
        List<UInt128[]> contents = [];
        foreach (Field column in columns)
        {
            UInt128[] digests = [];
            clock.Pass("contents", $"reading {column.Name}", data.Rows, done => digests = ContentDigests.Read(data, column, pipeline(data), done));
            if (train is not null)
            {
                Field? same = train.Data.Fields.FirstOrDefault(f => f.Name == column.Name && f.Type == column.Type);
                UInt128[] others = same is null ? new UInt128[train.Data.Rows] : ContentDigests.Read(train.Data, same, pipeline(train.Data), null);
                digests = [.. digests, .. others];
            }

            contents.Add(digests);
        }

        return contents;
    }
}
