using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>The labels of the training set, in codes of the data's classes.</summary>
/// <param name="Codes">Per row; a class that the data does not have has a code below 0; 0 without a label.</param>
/// <param name="Result">What they say together.</param>
internal sealed record TrainLabels(int[] Codes, TrainResult Result)
{
    /// <param name="train">The training set.</param>
    /// <param name="classes">Of the data, complete; stays as it is, so that classes of the training set alone change no figure.</param>
    /// <param name="label">The data's label column.</param>
    /// <param name="labelled">Codes of the classes that rows of the data have.</param>
    /// <param name="pipeline">Reads the training set.</param>
    /// <exception cref="InputException">Data and training set have labels, but none in common.</exception>
    public static TrainLabels Read(TrainSet train, Domain classes, Field label, IReadOnlyCollection<int> labelled, Pipeline pipeline)
    {
        int[] codes = new int[train.Data.Rows];
        if (train.Roles.Label is not { } field)
        {
            return new TrainLabels(codes, new TrainResult(codes.LongLength, 0, [], []));
        }

        Domain own = new("train class");
        ScanColumns columns = new(new Roles { Label = field, Segments = [], Taken = [] }, own, [], 0);
        ScanPass pass = new(columns, Needs.None);
        pipeline.Run(pass.Requests, () => new Worker(pass.Stages(pipeline.BatchRows(8)), codes), 8);
        int[] shared = [.. Enumerable.Range(0, own.Count).Select(c => c == Domain.Null ? Domain.Null : Shared(own.Text(c), classes, label, field) is > 0 and int s ? s : -c)];
        long[] counts = new long[own.Count];
        for (long row = 0; row < codes.LongLength; row++)
        {
            counts[codes[row]]++;
            codes[row] = shared[codes[row]];
        }

        int[] seen = [.. Enumerable.Range(1, own.Count - 1).Where(c => counts[c] > 0)];
        HashSet<int> trained = [.. seen.Select(c => shared[c])], known = [.. labelled];
        if (seen.Length > 0 && labelled.Count > 0 && !labelled.Any(trained.Contains))
        {
            throw new InputException(
                $"the training set's labels are no classes of the data: '{own.Text(own.Sort(seen)[0])}' here, '{classes.Text(classes.Sort(labelled)[0])}' there",
                train.File,
                field.Name,
                "Name the classes alike in both (--classes gives names to numbers), or name the right column with --label.");
        }

        string[] missing = seen.Length == 0 ? [] : [.. classes.Sort(labelled.Where(c => !trained.Contains(c))).Select(classes.Text)];
        string[] extra = known.Count == 0 ? [] : [.. own.Sort(seen.Where(c => !known.Contains(shared[c]))).Select(own.Text)];
        return new TrainLabels(codes, new TrainResult(codes.LongLength, codes.LongLength - counts[Domain.Null], missing, extra));
    }

    /// <summary>The data's code of a class; where one side is boolean and the other 0 and 1, these are the same.</summary>
    private static int Shared(string text, Domain classes, Field label, Field trained)
    {
        int code = classes.Find(text);
        bool mixed = label.Type != trained.Type && (label.Type == FieldType.Boolean || trained.Type == FieldType.Boolean);
        return code > 0 || !mixed ? code : classes.Find(text switch { "0" => "false", "1" => "true", "false" => "0", "true" => "1", _ => text });
    }

    private sealed class Worker(ScanStages stages, int[] codes) : IBatchWorker
    {
        public void Accept(Batch batch)
        {
            CodeColumn labels = stages.Label.Take(batch);
            for (int i = 0; i < batch.Rows; i++)
            {
                codes[batch.FirstRow + i] = labels[i];
            }
        }

        public void Finish()
        {
        }

        public void Dispose() => stages.Dispose();
    }
}
