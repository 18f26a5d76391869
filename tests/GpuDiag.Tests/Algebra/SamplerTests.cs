using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Algebra;

public class SamplerTests
{
    [Theory]
    [InlineData(1L, 0.3)]
    [InlineData(20L, 0.02)]
    [InlineData(1_000_000_000L, 3.2e-9)]
    [InlineData(40L, 0.2)]
    [InlineData(40L, 0.93)]
    [InlineData(25L, 0.45)]
    [InlineData(100L, 0.5)]
    [InlineData(3000L, 0.9)]
    [InlineData(100_000_000L, 1e-6)]
    public void Binomial_DrawsFollowTheProbabilities(long n, double p)
    {
        const int draws = 100_000;
        var counts = new Dictionary<long, int>();
        var stream = new PhiloxStream(2026, (ulong)n);
        for (var i = 0; i < draws; i++)
        {
            var k = BinomialSampler.Draw(n, p, ref stream);
            counts[k] = counts.GetValueOrDefault(k) + 1;
        }

        Assert.InRange(counts.Keys.Min(), 0, n);
        Assert.InRange(counts.Keys.Max(), 0, n);

        // Pearson's χ² over outcomes expected at least 20 times, the others together.
        var spread = 12.0 * Math.Sqrt(n * p * (1 - p)) + 12.0;
        var (from, to) = ((long)Math.Max(0, n * p - spread), (long)Math.Min(n, n * p + spread));
        var (chi, cells, restExpected, restSeen) = (0.0, 0, (double)draws, draws);
        for (var k = from; k <= to; k++)
        {
            var expected = draws * Binomial.Pmf(k, n, p);
            if (expected < 20)
                continue;
            var seen = counts.GetValueOrDefault(k);
            chi += (seen - expected) * (seen - expected) / expected;
            cells++;
            restExpected -= expected;
            restSeen -= seen;
        }

        if (restExpected >= 1)
            chi += (restSeen - restExpected) * (restSeen - restExpected) / restExpected;
        Assert.True(cells > 1);
        Assert.InRange(chi, 0.0, cells + 4.5 * Math.Sqrt(2.0 * cells));
    }

    [Fact]
    public void Binomial_DrawsOfManyTrialsHaveTheMoments()
    {
        const int draws = 100_000;
        const double n = 1e11, p = 0.37;
        var stream = new PhiloxStream(1, 1);
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < draws; i++)
        {
            var z = (BinomialSampler.Draw((long)n, p, ref stream) - n * p) / Math.Sqrt(n * p * (1 - p));
            sum += z;
            squares += z * z;
        }

        Assert.InRange(sum / draws, -4 / Math.Sqrt(draws), 4 / Math.Sqrt(draws));
        Assert.InRange(squares / draws, 1 - 4 * Math.Sqrt(2.0 / draws), 1 + 4 * Math.Sqrt(2.0 / draws));
    }

    [Fact]
    public void Binomial_AtTheEdges()
    {
        var stream = new PhiloxStream(1, 1);
        Assert.Equal(0, BinomialSampler.Draw(0, 0.5, ref stream));
        Assert.Equal(0, BinomialSampler.Draw(10, 0.0, ref stream));
        Assert.Equal(10, BinomialSampler.Draw(10, 1.0, ref stream));
        Assert.Equal(0, BinomialSampler.Draw(10, double.NaN, ref stream));
    }

    [Fact]
    public void Multinomial_DrawsAllAndOnlyWhereThereAreCounts()
    {
        long[] counts = [5, 0, 100_000, 1, 0, 7000, 0];
        var drawn = new long[counts.Length];
        for (ulong replicate = 0; replicate < 200; replicate++)
        {
            Multinomial.Draw(counts, counts.Sum(), 7, replicate, drawn);
            Assert.Equal(counts.Sum(), drawn.Sum());
            Assert.All(counts.Zip(drawn), pair => Assert.True(pair.First > 0 || pair.Second == 0));
        }

        Multinomial.Draw([0, 0], 5, 7, 0, drawn.AsSpan(0, 2));
        Assert.Equal([0, 0], drawn[..2]);
    }

    [Fact]
    public void Multinomial_IsAFunctionOfItsKey()
    {
        long[] counts = [50, 30, 20];
        long[] Replicate(ulong seed, ulong replicate)
        {
            var drawn = new long[3];
            Multinomial.Draw(counts, 100, seed, replicate, drawn);
            return drawn;
        }

        Assert.Equal(Replicate(1, 5), Replicate(1, 5));
        Assert.Contains(Enumerable.Range(0, 20), i => !Replicate(1, (ulong)i).SequenceEqual(Replicate(2, (ulong)i)));
    }

    [Fact]
    public void Multinomial_CellsHaveTheMeansAndVariances()
    {
        long[] counts = [3, 40, 500, 6000, 12];
        var n = counts.Sum();
        const int replicates = 20_000;
        var (sums, squares, drawn) = (new double[5], new double[5], new long[5]);
        for (ulong replicate = 0; replicate < replicates; replicate++)
        {
            Multinomial.Draw(counts, n, 3, replicate, drawn);
            for (var i = 0; i < 5; i++)
            {
                sums[i] += drawn[i] - counts[i];
                squares[i] += (double)(drawn[i] - counts[i]) * (drawn[i] - counts[i]);
            }
        }

        for (var i = 0; i < 5; i++)
        {
            var variance = counts[i] * (1.0 - (double)counts[i] / n);
            Assert.InRange(sums[i] / replicates, -4 * Math.Sqrt(variance / replicates), 4 * Math.Sqrt(variance / replicates));
            Assert.InRange(squares[i] / replicates / variance, 0.95, 1.05);
        }
    }
}
