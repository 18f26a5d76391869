using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>What the failed checks say of single rows: asks whether an error is the pipeline's, not the model's.</summary>
internal sealed class PipelineVerdict(IReadOnlyList<PipelineCheck> checks)
{
    public static readonly PipelineVerdict None = new([]);

    private readonly (string Code, Func<long, int, int, bool> Explains)[] faults =
        [.. checks.Where(c => c.Status == PipelineCheck.Failing && c.Explains is not null).Select(c => (c.Code, c.Explains!))];

    /// <summary>Some fault explains errors of single rows.</summary>
    public bool ExplainsAny => faults.Length > 0;

    /// <summary>
    /// The code of the first check whose fault explains the error; null for none. Of a class map: the prediction stands for
    /// the label; of a shift: the row so many places on has the label predicted here; of a stretch of rows: the row is in
    /// it (a file at fault makes its rows such a stretch, whatever the cut into files).
    /// </summary>
    /// <param name="row">Position in the dataset.</param>
    /// <param name="label">Code of the class domain.</param>
    /// <param name="prediction">Likewise, another.</param>
    public string? Cause(long row, int label, int prediction)
    {
        foreach ((string code, Func<long, int, int, bool> explains) in faults)
        {
            if (explains(row, label, prediction))
            {
                return code;
            }
        }

        return null;
    }

    public bool Explains(long row, int label, int prediction) => Cause(row, label, prediction) is not null;
}
