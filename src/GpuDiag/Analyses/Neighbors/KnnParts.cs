using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>A search by several machines: each searches for a run of the queries, and the parts are read one after the other (docs/scale.md).</summary>
internal sealed class KnnParts : IKnnLists
{
    private const string Command = "knn", Vectored = "vectors", Searched = "1:search";

    private readonly IReadOnlyList<StateBook> parts;
    private readonly int k;
    private StateBook? first;

    /// <param name="parts">All parts in their order, peeked at, of one search.</param>
    /// <param name="inputs">The data, which has to be that of the parts.</param>
    /// <param name="k">Neighbours of a query as asked for.</param>
    /// <exception cref="InputException">The data is another.</exception>
    public KnnParts(IReadOnlyList<StateBook> parts, KnnInputs inputs, int k)
    {
        (this.parts, this.k) = (parts, k);
        Sharding.Check(parts[0], inputs.Data);
        first = parts[0].Whole();
        Facts = FactsOf(first);
    }

    public KnnFacts Facts { get; }

    public DeviceUsed Device { get; } = new("none", "merged from parts", "nothing is computed");

    IReadOnlyList<VectorsUsed> IKnnLists.Vectors => [];

    public long ExcludedBase { get; private set; }

    /// <summary>Makes one part.</summary>
    /// <exception cref="InputException">Options or data are wrong, or the state would be too large.</exception>
    public static StateBook Make(KnnOptions options, ShardSlice slice, string version, IProgress<ScanProgress>? progress, CancellationToken cancel) =>
        Quarantine.Attempts(options.SkipUnreadable, quarantine =>
        {
            StageClock clock = new(progress, cancel);
            using KnnInputs inputs = KnnInputs.Open(options, quarantine, clock);

            // Ids are looked at once, so that wrong ones are told before the parts are made and not after.
            using KnnSearch search = new(inputs, options, clock, progress, cancel, ids: slice.Index == 1);
            (long start, long end) = slice.Rows(search.Facts.Queries);
            byte[] found = ListSection.Save(
                search.Lists(start, end), end - start, search.Facts.Most(options.K), writer => writer.Write(search.ExcludedBase), "Make more parts, or ask for fewer neighbours with --k.");
            inputs.CheckUnchanged();
            return new StateBook(StateAbout.OfPart(Command, version, slice, "search", options, inputs.Data), [(Vectored, StateBytes.Of(search.Facts.Save)), (Searched, found)]);
        });

    public IEnumerable<KnnList> Lists()
    {
        KnnList list = new(Facts.Most(k));
        foreach (StateBook part in parts)
        {
            StateBook book = first is not null && part == parts[0] ? first : part.Whole();
            first = null;
            if (FactsOf(book) != Facts)
            {
                throw new InputException($"found other vectors than {parts[0].Path}", part.Path, remedy: "The data changed meanwhile: make all parts anew.");
            }

            foreach (KnnList next in ListSection.Load(book, Facts.Queries, list, Facts.BaseRows, reader => ExcludedBase = Math.Max(ExcludedBase, reader.ReadInt64())))
            {
                yield return next;
            }
        }
    }

    public void Dispose()
    {
    }

    private static KnnFacts FactsOf(StateBook part)
    {
        using BinaryReader reader = StateBytes.Reader(part.Sections[0].Content);
        return StateBytes.Read(part.Path, reader, KnnFacts.Load);
    }
}
