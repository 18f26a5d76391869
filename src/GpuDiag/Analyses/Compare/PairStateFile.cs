using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>What the reading of matched rows learns of some of them, written and merged in, with the label that each was settled to have.</summary>
/// <param name="before">BEFORE.</param>
/// <param name="other">AFTER.</param>
/// <param name="pairs">Of each segmentation, all rows first.</param>
/// <param name="ranked">Segmentations whose scores are kept.</param>
/// <param name="after">Holds the settled labels.</param>
internal sealed class PairStateFile(CompareSide before, CompareSide other, IReadOnlyList<PairDomain> pairs, int[] ranked, AfterRows after)
{
    private readonly Domain bins = CalibrationPairs.Bins();

    private Domain Classes => before.Rows.Columns.Classes;

    private IReadOnlyList<Domain> Segments => [.. pairs.Skip(1).Select(p => p.Segments)];

    /// <summary>The domains of columns, and of segmentations that are none, as clusters.</summary>
    private IReadOnlyList<Domain> Domains => [.. DomainStates.Of(before.Rows.Columns).Union(Segments)];

    /// <param name="writer">Receives it.</param>
    /// <param name="state">The state.</param>
    /// <param name="rows">Of which rows.</param>
    public void Save(BinaryWriter writer, PairState state, (long First, long End) rows)
    {
        DomainStates.Save(writer, Domains);
        foreach (PairDomain pair in pairs)
        {
            writer.Write7BitEncodedInt(pair.Domain.Count);
            for (int code = 1; code < pair.Domain.Count; code++)
            {
                writer.Write7BitEncodedInt(pair[code].Class);
                writer.Write7BitEncodedInt(pair[code].Segment);
            }
        }

        CountStates.Save(writer, state.Counts);
        Array.ForEach(state.Scores, s => s.Save(writer));
        Array.ForEach(state.Positives, p => p.Save(writer));
        foreach (CountState counts in state.Calibration is { } calibration ? [calibration.Before, calibration.After, calibration.Joint] : (CountState[])[])
        {
            CountStates.Save(writer, counts);
        }

        foreach (long number in (ReadOnlySpan<long>)[state.NullLabel, state.LabelDisagrees, state.NullPredBefore, state.NullPredAfter, state.FirstDisagreement, rows.First, rows.End])
        {
            writer.Write(number);
        }

        for (long row = rows.First; row < rows.End; row++)
        {
            // Small numbers whose sign tells whether the row has scores.
            int label = after.Labels(row, 1)[0];
            writer.Write7BitEncodedInt((Math.Abs(label) << 1) | (label < 0 ? 1 : 0));
        }
    }

    /// <summary>Merges a state in.</summary>
    public void Load(BinaryReader reader, PairState state)
    {
        Dictionary<Domain, int[]> codes = DomainStates.Load(reader, Domains);
        codes[bins] = [.. Enumerable.Range(0, bins.Count)];
        int[] classes = codes[Classes];
        foreach (PairDomain pair in pairs)
        {
            int[] segment = codes.GetValueOrDefault(pair.Segments, [Domain.Null]), map = codes[pair.Domain] = new int[reader.Read7BitEncodedInt()];
            for (int code = 1; code < map.Length; code++)
            {
                map[code] = pair.Code(classes[reader.Read7BitEncodedInt()], segment[reader.Read7BitEncodedInt()]);
            }
        }

        CountStates.Load(reader, state.Counts, codes);
        if (after.Width > 0)
        {
            state.Scores = state.Scores.Length > 0 ? state.Scores : [new(null), .. Segments.Select(s => new PairedSums(s))];
            state.Positives = state.Positives.Length > 0 ? state.Positives : RankPairs.NewPositives(before, other, ranked);
            for (int i = 0; i < state.Scores.Length; i++)
            {
                state.Scores[i].Load(reader, i == 0 ? [0] : codes[Segments[i - 1]]);
            }

            for (int i = 0; i < state.Positives.Length; i++)
            {
                state.Positives[i].Load(reader, i < 2 ? [0] : codes[Segments[ranked[(i - 2) / 2]]]);
            }
        }

        if (after.HasConfidence)
        {
            state.Calibration ??= CalibrationStates.Empty(CalibrationPairs.Plans(Classes, Segments, bins));
            foreach (CountState counts in (CountState[])[state.Calibration.Before, state.Calibration.After, state.Calibration.Joint])
            {
                CountStates.Load(reader, counts, codes);
            }
        }

        state.NullLabel += reader.ReadInt64();
        state.LabelDisagrees += reader.ReadInt64();
        state.NullPredBefore += reader.ReadInt64();
        state.NullPredAfter += reader.ReadInt64();
        state.FirstDisagreement = Math.Min(state.FirstDisagreement, reader.ReadInt64());
        (long first, long end) = (reader.ReadInt64(), reader.ReadInt64());
        for (long row = first; row < end; row++)
        {
            int settled = reader.Read7BitEncodedInt(), label = classes[settled >> 1];
            if (after.Has(row))
            {
                after.Labels(row, 1)[0] = (settled & 1) == 0 ? label : -label;
            }
        }
    }
}
