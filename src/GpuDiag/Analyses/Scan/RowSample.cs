using System.Runtime.CompilerServices;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// Rows of probabilities, kept in memory to fit temperatures to them before all rows are asked: every row of small data,
/// else rows spread evenly over the positions. A row's position alone decides, so every cut of the data keeps the same
/// rows. At most 2^21 probabilities and a few, 16 MB.
/// </summary>
internal sealed class RowSample
{
    private const long MostEntries = 1 << 21;
    private const int BlockEntries = 1 << 16;

    // Multiples of 2^64 divided by the golden ratio, modulo 2^64, spread evenly whatever the period of the data.
    private const ulong Golden = 0x9E37_79B9_7F4A_7C15;
    private readonly ScanPlan plan;
    private readonly ulong limit;
    private readonly List<Block> blocks = [];

    /// <param name="plan">The scan, with probabilities.</param>
    /// <param name="rows">Rows of the data.</param>
    public RowSample(ScanPlan plan, long rows)
    {
        this.plan = plan;
        UInt128 entries = (UInt128)Math.Max(1, rows) * (ulong)plan.ClassCodes.Length;
        IsComplete = entries <= MostEntries;
        limit = IsComplete ? ulong.MaxValue : (ulong)((UInt128)ulong.MaxValue * MostEntries / entries);
    }

    /// <summary>Every row is kept.</summary>
    public bool IsComplete { get; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Accept(Batch batch, MatrixColumn probabilities, CodeColumn label, IReadOnlyList<CodeColumn> segments)
    {
        for (int r = 0; r < batch.Rows; r++)
        {
            if (unchecked((ulong)(batch.FirstRow + r) * Golden) <= limit)
            {
                Keep(probabilities, label, segments, r);
            }
        }
    }

    /// <summary>Takes the other's rows, which it leaves empty.</summary>
    public void Merge(RowSample other)
    {
        blocks.AddRange(other.blocks);
        other.blocks.Clear();
    }

    /// <summary>Shows the rows kept, in no particular order.</summary>
    public void Show(Action<TemperBatch> look) => blocks.ForEach(b => look(b.Batch(plan)));

    /// <summary>Evaluates over the rows kept, by so many threads.</summary>
    public TemperState Evaluate(TemperPlan temper, int threads)
    {
        TemperState total = new(temper);
        int next = -1;
        Parallel.For(0, Math.Clamp(threads, 1, Math.Max(1, blocks.Count)), _ =>
        {
            using IFold<TemperBatch, TemperState> fold = plan.Backend.Temper(temper);
            while (Interlocked.Increment(ref next) is int i && i < blocks.Count)
            {
                fold.Accept(blocks[i].Batch(plan));
            }

            lock (total)
            {
                total.Merge(fold.Take());
            }
        });
        return total;
    }

    /// <summary>Lets go of the rows.</summary>
    public void Clear()
    {
        blocks.ForEach(b => b.Dispose());
        blocks.Clear();
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(blocks.Sum(b => b.Rows));
        blocks.ForEach(b => b.Save(writer));
    }

    /// <summary>Adds the rows that were written.</summary>
    /// <param name="reader">At them.</param>
    /// <param name="classes">The class code here of each there.</param>
    /// <param name="segments">Per segmentation, the code here of each there.</param>
    public void Load(BinaryReader reader, int[] classes, int[][] segments)
    {
        double[] row = new double[plan.ClassCodes.Length];
        for (int n = reader.Read7BitEncodedInt(); n > 0; n--)
        {
            int label = classes[reader.Read7BitEncodedInt()];
            int[] codes = [.. segments.Select(s => s[reader.Read7BitEncodedInt()])];
            for (int k = 0; k < row.Length; k++)
            {
                row[k] = reader.ReadDouble();
            }

            Room(segments.Length).Add(row, label, codes);
        }
    }

    private Block Room(int segments)
    {
        if (blocks.Count == 0 || !blocks[^1].HasRoom)
        {
            blocks.Add(new Block(plan.ClassCodes.Length, segments));
        }

        return blocks[^1];
    }

    private void Keep(MatrixColumn probabilities, CodeColumn label, IReadOnlyList<CodeColumn> segments, int r)
    {
        Room(segments.Count).Add(probabilities, label, segments, r);
    }

    /// <summary>Some rows, and once they are all there, a batch of them.</summary>
    private sealed class Block(int classes, int segments) : IDisposable
    {
        private readonly int capacity = Math.Max(1, BlockEntries / classes);
        private readonly MatrixColumn matrix = new();
        private readonly int[] labels = new int[Math.Max(1, BlockEntries / classes)];
        private readonly int[][] codes = [.. Enumerable.Range(0, segments).Select(_ => new int[Math.Max(1, BlockEntries / classes)])];
        private TemperBatch? batch;
        private int rows;

        public int Rows => rows;

        public bool HasRoom => rows < capacity;

        public void Add(MatrixColumn from, CodeColumn label, IReadOnlyList<CodeColumn> segment, int r)
        {
            if (rows == 0)
            {
                matrix.Reserve(capacity, classes, isDouble: true);
            }

            Span<double> target = matrix.Doubles(capacity).Slice(rows * classes, classes);
            if (from.IsDouble)
            {
                from.Doubles(r + 1)[^classes..].CopyTo(target);
            }
            else
            {
                ReadOnlySpan<float> row = from.Floats(r + 1)[^classes..];
                for (int k = 0; k < classes; k++)
                {
                    target[k] = row[k];
                }
            }

            labels[rows] = label[r];
            for (int i = 0; i < codes.Length; i++)
            {
                codes[i][rows] = segment[i][r];
            }

            rows++;
        }

        /// <summary>Adds a row that is there as values.</summary>
        public void Add(ReadOnlySpan<double> row, int label, int[] segment)
        {
            if (rows == 0)
            {
                matrix.Reserve(capacity, classes, isDouble: true);
            }

            row.CopyTo(matrix.Doubles(capacity).Slice(rows * classes, classes));
            labels[rows] = label;
            for (int i = 0; i < codes.Length; i++)
            {
                codes[i][rows] = segment[i];
            }

            rows++;
        }

        public void Save(BinaryWriter writer)
        {
            for (int r = 0; r < rows; r++)
            {
                writer.Write7BitEncodedInt(labels[r]);
                foreach (int[] column in codes)
                {
                    writer.Write7BitEncodedInt(column[r]);
                }

                foreach (double value in matrix.Doubles(capacity).Slice(r * classes, classes))
                {
                    writer.Write(value);
                }
            }
        }

        public TemperBatch Batch(ScanPlan plan)
        {
            batch ??= new TemperBatch(rows, matrix, Column(plan.Columns.Classes, labels), [.. codes.Select((c, i) => Column(plan.Columns.Segments[i], c))]);
            return batch;
        }

        public void Dispose()
        {
            matrix.Dispose();
            batch?.Label.Dispose();
            foreach (CodeColumn column in batch?.Segments ?? [])
            {
                column.Dispose();
            }
        }

        private CodeColumn Column(Domain domain, int[] values)
        {
            CodeColumn column = new(domain, rows);
            CodeNarrowing.Fill(column, values.AsSpan(0, rows));
            return column;
        }
    }
}
