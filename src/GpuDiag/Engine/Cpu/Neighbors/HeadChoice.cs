namespace GpuDiag.Engine.Cpu.Neighbors;

/// <summary>
/// Which share of a vector's words to compare first. What each share costs is told by trying it now and then, since it depends on the
/// data and on how far thresholds have come. The choice changes the time only.
/// </summary>
internal sealed class HeadChoice
{
    /// <summary>Shares are multiples of a sixteenth; the last is the whole, without a test.</summary>
    public const int Shares = 16;

    /// <summary>Parts of a tile, which can be gone through one by one.</summary>
    public const int Parts = 24;

    /// <summary>What <see cref="TileSides.Rest"/> counts for a part: as one of a whole tile, and on its own. Measured on Zen 5.</summary>
    public const int RestUnit = 10, RestAlone = 26;

    /// <summary>Panels from one trial to the next.</summary>
    private const int Interval = 24;

    private const int LeastShare = 3;

    /// <summary>What a test costs, with sums that go through memory for it, in the time that a tile takes for a part and word.</summary>
    private const double Test = 350;

    private readonly int words;
    private readonly double[] costs = new double[Shares + 1];
    private int best = Shares;
    private int trial = LeastShare;
    private int count;

    /// <param name="words">Of a vector.</param>
    public HeadChoice(int words)
    {
        this.words = words;
        Array.Fill(costs, double.PositiveInfinity);
        costs[Shares] = (double)words * Parts;
    }

    private HeadChoice(HeadChoice from)
    {
        (words, best, trial, count) = (from.words, from.best, from.trial, from.count);
        from.costs.CopyTo(costs, 0);
    }

    public HeadChoice Copy() => new(this);

    /// <summary>Words of a share.</summary>
    public int Head(int share) => (int)((long)words * share / Shares);

    /// <summary>The share for the next tiles.</summary>
    public int Next()
    {
        if (++count % Interval != 0)
        {
            return best;
        }

        trial = trial == Shares - 1 ? LeastShare : trial + 1;
        return trial;
    }

    /// <summary>Takes note of what a share came to.</summary>
    /// <param name="share">As <see cref="Next"/> gave it.</param>
    /// <param name="tiles">At least 1.</param>
    /// <param name="rest">Parts of theirs that were gone through, as <see cref="TileSides.Rest"/> counts them.</param>
    public void Note(int share, int tiles, int rest)
    {
        if (share == Shares)
        {
            return;
        }

        double cost = (Head(share) * (double)Parts) + Test + ((words - Head(share)) * (double)rest / (tiles * RestUnit));
        costs[share] = double.IsPositiveInfinity(costs[share]) ? cost : (costs[share] + cost) / 2;
        best = Array.IndexOf(costs, costs.Min());
    }
}
