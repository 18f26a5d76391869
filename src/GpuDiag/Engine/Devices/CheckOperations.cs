using GpuDiag.Engine.Cpu;

namespace GpuDiag.Engine.Devices;

/// <summary>
/// One operation on one case: what is wrong with the backend's state, or null. Count and Rank are counted here row by row;
/// ScoreRows and Temper are compared with the scalar host code, and on exact cases with sums known beforehand.
/// </summary>
internal static class CheckOperations
{
    private static readonly CpuBackend Host = new(LaneWidth.Scalar);

    public static string? Count(Backend backend, CheckCase data)
    {
        var plan = new CountPlan(data.Classes, [data.Segments], Calibration: true);
        var batch = new CountBatch(data.Rows, data.Label, data.Prediction, [data.Segment], data.Confidence);
        CountState expected = Fold(Host.Count(plan), batch), actual = Fold(backend.Count(plan), batch);
        var cells = new Dictionary<(int, int, int), long>();
        for (int row = 0; row < data.Rows; row++)
        {
            (int, int, int) key = (data.Segment[row], data.Label[row], data.Prediction[row]);
            cells[key] = cells.GetValueOrDefault(key) + 1;
        }

        foreach (Cell cell in actual.Segments[0].Cells)
        {
            if (cell.Count != cells.GetValueOrDefault((cell.Segment, cell.Label, cell.Prediction)))
            {
                return $"segment {cell.Segment}, label {cell.Label}, prediction {cell.Prediction} counted {cell.Count} times";
            }
        }

        return actual.Segments[0].CellCount != cells.Count ? $"{actual.Segments[0].CellCount} cells instead of {cells.Count}" : Compare(expected, actual);
    }

    public static string? ScoreRows(Backend backend, CheckCase data)
    {
        var plan = new ScorePlan(data.Classes, data.ClassCodes, [data.Segments]);
        ScoreBatch Batch(RowScores scores) => new(data.Rows, data.Matrix, data.Label, [data.Segment], scores);
        using var own = new RowScores(data.Rows);
        ScoreState expected = Fold(Host.ScoreRows(plan), Batch(own)), actual = Fold(backend.ScoreRows(plan), Batch(data.Scores));
        if (data.Shape == CheckShape.Exact && actual.Overall[0] != new ScoreCell { Scored = data.Rows, TopHits = data.Rows })
        {
            return "rows that are certain and right have a loss";
        }

        for (int row = 0; row < data.Rows; row++)
        {
            bool same = own.ArgMax[row] == data.Scores.ArgMax[row]
                && own.Confidence[row].Equals(data.Scores.Confidence[row])
                && own.Margin[row].Equals(data.Scores.Margin[row])
                && own.Entropy[row].Equals(data.Scores.Entropy[row])
                && own.Loss[row].Equals(data.Scores.Loss[row])
                && own.LabelProbability[row].Equals(data.Scores.LabelProbability[row]);
            if (!same)
            {
                return $"row {row} differs";
            }
        }

        return Compare(expected, actual);
    }

    public static string? Rank(Backend backend, CheckCase data)
    {
        int classes = data.ClassCount;
        var random = new Random(classes);
        var partitions = new ScorePartition?[classes];
        for (int k = 0; k < classes; k++)
        {
            int bits = k % 3 == 0 ? 64 : 1 + random.Next(64);
            ulong[] keys = [.. Enumerable.Range(0, Math.Min(data.Rows, 200)).Select(row => Value(data, row, k)).Where(p => !double.IsNaN(p)).Select(p => ScoreKey.Of(p) >> (64 - bits)).Distinct().Order()];
            partitions[k] = k % 7 == 5 ? null : new ScorePartition(keys, bits);
        }

        var plan = new RankPlan(data.Classes, data.ClassCodes, null, partitions);
        var expected = new RankState(plan);
        for (int row = 0; row < data.Rows; row++)
        {
            int label = data.Label[row] - 1;
            double[] values = [.. Enumerable.Range(0, classes).Select(k => Value(data, row, k))];
            if (label < 0 || values.Any(p => double.IsNaN(p) || p > 1 + 1e-3 || p < -1e-3))
            {
                continue;
            }

            for (int k = 0; k < classes; k++)
            {
                if (partitions[k] is { } partition)
                {
                    int at = Array.BinarySearch(partition.Keys, ScoreKey.Of(values[k]) >> (64 - partition.Bits));
                    (k == label ? expected.Positives : expected.Negatives)[k]![at >= 0 ? (2 * at) + 1 : 2 * ~at]++;
                }
            }
        }

        return Compare(expected, Fold(backend.Rank(plan), new RankBatch(data.Rows, data.Matrix, data.Label, null)));
    }

    public static string? Temper(Backend backend, CheckCase data)
    {
        double[] bySegment = [.. Enumerable.Range(0, data.SegmentCount).Select(s => s % 5 == 4 ? double.NaN : 0.5 + (0.25 * (s % 7)))];
        var plan = new TemperPlan(data.Classes, data.ClassCodes, [data.Segments], [[1.0], bySegment]);
        var batch = new TemperBatch(data.Rows, data.Matrix, data.Label, [data.Segment]);
        TemperState expected = Fold(Host.Temper(plan), batch), actual = Fold(backend.Temper(plan), batch);

        // One class at 1 and the others clipped at 2⁻⁵²: the loss of a row is ln(1 + (K − 1)·2⁻⁵²).
        double loss = actual.Cells[0][0].Loss.ToDouble() * Kernels.Algebra.Temper.InverseScale;
        double known = data.Rows * (data.ClassCount - 1) * Math.Pow(2, -52);
        if (data.Shape == CheckShape.Exact && Math.Abs(loss - known) > data.Rows * Math.Pow(2, -51))
        {
            return $"rows that are certain and right lose {loss} instead of {known}";
        }

        return Compare(expected, actual);
    }

    /// <summary>What is wrong with a state, or null.</summary>
    public static string? Compare<TState>(TState expected, TState actual)
        where TState : IState<TState> => Bytes(expected).AsSpan().SequenceEqual(Bytes(actual)) ? null : "the state's bytes differ";

    /// <summary>The probability of a row's column.</summary>
    public static double Value(CheckCase data, int row, int k)
    {
        int at = (row * data.ClassCount) + k;
        return data.Matrix.IsDouble ? data.Matrix.Doubles(data.Rows)[at] : data.Matrix.Floats(data.Rows)[at];
    }

    /// <summary>The state of one batch.</summary>
    public static TState Fold<TBatch, TState>(IFold<TBatch, TState> fold, TBatch batch)
        where TState : IState<TState>
    {
        using (fold)
        {
            fold.Accept(batch);
            return fold.Take();
        }
    }

    private static byte[] Bytes<TState>(TState state)
        where TState : IState<TState>
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        state.Write(writer);
        writer.Flush();
        return stream.ToArray();
    }
}
