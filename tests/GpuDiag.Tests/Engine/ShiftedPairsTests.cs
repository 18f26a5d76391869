using GpuDiag.Engine;

namespace GpuDiag.Tests.Engine;

/// <summary>Counts of shifted agreement against their definition.</summary>
public sealed class ShiftedPairsTests
{
    [Fact]
    public void Count_IsThatOfTheDefinition()
    {
        Random random = new(5);
        for (int trial = 0; trial < 400; trial++)
        {
            int shift = random.Next(1, 17) * (random.Next(2) == 0 ? 1 : -1), rows = random.Next(0, 120), offset = random.Next(1000);
            int from = Math.Max(0, -shift) + random.Next(10), to = from + rows;
            int[] labels = [.. Enumerable.Range(0, to + 40).Select(_ => random.Next(4))], predictions = [.. Enumerable.Range(0, to + 40).Select(_ => random.Next(4))];
            long[] expected = new long[4];
            for (int i = from; i < to; i++)
            {
                if ((i + offset) / Math.Abs(shift) % 2 == 0 && labels[i] != 0 && predictions[i] != 0 && labels[i + shift] != 0)
                {
                    bool near = labels[i] == predictions[i], away = labels[i + shift] == predictions[i];
                    expected[0]++;
                    expected[1] += away && !near ? 1 : 0;
                    expected[2] += near && !away ? 1 : 0;
                    expected[3] += near && away ? 1 : 0;
                }
            }

            Assert.Equal(new ShiftedPairs(expected[0], expected[1], expected[2], expected[3]), ShiftedPairs.Count(labels, predictions, from, to, offset, shift));
        }
    }
}
