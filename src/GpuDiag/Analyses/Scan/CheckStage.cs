using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.PipelineChecks;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>Notes what the checks of the pipeline look at beside the counts.</summary>
internal static class CheckStage
{
    /// <summary>Reads the ids, and the few columns that may be constant.</summary>
    public static CheckFacts Read(Dataset data, ScanPlan plan, MainStates main, ProbabilityLook? look, Pipeline pipeline, ScanOptions options, int threads, StageClock clock)
    {
        Roles roles = plan.Columns.Roles;
        IdTally? ids = null;
        if (roles.Id is { } id)
        {
            clock.Pass("ids", $"reading {id.Name}", data.Rows, done => ids = IdTally.Read(data, id, pipeline, options.Memory, threads, done));
        }

        return new CheckFacts
        {
            Sequence = main.Sequence,
            Files = data.Files,
            Ids = ids,
            Columns = clock.Time("columns", () => ColumnTally.Read(data, pipeline)),
            RoleColumns = [.. roles.Taken.Where(r => r.Role != "segment").Select(r => r.Column)],
            ConfidenceColumn = roles.Confidence?.Name,
            Probabilities = look,
        };
    }

    /// <summary>The facts with what the embedding adds.</summary>
    public static CheckFacts With(CheckFacts facts, EmbeddedRows? embedded, int threads) =>
        embedded is null ? facts : facts with { Embedding = StaleTally.Of(embedded, threads) };

    /// <summary>Looks at the sample of probabilities, which must still be there.</summary>
    public static ProbabilityLook Look(RowSample sample, ScanPlan plan)
    {
        ProbabilityLook look = new();
        int[] index = plan.ClassIndex();
        sample.Show(batch => look.Accept(batch, index));
        return look;
    }
}
