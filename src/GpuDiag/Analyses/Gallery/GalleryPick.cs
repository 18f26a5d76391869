using GpuDiag.Analyses.Causes;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Gallery;

/// <summary>A row that the gallery shows.</summary>
/// <param name="IsTrain">It is a row of the training set.</param>
/// <param name="Row">Its facts; of a row of the training set, its number and label.</param>
/// <param name="Groups">Places of its groups, and its rank in each, from 1.</param>
internal sealed record GalleryPick(bool IsTrain, TopRow Row, SortedList<int, int> Groups)
{
    /// <summary>Of an error; null where it is not known here.</summary>
    public EvidenceBits? Evidence { get; set; }
}
