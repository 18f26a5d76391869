using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Shards;

/// <summary>Counts and sums by codes, written and read.</summary>
internal static class CountStates
{
    public static void Save(BinaryWriter writer, CountState state)
    {
        foreach (CountTable table in state.Segments.Prepend(state.Overall))
        {
            writer.Write7BitEncodedInt(table.CellCount);
            foreach (Cell cell in table.Cells)
            {
                writer.Write7BitEncodedInt(cell.Segment);
                writer.Write7BitEncodedInt(cell.Label);
                writer.Write7BitEncodedInt(cell.Prediction);
                writer.Write7BitEncodedInt64(cell.Count);
            }

            if (!state.Plan.Calibration)
            {
                continue;
            }

            int segments = table.Segment?.Count ?? 1;
            writer.Write7BitEncodedInt(segments);
            for (int i = 0; i < segments * Calibration.Slots; i++)
            {
                CalibrationCell cell = table.Calibration(i / Calibration.Slots, i % Calibration.Slots);
                writer.Write7BitEncodedInt64(cell.Rows);
                if (cell.Rows != 0)
                {
                    writer.Write7BitEncodedInt64(cell.Correct);
                    cell.Confidence.Write(writer);
                }
            }
        }
    }

    public static void Load(BinaryReader reader, CountState state, Dictionary<Domain, int[]> codes)
    {
        int[] classes = codes[state.Plan.Classes];
        foreach (CountTable table in state.Segments.Prepend(state.Overall))
        {
            int[] segment = table.Segment is null ? [0] : codes[table.Segment];
            for (int n = reader.Read7BitEncodedInt(); n > 0; n--)
            {
                int s = segment[reader.Read7BitEncodedInt()], label = classes[reader.Read7BitEncodedInt()], prediction = classes[reader.Read7BitEncodedInt()];
                table.Add(s, label, prediction, reader.Read7BitEncodedInt64());
            }

            if (!state.Plan.Calibration)
            {
                continue;
            }

            int segments = reader.Read7BitEncodedInt();
            for (int i = 0; i < segments * Calibration.Slots; i++)
            {
                long rows = reader.Read7BitEncodedInt64();
                if (rows != 0)
                {
                    table.AddCalibration(segment[i / Calibration.Slots], i % Calibration.Slots, new CalibrationCell(rows, reader.Read7BitEncodedInt64(), FixedSum.Read(reader)));
                }
            }
        }
    }

    public static void Save(BinaryWriter writer, ScoreState state)
    {
        foreach (ScoreTable table in state.Segments.Prepend(state.Overall))
        {
            int segments = table.Segment?.Count ?? 1;
            writer.Write7BitEncodedInt(segments);
            for (int code = 0; code < segments; code++)
            {
                ScoreCell cell = table[code];
                writer.Write(cell != default);
                if (cell == default)
                {
                    continue;
                }

                writer.Write7BitEncodedInt64(cell.Scored);
                cell.Loss.Write(writer);
                cell.Brier.Write(writer);
                foreach (long count in (ReadOnlySpan<long>)[cell.TopHits, cell.NaN, cell.OutOfRange, cell.BadSum, cell.NoLabel])
                {
                    writer.Write7BitEncodedInt64(count);
                }

                cell.LossSquares.Write(writer);
                cell.BrierSquares.Write(writer);
            }
        }
    }

    public static void Load(BinaryReader reader, ScoreState state, Dictionary<Domain, int[]> codes)
    {
        foreach (ScoreTable table in state.Segments.Prepend(state.Overall))
        {
            int[] segment = table.Segment is null ? [0] : codes[table.Segment];
            int segments = reader.Read7BitEncodedInt();
            for (int code = 0; code < segments; code++)
            {
                if (reader.ReadBoolean())
                {
                    table.Add(segment[code], new ScoreCell(
                        reader.Read7BitEncodedInt64(), FixedSum.Read(reader), FixedSum.Read(reader), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(),
                        reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), FixedSum.Read(reader), FixedSum.Read(reader)));
                }
            }
        }
    }

    public static void Save(BinaryWriter writer, TopRows rows)
    {
        IReadOnlyList<TopRow> kept = rows.Finish();
        writer.Write7BitEncodedInt(kept.Count);
        foreach (TopRow row in kept)
        {
            writer.Write(row.Row);
            writer.Write7BitEncodedInt(row.Label);
            writer.Write7BitEncodedInt(row.Prediction);
            foreach (double number in (ReadOnlySpan<double>)[row.Key, row.Confidence, row.Loss, row.Quality])
            {
                writer.Write(number);
            }
        }
    }

    public static void Load(BinaryReader reader, TopRows rows, int[] classes)
    {
        for (int n = reader.Read7BitEncodedInt(); n > 0; n--)
        {
            long row = reader.ReadInt64();
            int label = classes[reader.Read7BitEncodedInt()], prediction = classes[reader.Read7BitEncodedInt()];
            rows.Add(new TopRow(row, reader.ReadDouble(), label, prediction, reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble()));
        }
    }
}
