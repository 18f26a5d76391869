using GpuDiag.Analyses.Scan;
using GpuDiag.Engine;
using GpuDiag.Engine.Labels;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Shards;

/// <summary>
/// What a later pass over probabilities learns, written and merged in. Codes are those of the merged state before, which every part of the pass began
/// with, so they stand as they are.
/// </summary>
internal static class RankStateFile
{
    /// <summary>Counts of scores over partitions that the reader has too.</summary>
    public static void Save(BinaryWriter writer, RankState rank)
    {
        foreach (long[]? counts in rank.Negatives.Concat(rank.Positives))
        {
            Array.ForEach(counts ?? [], writer.Write7BitEncodedInt64);
        }
    }

    /// <summary>Adds counts.</summary>
    public static void Load(BinaryReader reader, RankState rank)
    {
        foreach (long[]? counts in rank.Negatives.Concat(rank.Positives))
        {
            for (int i = 0; i < (counts?.Length ?? 0); i++)
            {
                counts![i] += reader.Read7BitEncodedInt64();
            }
        }
    }

    public static void Save(BinaryWriter writer, RankStates states)
    {
        foreach (RankState rank in states.Ranks ?? [])
        {
            Save(writer, rank);
        }

        foreach (TemperCell cell in states.Temper?.Cells.SelectMany(c => c) ?? [])
        {
            writer.Write7BitEncodedInt64(cell.Rows);
            cell.Loss.Write(writer);
            cell.Gradient.Write(writer);
            cell.Curvature.Write(writer);
        }

        if (states.Joint is { } joint)
        {
            Array.ForEach(joint.Labelled, writer.Write7BitEncodedInt64);
            writer.Write7BitEncodedInt64(joint.Disputed);
            IReadOnlyList<(int Given, int Guess, long Count)> cells = joint.Cells();
            writer.Write7BitEncodedInt(cells.Count);
            foreach ((int given, int guess, long count) in cells)
            {
                writer.Write7BitEncodedInt(given);
                writer.Write7BitEncodedInt(guess);
                writer.Write7BitEncodedInt64(count);
            }
        }
    }

    /// <param name="reader">At the state.</param>
    /// <param name="states">Fresh, or with other states merged in.</param>
    /// <param name="ranks">Plans of the pass.</param>
    /// <param name="temper">Null where the pass evaluates no temperatures.</param>
    /// <param name="joint">Null where the pass counts no confident rows.</param>
    public static void Load(BinaryReader reader, RankStates states, IEnumerable<RankPlan> ranks, TemperPlan? temper, ConfidentJointPlan? joint)
    {
        states.Ranks ??= [.. ranks.Select(r => new RankState(r))];
        foreach (RankState rank in states.Ranks)
        {
            Load(reader, rank);
        }

        states.Temper ??= temper is null ? null : new TemperState(temper);
        foreach (TemperCell[] cells in states.Temper?.Cells ?? [])
        {
            for (int i = 0; i < cells.Length; i++)
            {
                TemperCell a = cells[i];
                cells[i] = new TemperCell(a.Rows + reader.Read7BitEncodedInt64(), a.Loss + FixedSum.Read(reader), a.Gradient + FixedSum.Read(reader), a.Curvature + FixedSum.Read(reader));
            }
        }

        states.Joint ??= joint is null ? null : new ConfidentJointState(joint);
        states.Joint?.Load(reader);
    }
}
