using GpuDiag.Analyses.Labels;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Shards;

/// <summary>What the main pass learns of some rows, written and merged in.</summary>
internal static class MainStateFile
{
    /// <param name="writer">Receives the state.</param>
    /// <param name="states">As the pass left them.</param>
    /// <param name="plan">The scan.</param>
    /// <param name="rows">The rows that the pass read.</param>
    public static void Save(BinaryWriter writer, MainStates states, ScanPlan plan, (long First, long End) rows)
    {
        DomainStates.Save(writer, DomainStates.Of(plan.Columns));
        writer.Write(states.NotArgMax);
        writer.Write(states.Compared);
        CountStates.Save(writer, states.Counts!);
        CountStates.Save(writer, states.Rows!);
        states.Sequence.Save(writer, rows);
        states.Facts?.Save(writer, rows);
        if (plan.Score is not null)
        {
            CountStates.Save(writer, states.Scores!);
            Array.ForEach(states.Positives, p => p.Save(writer));
            states.Sample!.Save(writer);
            states.SelfConfidence!.Save(writer);
        }
    }

    /// <summary>Merges a state in.</summary>
    /// <param name="reader">At the state.</param>
    /// <param name="states">Fresh, or with other states merged in.</param>
    /// <param name="plan">The scan.</param>
    /// <param name="rows">Rows of the data.</param>
    public static void Load(BinaryReader reader, MainStates states, ScanPlan plan, long rows)
    {
        Dictionary<Domain, int[]> codes = DomainStates.Load(reader, DomainStates.Of(plan.Columns));
        int[] classes = codes[plan.Columns.Classes];
        states.Counts ??= new CountState(plan.Count);
        states.Rows ??= new TopRows(plan.MaxRows);
        states.NotArgMax += reader.ReadInt64();
        states.Compared += reader.ReadInt64();
        CountStates.Load(reader, states.Counts, codes);
        CountStates.Load(reader, states.Rows, classes);
        states.Sequence.Load(reader, classes);
        states.Facts?.Load(reader, classes, codes[plan.Columns.Splits]);
        if (plan.Score is { } score)
        {
            states.Scores ??= new ScoreState(score);
            CountStates.Load(reader, states.Scores, codes);
            states.Positives = states.Positives.Length > 0 ? states.Positives : plan.NewPositives();
            for (int i = 0; i < states.Positives.Length; i++)
            {
                states.Positives[i].Load(reader, i == 0 ? [0] : codes[plan.Columns.Segments[i - 1]]);
            }

            states.Sample ??= new RowSample(plan, rows);
            states.Sample.Load(reader, classes, [.. plan.Columns.Segments.Select(s => codes[s])]);
            states.SelfConfidence ??= new SelfConfidence(plan.ClassCodes.Length);
            states.SelfConfidence.Load(reader);
        }
    }
}
