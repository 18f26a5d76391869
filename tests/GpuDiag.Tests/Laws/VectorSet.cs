using CsCheck;
using GpuDiag.Columns;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Tests.Laws;

/// <summary>Vectors for the laws: a mixture of near, equal and broken ones, in native memory.</summary>
internal sealed class VectorSet : IDisposable
{
    private static readonly float[] Scales = [1, 1, 1, 1e-38f, 1e30f];
    private readonly AlignedMemory memory = new();

    public VectorSet(float[] values, int width)
    {
        memory.Reserve((nuint)Math.Max(1, values.Length) * sizeof(float));
        values.CopyTo(memory.Span<float>(values.Length));
        Block = new VectorBlock(memory.Pointer, values.Length / width, width, 0);
    }

    public VectorBlock Block { get; }

    /// <summary>Values of every kind: small integers (many ties), reals, tiny and huge ones; some rows broken.</summary>
    public static Gen<float[]> Values(int rows, int width) =>
        from values in Gen.Frequency(
            (20, Gen.Float[-3, 3]), (10, Gen.Int[-2, 2].Select(i => (float)i)), (1, Gen.Float[-1e-20f, 1e-20f])).Array[rows * width]
        from scale in Gen.Int[0, 4].Select(i => Scales[i])
        from shift in Gen.Int[0, 2].Select(i => i == 2 ? 100f : 0f)
        from broken in Gen.Int[0, (rows * width) - 1].Array[0, 2]
        select Break([.. values.Select(v => (v + shift) * scale)], broken);

    public void Dispose() => memory.Dispose();

    private static float[] Break(float[] values, int[] positions)
    {
        Array.ForEach(positions, p => values[p] = p % 2 == 0 ? float.NaN : float.NegativeInfinity);
        return values;
    }
}
