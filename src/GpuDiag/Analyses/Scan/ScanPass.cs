using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>What one pass over the data needs beside the labels.</summary>
[Flags]
internal enum Needs
{
    None = 0,
    Prediction = 1,
    Confidence = 2,
    Probabilities = 4,
    Segments = 8,
    Split = 16,
}

/// <summary>One pass over the data: the columns it reads, and how each thread turns their batches into what operations take.</summary>
internal sealed class ScanPass
{
    private readonly ScanColumns columns;
    private readonly Needs needs;
    private readonly List<ColumnRequest> requests = [];
    private readonly Dictionary<(string Column, Domain? Domain), int> places = [];

    public ScanPass(ScanColumns columns, Needs needs)
    {
        this.columns = columns;
        this.needs = needs;
        Roles roles = columns.Roles;
        if (roles.Label != Roles.NoLabel)
        {
            PlaceClasses(roles.Label);
        }

        if (Has(Needs.Prediction) && roles.Pred is { } prediction)
        {
            PlaceClasses(prediction);
        }

        if (Has(Needs.Confidence) && roles.Confidence is { } confidence)
        {
            Place(confidence, ColumnForm.Numbers, null);
        }

        if (Has(Needs.Probabilities))
        {
            foreach (Field field in roles.Probs)
            {
                Place(field, columns.ProbabilitiesAreList ? ColumnForm.Matrix : ColumnForm.Numbers, null);
            }
        }

        if (Has(Needs.Split) && roles.Split is { } split)
        {
            Place(split, ColumnForm.Codes, columns.Splits);
        }

        if (Has(Needs.Segments))
        {
            foreach ((Field field, int bins) in roles.Segments.SelectMany(s => s.Parts))
            {
                Place(field, bins > 0 ? ColumnForm.Numbers : ColumnForm.Codes, bins > 0 ? null : columns.Part(field));
            }
        }
    }

    public IReadOnlyList<ColumnRequest> Requests => requests;

    /// <summary>Bytes that a row of the pass takes in memory, with lists of so many numbers.</summary>
    public int RowBytes(int width) => requests.Sum(r => r.Form == ColumnForm.Matrix ? 8 * Math.Max(1, width) : 8);

    /// <summary>Makes the stages of one thread, for batches of at most so many rows.</summary>
    public ScanStages Stages(int capacity)
    {
        Roles roles = columns.Roles;
        bool probabilities = Has(Needs.Probabilities) && roles.Probs.Count > 0;
        return new ScanStages
        {
            Label = roles.Label == Roles.NoLabel ? new NullCodes(columns.Classes, capacity) : Classes(roles.Label, capacity),
            Prediction = Has(Needs.Prediction) && roles.Pred is { } p ? Classes(p, capacity) : null,
            Split = Has(Needs.Split) && roles.Split is { } split ? new StoredCodes(places[(split.Name, columns.Splits)]) : null,
            Segments = Has(Needs.Segments) ? [.. roles.Segments.Select((s, i) => Segment(s, columns.Crosses[i], capacity))] : [],
            Confidence = Has(Needs.Confidence) && roles.Confidence is { } c ? places[(c.Name, null)] : -1,
            Probabilities = probabilities ? new ProbabilityStage([.. roles.Probs.Select(f => places[(f.Name, null)])], columns.ProbabilitiesAreList) : null,
        };
    }

    private static bool IsFloat(Field field) => field.Type is FieldType.Float32 or FieldType.Float64;

    private bool Has(Needs need) => (needs & need) != 0;

    private void Place(Field field, ColumnForm form, Domain? domain)
    {
        if (places.TryAdd((field.Name, domain), requests.Count))
        {
            requests.Add(new ColumnRequest(field.Name, form, domain));
        }
    }

    private void PlaceClasses(Field field) =>
        Place(field, IsFloat(field) ? ColumnForm.Numbers : ColumnForm.Codes, IsFloat(field) ? null : columns.Classes);

    private CodeStage Classes(Field field, int capacity) => IsFloat(field)
        ? new IntegralCodes(places[(field.Name, null)], columns.Classes, capacity, field.Name)
        : new StoredCodes(places[(field.Name, columns.Classes)]);

    private CodeStage Segment(SegmentRole segment, Domain[] chain, int capacity)
    {
        CodeStage stage = Part(segment.Parts[0], capacity);
        for (int i = 1; i < segment.Parts.Count; i++)
        {
            stage = new CrossCodes(stage, Part(segment.Parts[i], capacity), chain[i], capacity);
        }

        return stage;
    }

    private CodeStage Part((Field Field, int Bins) part, int capacity) => part.Bins > 0
        ? new BinCodes(places[(part.Field.Name, null)], columns.Bins(part.Field), capacity)
        : new StoredCodes(places[(part.Field.Name, columns.Part(part.Field))]);
}
