using GpuDiag.Analyses.Causes;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Gallery;

/// <summary>A row that the gallery shows.</summary>
/// <param name="IsTrain">It is a row of the training set.</param>
/// <param name="Row">Its facts; of a row of the training set, its number and label.</param>
internal sealed record GalleryPick(bool IsTrain, TopRow Row)
{
    /// <summary>Places of its groups, ascending.</summary>
    public List<int> Groups { get; } = [];

    /// <summary>Its rank in each of them, from 1.</summary>
    public List<int> Ranks { get; } = [];

    /// <summary>Of an error; null where it is not known here.</summary>
    public EvidenceBits? Evidence { get; set; }

    /// <summary>Puts it into a group, unless it is there.</summary>
    /// <returns>Whether it was not.</returns>
    public bool Join(int group, int rank)
    {
        int place = Groups.BinarySearch(group);
        if (place >= 0)
        {
            return false;
        }

        Groups.Insert(~place, group);
        Ranks.Insert(~place, rank);
        return true;
    }
}
