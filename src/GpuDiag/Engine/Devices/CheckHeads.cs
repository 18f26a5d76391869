using GpuDiag.Columns;
using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Heads;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Devices;

/// <summary>Labelled vectors and weights of one check, drawn by a fixed seed.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Width">Dimensions.</param>
/// <param name="Classes">Classes; where there are more than two, the second has no rows.</param>
/// <param name="Scale">Of the weights; 0: every class is as likely.</param>
internal sealed record CheckHeads(int Rows, int Width, int Classes, double Scale)
{
    /// <summary>Around the edges of panels, tiles and blocks of rows; the last ones are for devices that are fast enough.</summary>
    public static IEnumerable<CheckHeads> Cases()
    {
        foreach (double scale in new[] { 0, 1, 40 })
        {
            foreach (int rows in new[] { 1, 15, 16, 17, 31, 32, 33, 64 })
            {
                yield return new(rows, rows, 3, scale);
                yield return new(rows, 7, 8, scale);
            }

            yield return new(2_049, 1, 2, scale);
            yield return new(4_100, 40, 9, scale);
            yield return new(2_048, 100, 300, scale);
            yield return new(1_000, 769, 17, scale);
        }
    }

    /// <summary>What is wrong with a backend's loss and gradient, or null: against the host's, and, where every class is as likely, against what is known.</summary>
    public string? HeadGradient(Backend backend)
    {
        using AlignedMemory memory = new();
        memory.Reserve((nuint)Rows * (nuint)Width * sizeof(float));
        var random = new Random(Rows + (31 * Width) + (977 * Classes));
        foreach (ref float value in memory.Span<float>(Rows * Width))
        {
            value = (random.NextSingle() * 4) - 2;
        }

        int[] labels = [.. Enumerable.Range(0, Rows).Select(i => Classes == 2 ? i % 2 : i % (Classes - 1) is var k and > 0 ? k + 1 : 0)];
        bool[] present = [.. Enumerable.Range(0, Classes).Select(k => Classes == 2 || k != 1)];
        var plan = new HeadPlan(new VectorBlock(memory.Pointer, Rows, Width, 0), labels, [.. labels.Select(l => 1 + (l / 4.0))], present, Environment.ProcessorCount);
        using var host = new CpuBackend();
        using IHeadGradient expected = host.HeadGradient(plan), actual = backend.HeadGradient(plan);
        if (expected.Length != actual.Length)
        {
            return $"{actual.Length} entries instead of {expected.Length}";
        }

        double[] weights = new double[expected.Length], right = new double[weights.Length], found = new double[weights.Length];
        int side = LinearRows.Padded(Width + 1);
        for (int i = 0; i < weights.Length; i++)
        {
            bool used = i / LinearRows.Lanes % side <= Width && (i / LinearRows.Lanes / side * LinearRows.Lanes) + (i % LinearRows.Lanes) < Classes;
            weights[i] = used ? Scale * (random.NextDouble() - 0.5) / Math.Sqrt(Width) : 0;
        }

        double loss = expected.Evaluate(weights, right), own = actual.Evaluate(weights, found), known = plan.SampleWeights.Sum() * Math.Log(present.Count(p => p));
        if (Scale == 0 && Math.Abs(own - known) > 1e-9 * known)
        {
            return $"rows for which every class is as likely lose {own} instead of {known}";
        }

        return BitConverter.DoubleToInt64Bits(loss) != BitConverter.DoubleToInt64Bits(own) ? $"the loss is {own:R} instead of {loss:R}"
            : !right.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(found.Select(BitConverter.DoubleToInt64Bits)) ? "the gradient differs" : null;
    }
}
