using GpuDiag.Analyses.Scan;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>Where the neighbours of all queries come from: a search, or the parts of one.</summary>
internal interface IKnnLists : IDisposable
{
    KnnFacts Facts { get; }

    /// <summary>What computed, and where the vectors lay.</summary>
    DeviceUsed Device { get; }

    IReadOnlyList<VectorsUsed> Vectors { get; }

    /// <summary>By query. To be enumerated once, to the end; each list only until the next is asked for.</summary>
    IEnumerable<KnnList> Lists();

    /// <summary>Base rows that are no one's neighbour, null ones among them; known when the lists have been enumerated.</summary>
    long ExcludedBase { get; }
}
