using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Nodes;
using GpuDiag.Analyses.Neighbors;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Mining;

/// <summary>
/// Mining by several machines: each searches for a run of the pool's rows what the choice goes by, the nearest failure or, for k-center, the nearest
/// training row, and its state holds that row and the distance to it. Whoever merges has of each pool row what one search would have found (docs/scale.md).
/// </summary>
/// <param name="parts">All parts in their order, peeked at, of one search.</param>
internal sealed class MineParts(IReadOnlyList<StateBook> parts)
{
    private const string Command = "mine", Searched = "1:search", CaseNames = "CaseNames", Exports = "Exports", CasesRead = "cases read";

    /// <summary>Makes one part.</summary>
    /// <param name="options">All of the search's.</param>
    /// <param name="caseNames">What the cases were read from.</param>
    /// <param name="exports">Further files of the result.</param>
    /// <param name="slice">Which part.</param>
    /// <param name="version">Of the program.</param>
    /// <param name="progress">Receives how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InputException">Options or data are wrong, or there is nothing to share.</exception>
    public static StateBook Make(
        MineOptions options, IReadOnlyList<string> caseNames, IReadOnlyList<string> exports, ShardSlice slice, string version, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        CheckShared(options);

        // What only the merge needs is read once, so that what is wrong with it is told before the parts are made and not after.
        bool train = options.Strategy == MineStrategy.KCenter || slice.Index == 1;
        using Mine mine = Mine.Open(options with { Train = train ? options.Train : [] }, progress, cancel);
        (byte[] found, SortedDictionary<string, string> data) = mine.Part(slice);
        StateAbout about = StateAbout.OfPart(Command, version, slice, "search", options with { Cases = null }, WithCases(data, options));
        about.Options[CaseNames] = JsonSerializer.SerializeToNode(caseNames);
        about.Options[Exports] = JsonSerializer.SerializeToNode(exports);
        return new StateBook(about, [(Searched, found)]);
    }

    /// <summary>That the strategy has a search over the pool which parts can share.</summary>
    /// <exception cref="InputException">It has none.</exception>
    public static void CheckShared(MineOptions options)
    {
        if (options.Strategy != MineStrategy.Failures && (options.Strategy != MineStrategy.KCenter || options.Train.Count == 0))
        {
            throw new InputException(
                options.Strategy == MineStrategy.KCenter ? "without a training set k-center has no search that parts could share" : "this strategy has no search that parts could share: it ranks rows by their own values",
                remedy: "Run gpudiag mine without --shard, or choose the strategy failures, or k-center with --train.");
        }
    }

    /// <summary>What the cases of a part were read from, and which further files its result has.</summary>
    public static (IReadOnlyList<string> CaseNames, IReadOnlyList<string> Exports) Given(StateBook part) => (Texts(part, CaseNames), Texts(part, Exports));

    /// <summary>Files that the parts left out because they can't be read.</summary>
    public IReadOnlyList<UnreadFile> LeftOut => parts[0].About.LeftOut();

    /// <exception cref="InputException">The data is not that of the parts.</exception>
    public void Check(SortedDictionary<string, string> data, MineOptions options) => Sharding.Check(parts[0], WithCases(data, options));

    /// <summary>What was found of every pool row, read part by part.</summary>
    public IEnumerable<KnnList> Lists(long rows, long searched)
    {
        KnnList list = new(1);
        return parts.SelectMany(part => ListSection.Load(part.Whole(), rows, list, searched, null));
    }

    private static string[] Texts(StateBook part, string name) => part.About.Options.GetValueOrDefault(name) is JsonArray texts ? [.. texts.Select(t => (string)t!)] : [];

    /// <summary>Which failures an earlier scan's folder told, in short.</summary>
    private static SortedDictionary<string, string> WithCases(SortedDictionary<string, string> data, MineOptions options)
    {
        if (options.Cases is { } cases)
        {
            data[CasesRead] = Convert.ToHexStringLower(XxHash128.Hash(JsonSerializer.SerializeToUtf8Bytes(cases)));
        }

        return data;
    }
}
