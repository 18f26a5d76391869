using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>Opens both tables and gives their columns roles.</summary>
internal sealed class CompareSides : IDisposable
{
    private CompareSides(CompareSide before, CompareSide after, bool probabilities, bool confidence) =>
        (Before, After, HasProbabilities, HasConfidence) = (before, after, probabilities, confidence);

    public CompareSide Before { get; }

    public CompareSide After { get; }

    /// <summary>Both sides have probabilities.</summary>
    public bool HasProbabilities { get; }

    /// <summary>Both sides have a confidence, or probabilities to take it from.</summary>
    public bool HasConfidence { get; }

    public IReadOnlyList<RoleTaken> Taken { get; private set; } = [];

    public bool IsOneTable => ReferenceEquals(Before.Data, After.Data);

    /// <exception cref="InputException">A file, a column or an option is wrong.</exception>
    public static CompareSides Open(CompareOptions options, Quarantine? quarantine, Func<Dataset, Pipeline> reader)
    {
        Dataset? before = null, after = null;
        try
        {
            ScanOptions left = Side(options, options.PredBefore, options.ProbsBefore, options.ConfidenceBefore);
            ScanOptions right = Side(options, options.PredAfter, options.ProbsAfter, options.ConfidenceAfter) with
            {
                Inputs = options.IsOneTable ? options.Before.Inputs : options.After,
                Segments = ["none"],
                Bins = [],
                Embedding = "none",
                Split = null,
                Image = null,
                Text = null,
            };
            string? named = options.PredBefore ?? (options.ProbsBefore is [string p, ..] ? p : null), other = options.PredAfter ?? (options.ProbsAfter is [string q, ..] ? q : null);
            if (options.IsOneTable && (named is null || other is null || named == other))
            {
                throw new InputException(
                    "one table is given, and not which of its columns are the predictions of which model",
                    remedy: "Name both with --pred-before and --pred-after (or --probs-before and --probs-after), or give two tables.");
            }

            before = Open(left, options.IsOneTable ? right : null, "BEFORE", quarantine);
            after = options.IsOneTable ? before : Open(right, null, "AFTER", quarantine);
            (left, right) = (DatasetOpening.ColumnOptions(left), DatasetOpening.ColumnOptions(right));
            Dictionary<string, string> beforeNames = OptionNames("before", options.PredBefore, options.ProbsBefore, options.ConfidenceBefore);
            Dictionary<string, string> afterNames = OptionNames("after", options.PredAfter, options.ProbsAfter, options.ConfidenceAfter);
            Roles afterRoles, beforeRoles;
            IReadOnlyList<Field> fields = before.Fields;
            if (options.IsOneTable)
            {
                // What is AFTER's is none of BEFORE's, least of all a segment.
                afterRoles = Resolve(after.Fields, right, after, afterNames);
                string[] taken = [.. new[] { afterRoles.Pred, afterRoles.Confidence }.Concat(afterRoles.Probs).OfType<Field>().Select(f => f.Name)];
                fields = [.. before.Fields.Where(f => !taken.Contains(f.Name))];
                beforeRoles = new RoleResolver(fields, left, before.Files[0].Path) { OptionNames = beforeNames }.Resolve();
            }
            else
            {
                beforeRoles = new RoleResolver(before.Fields, left, before.Files[0].Path) { OptionNames = beforeNames }.Resolve();
                afterRoles = Resolve(after.Fields, Like(beforeRoles, right, after), after, afterNames);
            }

            bool probabilities = beforeRoles.Probs.Count > 0 && afterRoles.Probs.Count > 0;
            bool confidence = (beforeRoles.Confidence is not null || beforeRoles.Probs.Count > 0) && (afterRoles.Confidence is not null || afterRoles.Probs.Count > 0);
            return new CompareSides(
                new CompareSide("before", before, fields, beforeRoles with { Segments = [.. beforeRoles.Segments.Where(s => !s.Hidden)] }, left, reader(before), probabilities, confidence),
                new CompareSide("after", after, after.Fields, afterRoles with { Segments = [] }, right, reader(after), probabilities, confidence),
                probabilities,
                confidence)
            {
                Taken = [.. Named("before", beforeRoles, probabilities, confidence), .. Named("after", afterRoles, probabilities, confidence).Select(t => AsBefore(t, options))],
            };
        }
        catch
        {
            before?.Dispose();
            after?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Before.Data.Dispose();
        After.Data.Dispose();
    }

    private static ScanOptions Side(CompareOptions options, string? pred, IReadOnlyList<string> probs, string? confidence) => options.Before with
    {
        Pred = pred ?? options.Before.Pred,
        Probs = probs.Count > 0 ? probs : options.Before.Probs,
        Confidence = confidence ?? options.Before.Confidence,
    };

    private static Dictionary<string, string> OptionNames(string side, string? pred, IReadOnlyList<string> probs, string? confidence)
    {
        Dictionary<string, string> names = [];
        foreach ((string role, bool given) in (ReadOnlySpan<(string, bool)>)[("pred", pred is not null), ("probs", probs.Count > 0), ("confidence", confidence is not null)])
        {
            if (given)
            {
                names.Add(role, $"{role}-{side}");
            }
        }

        return names;
    }

    private static Dataset Open(ScanOptions options, ScanOptions? other, string side, Quarantine? quarantine)
    {
        Dataset data = DatasetOpening.Open(other is null ? options : options with { Probs = [.. options.Probs, .. other.Probs] }, quarantine);
        if (data.Rows > 0)
        {
            return data;
        }

        string file = data.Files[0].Path;
        data.Dispose();
        throw new InputException($"there are no rows in {side}", file, null, "Check that the data was written completely.");
    }

    private static Roles Resolve(IReadOnlyList<Field> fields, ScanOptions options, Dataset data, Dictionary<string, string> names)
    {
        // A table of predictions alone has no label; the other one's is taken then.
        bool absent = options.Label is { } label && fields.All(f => !string.Equals(f.Name, label, StringComparison.OrdinalIgnoreCase));
        Roles roles = new RoleResolver(fields, absent ? options with { Label = null } : options, data.Files[0].Path) { LabelOptional = true, OptionNames = names }.Resolve();
        return roles with { Segments = [], Split = null, Embedding = null, Image = null, Text = null };
    }

    /// <summary>What BEFORE has under some name AFTER has under the same, where it has it and no option says otherwise.</summary>
    private static ScanOptions Like(Roles before, ScanOptions options, Dataset after)
    {
        bool list = before.Probs is [{ Type: FieldType.Float32List or FieldType.Float64List }];
        return options with
        {
            Label = options.Label ?? Same(before.Label),
            Pred = options.Pred ?? Same(before.Pred),
            Confidence = options.Confidence ?? Same(before.Confidence),
            Id = options.Id ?? Same(before.Id),
            Probs = options.Probs.Count > 0 ? options.Probs : list && Same(before.Probs[0]) is { } name ? [name] : [],
        };

        string? Same(Field? field) => after.Fields.FirstOrDefault(f => f.Name == field?.Name && f.Type == field.Type)?.Name;
    }

    /// <summary>What no option named was found under the name that it has in BEFORE.</summary>
    private static RoleTaken AsBefore(RoleTaken taken, CompareOptions options)
    {
        bool named = taken.Role switch
        {
            "after label" => options.Before.Label is not null,
            "after pred" => (options.PredAfter ?? options.Before.Pred) is not null,
            "after probs" => options.ProbsAfter.Count + options.Before.Probs.Count > 0,
            "after confidence" => (options.ConfidenceAfter ?? options.Before.Confidence) is not null,
            _ => options.Before.Id is not null,
        };
        return taken.How == "option" && !named ? taken with { How = "as before" } : taken;
    }

    private static IEnumerable<RoleTaken> Named(string side, Roles roles, bool probabilities, bool confidence) => roles.Taken
        .Where(t => t.Role is "label" or "pred" or "id" || (t.Role is "segment" or "embedding" or "image" && side == "before") || (t.Role == "probs" && (probabilities || roles.Pred is null)) || (t.Role == "confidence" && confidence))
        .Select(t => t.Role is "segment" or "embedding" or "image" ? t : t with { Role = $"{side} {t.Role}" });
}
