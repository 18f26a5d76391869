using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>The training set, opened: its columns can be read for as long as this is not disposed, whatever the data has.</summary>
/// <param name="Data">At least one row.</param>
/// <param name="Roles">Its columns; none is required.</param>
internal sealed record TrainSet(Dataset Data, TrainRoles Roles) : IDisposable
{
    /// <summary>A file of it, for messages.</summary>
    public string File => Data.Files[0].Path;

    /// <exception cref="InputException">It cannot be read, has no rows, or nothing to use.</exception>
    public static TrainSet Open(ScanOptions options, Roles roles, Quarantine? quarantine)
    {
        Dataset data = DatasetOpening.OpenTrain(options, quarantine);
        try
        {
            return data.Rows == 0
                ? throw new InputException("there are no rows in the training set", data.Files[0].Path, null, "Check that it was written completely.")
                : new TrainSet(data, new TrainRoleResolver(data.Fields, roles, DatasetOpening.ColumnOptions(options), data.Files[0].Path).Resolve());
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    public void Dispose() => Data.Dispose();
}
