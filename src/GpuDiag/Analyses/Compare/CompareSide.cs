using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>One of the two models: its table, the columns that it takes from it, and how its rows are read.</summary>
internal sealed class CompareSide
{
    private readonly ScanOptions options;

    /// <param name="name"><c>before</c> or <c>after</c>.</param>
    /// <param name="data">The table; may be that of the other side too.</param>
    /// <param name="roles">What it takes from it.</param>
    /// <param name="options">The side's own, with columns in the place of <c>.npy</c> files.</param>
    /// <param name="fields">Those of its columns that are not the other side's.</param>
    /// <param name="reader">Reads the table.</param>
    /// <param name="probabilities">Both sides have them.</param>
    /// <param name="confidence">Both sides have one, or probabilities to take it from.</param>
    public CompareSide(string name, Dataset data, IReadOnlyList<Field> fields, Roles roles, ScanOptions options, Pipeline reader, bool probabilities, bool confidence)
    {
        (Name, Data, Fields, Reader, this.options) = (name, data, fields, reader, options);
        bool probs = probabilities || roles.Pred is null || (confidence && roles.Confidence is null);
        Roles = roles with { Probs = probs ? roles.Probs : [], Confidence = confidence ? roles.Confidence : null };
        IsDouble = Roles.Probs is not [{ Type: FieldType.Float32List }];
    }

    public string Name { get; }

    public Dataset Data { get; }

    public IReadOnlyList<Field> Fields { get; }

    public Roles Roles { get; }

    /// <summary>Probabilities are more than floats.</summary>
    public bool IsDouble { get; }

    public Pipeline Reader { get; }

    public bool HasLabel => Roles.Label != Roles.NoLabel;

    /// <summary>What its batches are read by. Set by <see cref="Plan"/>.</summary>
    public ScanPlan Rows { get; private set; } = null!;

    /// <summary>Looks at the data: the order of classes and the edges of bins.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="classes">The domain that both sides share.</param>
    /// <param name="foundValues">Distinct values above which a column is no segment unless asked for.</param>
    /// <param name="rounds">What is known of them already.</param>
    public void Plan(Backend backend, Domain classes, int foundValues, Rounds rounds)
    {
        Inspection inspection = new(Data, options, Reader);
        int[] order = [];
        rounds.Value($"look {Name}", () => order = inspection.Order(Roles, classes), writer => RoundValues.Save(writer, order, classes), reader => order = RoundValues.LoadClasses(reader, classes));
        Dictionary<string, QuantileBins> bins = [];
        rounds.Value($"quantiles {Name}", () => bins = inspection.Bins(Roles), writer => RoundValues.Save(writer, bins), reader => bins = RoundValues.LoadBins(reader));
        Rows = new ScanPlan(backend, new ScanColumns(Roles, classes, bins, foundValues), order, 0);
    }

    /// <summary>The pass that reads label, prediction and segments.</summary>
    public ScanPass Pass() => new(Rows.Columns, Needs.Prediction | Needs.Probabilities | Needs.Confidence | Needs.Segments);
}
