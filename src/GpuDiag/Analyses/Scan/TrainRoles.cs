using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>Which columns of the training set play which roles. A null role is not there: none is required.</summary>
internal sealed record TrainRoles
{
    public Field? Label { get; init; }

    public Field? Pred { get; init; }

    /// <summary>As many columns as the data has, or one list column. Empty: no probabilities.</summary>
    public IReadOnlyList<Field> Probs { get; init; } = [];

    public Field? Confidence { get; init; }

    public Field? Id { get; init; }

    /// <summary>A list of floats per row.</summary>
    public Field? Embedding { get; init; }

    public Field? Image { get; init; }

    public Field? Text { get; init; }

    /// <summary>What was taken and why; roles that options name and that are missing here too.</summary>
    public required IReadOnlyList<RoleTaken> Taken { get; init; }

    /// <summary>The roles in the form that passes take, without segments; null without a label, or with neither prediction nor probabilities.</summary>
    public Roles? Scored => Label is { } label && (Pred is not null || Probs.Count > 0)
        ? new Roles { Label = label, Pred = Pred, Probs = Probs, Confidence = Confidence, Id = Id, Segments = [], Taken = Taken }
        : null;
}
