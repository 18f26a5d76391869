using GpuDiag.Engine;

namespace GpuDiag.Analyses.Gallery;

/// <summary>
/// The rows of the gallery in the order in which room is given to them: the groups' first rows, their second ones, and so on; then what
/// stands beside these, case by case. So a limit cuts all groups alike.
/// </summary>
internal sealed class GalleryChoice
{
    /// <summary>Cases, and rows beside them, at most.</summary>
    public const int MostCases = 1500, MostBeside = 1500;

    /// <summary>Groups of what stands beside a case.</summary>
    public const string Neighbors = "neighbors", Train = "train";

    private readonly List<GalleryPick> picks = [];
    private readonly Dictionary<long, GalleryPick> places = [], trainPlaces = [];
    private readonly List<GalleryGroup> groups;
    private readonly List<int> sizes;

    public GalleryChoice(IReadOnlyList<GalleryGroup> groups)
    {
        this.groups = [.. groups];
        sizes = [.. groups.Select(_ => 0)];
        for (int round = 0; groups.Any(g => g.Rows.Count > round); round++)
        {
            for (int g = 0; g < groups.Count; g++)
            {
                if (groups[g].Rows.Count > round && Pick(false, groups[g].Rows[round].Row, g, MostCases) is { } pick)
                {
                    pick.Evidence ??= groups[g].Rows[round].Evidence;
                }
            }
        }

        Cases = picks.Count;
    }

    /// <summary>In order: cases, then rows beside them.</summary>
    public IReadOnlyList<GalleryPick> Picks => picks;

    public int Cases { get; }

    public IReadOnlyList<GalleryGroup> Groups => groups;

    /// <summary>Rows that each group shows.</summary>
    public IReadOnlyList<int> Sizes => sizes;

    /// <summary>Adds, for each case in turn, rows that stand beside it, as far as there is room.</summary>
    /// <param name="related">Rows of the data that are like a case, nearest first.</param>
    /// <param name="training">Rows of the training set that are like it.</param>
    public void AddBeside(Func<long, IEnumerable<TopRow>> related, Func<long, IEnumerable<TopRow>> training)
    {
        int neighbors = groups.Count, train = groups.Count + 1;
        sizes.AddRange([0, 0]);
        groups.Add(new GalleryGroup(Neighbors, "by case, then the nearest first", []));
        groups.Add(new GalleryGroup(Train, "by case, then the nearest first", []));
        for (int i = 0; i < Cases; i++)
        {
            foreach (TopRow row in related(picks[i].Row.Row))
            {
                Pick(false, row, neighbors, Cases + MostBeside);
            }

            foreach (TopRow row in training(picks[i].Row.Row))
            {
                Pick(true, row, train, Cases + MostBeside);
            }
        }
    }

    private GalleryPick? Pick(bool isTrain, in TopRow row, int group, int most)
    {
        Dictionary<long, GalleryPick> known = isTrain ? trainPlaces : places;
        if (!known.TryGetValue(row.Row, out GalleryPick? pick))
        {
            if (picks.Count >= most)
            {
                return null;
            }

            pick = new GalleryPick(isTrain, row);
            picks.Add(pick);
            known.Add(row.Row, pick);
        }

        if (pick.Join(group, sizes[group] + 1))
        {
            sizes[group]++;
        }

        return pick;
    }
}
