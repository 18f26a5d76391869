using GpuDiag.Analyses.Duplicates;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>Reads what tells equal images and texts, of the data and of the training set beside it.</summary>
internal static class ContentStage
{
    /// <param name="data">The data.</param>
    /// <param name="roles">Its columns.</param>
    /// <param name="train">Compared where it stores images, or texts, in the same form; null for none.</param>
    /// <param name="pipeline">Makes the reader of a dataset.</param>
    /// <param name="clock">Times the stage.</param>
    /// <returns>Per column the digests of the data's rows, then of the training set's.</returns>
    public static IReadOnlyList<UInt128[]> Read(Dataset data, Roles roles, TrainSet? train, Func<Dataset, Pipeline> pipeline, StageClock clock)
    {
        List<UInt128[]> contents = [];
        foreach ((Field? column, Field? other) in new[] { (roles.Image, train?.Roles.Image), (roles.Text, train?.Roles.Text) })
        {
            if (column is null || !RoleTypes.Contents.Contains(column.Type))
            {
                continue;
            }

            UInt128[] digests = Digests("contents", data, column);
            if (train is not null)
            {
                UInt128[] others = other?.Type == column.Type ? Digests("train contents", train.Data, other) : new UInt128[train.Data.Rows];
                digests = [.. digests, .. others];
            }

            contents.Add(digests);
        }

        return contents;

        UInt128[] Digests(string stage, Dataset of, Field column)
        {
            UInt128[] digests = [];
            clock.Pass(stage, $"reading {column.Name}", of.Rows, done => digests = ContentDigests.Read(of, column, pipeline(of), done));
            return digests;
        }
    }
}
