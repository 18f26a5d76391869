using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using GpuDiag.Analyses.Retraining;
using GpuDiag.Columns;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;
using ParquetSharp;

namespace GpuDiag.Benchmarks;

/// <summary>
/// Heads on made rows: each a point around its class's centre. <c>retrain-data ROWS WIDTH CLASSES FOLDER</c> writes them as <c>train.parquet</c> and, for
/// peers, <c>x.npy</c> and <c>y.npy</c>; <c>retrain ROWS WIDTH CLASSES [C] [passes]</c> times passes, and the fit at one C, in memory.
/// </summary>
internal static class RetrainRun
{
    private const int Piece = 4096;

    public static void Fit(int rows, int width, int classes, double c, int passes, int threads, TextWriter output)
    {
        using AlignedMemory memory = new();
        (VectorBlock block, int[] labels) = Make(memory, rows, width, classes);
        double[] weights = [.. labels.Select(_ => 1.0)];
        using (SoftmaxLoss loss = new(block, [.. Enumerable.Range(0, rows)], labels, weights, classes, threads, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8, 0))
        {
            double[] at = new double[loss.Length], to = new double[loss.Length];
            Time("value and gradient in double", passes, () => loss.Evaluate(at, 1 / c, to));
            Time("value and gradient in float32", passes, () => loss.Evaluate(at, 1 / c, to, near: true));
            Time("product with the Hessian", passes, () => loss.Product(to, 1 / c, at));
        }

        if (c > 0)
        {
            HeadFit fit = new(weights) { Rows = block, Labels = labels, Classes = [.. labels.Distinct().Select(l => $"{l}")], Folds = 5, Seed = 0, Threads = threads, Cancel = default };
            long from = Stopwatch.GetTimestamp();
            TimeSpan before = Environment.CpuUsage.TotalTime;
            (LinearHead head, int steps, bool converged) = fit.Fit(c);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fit at C = {c}: {Stopwatch.GetElapsedTime(from).TotalSeconds:0.000} s, {(Environment.CpuUsage.TotalTime - before).TotalSeconds:0.000} s of a core, {steps} steps, {fit.Passes:0.0} passes ({fit.ExactPasses:0.0} of them in double), converged: {converged}"));
            using CrossValidation folds = new(fit, fit.FoldOf());
            (from, before, double earlier, double exact) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, fit.Passes, fit.ExactPasses);
            folds.OutOfFold(c, head);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"out of fold: {Stopwatch.GetElapsedTime(from).TotalSeconds:0.000} s, {(Environment.CpuUsage.TotalTime - before).TotalSeconds:0.000} s of a core, {fit.Passes - earlier:0.0} passes ({fit.ExactPasses - exact:0.0} of them in double)"));
        }

        void Time(string what, int times, Action pass)
        {
            for (int i = 0; i < times; i++)
            {
                long from = Stopwatch.GetTimestamp();
                TimeSpan before = Environment.CpuUsage.TotalTime;
                pass();
                double seconds = Stopwatch.GetElapsedTime(from).TotalSeconds, cpu = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {seconds:0.0000} s, {cpu:0.0000} s of a core; {4e-9 * rows * width * classes / cpu:0.0} Gflop/s of a core in the two products"));
            }
        }
    }

    public static void Write(int rows, int width, int classes, string folder)
    {
        using AlignedMemory memory = new();
        (VectorBlock block, int[] labels) = Make(memory, rows, width, classes);
        Directory.CreateDirectory(folder);
        using (FileStream x = File.Create(Path.Combine(folder, "x.npy")))
        {
            Header(x, "<f4", string.Create(CultureInfo.InvariantCulture, $"({rows}, {width})"));
            for (int row = 0; row < rows; row += Piece)
                x.Write(MemoryMarshal.AsBytes(Values(block, row, Math.Min(Piece, rows - row))));
        }

        using (FileStream y = File.Create(Path.Combine(folder, "y.npy")))
        {
            Header(y, "<i4", string.Create(CultureInfo.InvariantCulture, $"({rows},)"));
            y.Write(MemoryMarshal.AsBytes<int>(labels));
        }

        using WriterProperties properties = new WriterPropertiesBuilder().Compression(Compression.Uncompressed).DisableDictionary("embedding.list.item").Build();
        using ParquetFileWriter writer = new(Path.Combine(folder, "train.parquet"), [new Column<int>("label"), new Column<float[]>("embedding")], properties);
        const int Group = 16 * Piece;
        for (int first = 0; first < rows; first += Group)
        {
            int count = Math.Min(Group, rows - first);
            using RowGroupWriter group = writer.AppendRowGroup();
            using (var texts = group.NextColumn().LogicalWriter<int>())
                texts.WriteBatch(labels.AsSpan(first, count));
            using (var lists = group.NextColumn().LogicalWriter<float[]>())
            {
                for (int row = first; row < first + count; row++)
                    lists.WriteBatch([Values(block, row, 1).ToArray()]);
            }
        }

        writer.Close();
    }

    private static unsafe Span<float> Values(VectorBlock block, int row, int rows) => new(block.Row(row), rows * block.Width);

    private static void Header(Stream stream, string type, string shape)
    {
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}";
        text = text.PadRight((((10 + text.Length + 1 + 63) / 64) * 64) - 11) + "\n";
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)(text.Length & 255), (byte)(text.Length >> 8)]);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }

    /// <summary>Values are sums of four uniform ones, near normal; centres are spread so that some tenth of the rows is nearer to another.</summary>
    private static (VectorBlock Block, int[] Labels) Make(AlignedMemory memory, int rows, int width, int classes)
    {
        memory.Reserve((nuint)rows * (nuint)width * sizeof(float), clear: false);
        VectorBlock block = new(memory.Pointer, rows, width, 0);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => (int)(Philox4x32.At(1, 1, (ulong)i).First % (uint)classes))];
        float spread = (float)(1.7 / Math.Sqrt(width) * Math.Sqrt(1 + Math.Log(classes)));
        float[] centres = new float[classes * width];
        for (int i = 0; i < centres.Length; i++)
            centres[i] = spread * Noise(2, (ulong)i);
        Parallel.For(0, rows, row =>
        {
            Span<float> to = Values(block, row, 1);
            for (int d = 0; d < width; d++)
                to[d] = centres[(labels[row] * width) + d] + Noise(3, ((ulong)row * (ulong)width) + (ulong)d);
        });
        return (block, labels);
    }

    private static float Noise(ulong stream, ulong at)
    {
        // SplitMix64's finaliser.
        ulong z = (at + (stream << 56)) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (((z & 65535) + ((z >> 16) & 65535) + ((z >> 32) & 65535) + (z >> 48)) / 65536f - 2) * 1.7320508f;
    }
}
