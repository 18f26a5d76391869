using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// The scores that positive rows give their own class, per segment and class: from them come the partitions on which
/// all scores are counted, so that ROC AUC and average precision need no sort of all rows.
/// </summary>
/// <param name="width">Classes, K.</param>
/// <param name="capacity">Distinct keys kept exactly per histogram.</param>
/// <param name="groups">Segments × classes above which nothing is kept: such a segmentation is not ranked.</param>
internal sealed class Positives(int width, int capacity, int groups)
{
    private KeyHistogram?[] histograms = new KeyHistogram?[width];

    public void Add(int segment, int classIndex, double score)
    {
        if ((segment + 1L) * width <= groups)
        {
            At((segment * width) + classIndex).Add(score);
        }
    }

    public void Merge(Positives other)
    {
        for (int i = 0; i < other.histograms.Length; i++)
        {
            if (other.histograms[i] is { } histogram)
            {
                At(i).Merge(histogram);
            }
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(histograms.Count(h => h is not null));
        for (int i = 0; i < histograms.Length; i++)
        {
            if (histograms[i] is { } histogram)
            {
                writer.Write7BitEncodedInt(i);
                histogram.Write(writer);
            }
        }
    }

    /// <summary>Merges in what was written.</summary>
    /// <param name="reader">At it.</param>
    /// <param name="segments">The code here of each segment code there.</param>
    public void Load(BinaryReader reader, int[] segments)
    {
        for (int n = reader.Read7BitEncodedInt(); n > 0; n--)
        {
            int there = reader.Read7BitEncodedInt();
            int segment = segments[there / width];
            // Past the groups the segmentation is not ranked, whatever is kept of it.
            bool kept = (segment + 1L) * width <= groups;
            (kept ? At((segment * width) + (there % width)) : new KeyHistogram(capacity)).Load(reader);
        }
    }

    /// <summary>Indexed as <see cref="RankPlan.Partitions"/> wants it.</summary>
    public ScorePartition?[] Partitions() => [.. histograms.Select(h => h?.ToPartition())];

    private KeyHistogram At(int index)
    {
        if (index >= histograms.Length)
        {
            Array.Resize(ref histograms, Math.Max(index + 1, histograms.Length * 2));
        }

        return histograms[index] ??= new KeyHistogram(capacity);
    }
}
