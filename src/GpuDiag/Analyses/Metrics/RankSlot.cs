namespace GpuDiag.Analyses.Metrics;

/// <summary>A piece of the score line, and the rows in it and above it.</summary>
/// <param name="Above">Positives with a greater score than any in the slot.</param>
/// <param name="NegativesAbove">Negatives likewise.</param>
/// <param name="IsTied">All scores in it are equal.</param>
internal readonly record struct RankSlot(long Above, long NegativesAbove, long Positives, long Negatives, bool IsTied)
{
    /// <summary>The order within makes no difference.</summary>
    public bool IsKnown => IsTied || (Positives == 1 && Negatives == 0);

    /// <summary>Positives times those down to here: over all rows down to here, their share of average precision if tied.</summary>
    public double Tied => (double)Positives * (Above + Positives);

    /// <summary>At most what the positives add to average precision, times all positives.</summary>
    public double Best => Tied / (Above + Positives + NegativesAbove);

    /// <summary>At least what they add.</summary>
    public double Worst
    {
        get
        {
            double first = (Above + 1.0) / (Above + 1 + NegativesAbove + Negatives);
            double last = (double)(Above + Positives) / (Above + Positives + NegativesAbove + Negatives);
            return Positives * (first + last) / 2;
        }
    }
}
