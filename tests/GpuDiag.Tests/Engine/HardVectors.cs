namespace GpuDiag.Tests.Engine;

/// <summary>Vectors made to break a search by float32 scores, by name; deterministic.</summary>
internal static class HardVectors
{
    private static readonly Dictionary<string, Func<Random, int, int, int, float>> Kinds = new()
    {
        ["gaussian"] = (random, _, _, _) => Gaussian(random),
        ["all equal"] = (_, _, column, _) => column + 0.5f,
        ["few distinct"] = (_, row, column, _) => ((row % 5) * 31 % 7) + column,
        ["small integers"] = (random, _, _, _) => random.Next(-1, 2),
        ["one in each"] = (_, row, column, width) => column == row % width ? 1 : 0,
        ["zeros and minus zeros"] = (_, row, column, _) => row % 3 == 0 ? 0f : row % 3 == 1 ? -0f : column % 2,
        ["last bit"] = (random, _, _, _) => MathF.BitIncrement(1) - (random.Next(2) * 1.1920929e-7f),
        ["far from the origin"] = (random, _, _, _) => 20000 + (Gaussian(random) * 0.01f),
        ["one huge row"] = (random, row, _, _) => row == 3 ? 1e18f * Gaussian(random) : Gaussian(random),
        ["beyond the range of squares"] = (random, row, _, _) => row % 4 == 0 ? 1e38f * (random.NextSingle() - 0.5f) : Gaussian(random),
        ["all huge"] = (random, _, _, _) => 3e38f * ((2 * random.NextSingle()) - 1),
        ["denormal"] = (random, _, _, _) => random.Next(-40, 40) * float.Epsilon,
        ["tiny beside ordinary"] = (random, row, _, _) => Gaussian(random) * (row % 2 == 0 ? 1e-30f : 1),
        ["norms over twenty decades"] = (random, row, _, _) => Gaussian(random) * MathF.Pow(10, (row % 21) - 10),
        ["beyond half precision"] = (random, row, _, _) => (row % 2 == 0 ? 70000 : 3e-8f) * Gaussian(random),
        ["broken rows"] = (random, row, column, _) => row % 6 == 1 && column == 0 ? Broken(row) : Gaussian(random),
        ["nothing but broken rows"] = (_, row, _, _) => Broken(row),
    };

    public static IEnumerable<string> Names => Kinds.Keys;

    public static float[] Of(string name, int rows, int width)
    {
        Random random = new(rows + width);
        Func<Random, int, int, int, float> value = Kinds[name];
        return [.. Enumerable.Range(0, rows * width).Select(i => value(random, i / width, i % width, width))];
    }

    private static float Broken(int row) => (row % 3) switch
    {
        0 => float.NaN,
        1 => float.PositiveInfinity,
        _ => float.NegativeInfinity,
    };

    private static float Gaussian(Random random)
    {
        double u = 1 - random.NextDouble(), v = random.NextDouble();
        return (float)(Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v));
    }
}
