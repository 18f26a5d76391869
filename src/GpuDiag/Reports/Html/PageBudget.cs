namespace GpuDiag.Reports.Html;

/// <summary>How much of everything a page takes.</summary>
/// <param name="LongestText">Characters of one text at most.</param>
/// <param name="Items">Items of each list of summary.json at most.</param>
/// <param name="Pictures">Characters of all pictures at most.</param>
/// <param name="Points">Points of the map at most.</param>
/// <param name="Halvings">How often the bounds of the other tables are halved.</param>
internal readonly record struct PageLimits(int LongestText, int Items, long Pictures, int Points, int Halvings);

/// <summary>
/// Keeps a page within its bytes, whatever the data. Long texts are cut and long lists of summary.json shortened where they alone would take
/// much of the page. Then all but the pictures is made, and the pictures get what is left, in the order of their rank. Where
/// nothing is left, points of the map go, and after them rows of all tables. It depends on the files alone.
/// </summary>
/// <param name="room">Bytes of all blocks at most.</param>
/// <param name="summary">Makes the block of summary.json.</param>
internal sealed class PageBudget(long room, Func<PageLimits, byte[]> summary)
{
    /// <summary>Characters of pictures on the page at most.</summary>
    public const long PictureRoom = 4_000_000;

    /// <summary>Bytes of long texts in tables, and of summary.json, from which texts are cut and lists shortened.</summary>
    private const long TextRoom = 2_000_000, SummaryRoom = 1_500_000;

    /// <summary>What the block that tells all this takes at most, and the references to pictures.</summary>
    private const long Slack = 64_000;

    /// <summary>Texts up to here are never cut.</summary>
    public const int ShortestText = 80;

    private const int FewestPoints = 1_000, MostHalvings = 12, FewestItems = 15;

    private static readonly int[] Texts = [PageTable.LongestText, 500, 200, ShortestText];

    private static readonly int[] Lists = [2_000, 1_000, 500, 250, 120, 60, 30, FewestItems];

    private readonly List<(string Name, int Most, Func<int, PageTable> Open, bool Again)> tables = [];
    private readonly Dictionary<(string Name, int Most), PageTable> open = [];

    /// <summary>A block of a table.</summary>
    /// <param name="name">Of the table.</param>
    /// <param name="most">Rows at most.</param>
    /// <param name="take">Takes so many rows.</param>
    /// <param name="again">Fewer rows are not the first of more: they are chosen anew.</param>
    public void Table(string name, int most, Func<int, PageTable> take, bool again = false) => tables.Add((name, most, take, again));

    /// <summary>Every block, within the room.</summary>
    public IReadOnlyList<byte[]> Blocks()
    {
        long left = room - Slack;
        var limits = new PageLimits(Texts[0], Lists[0], 0, PageData.MostPoints, 0);
        limits = limits with { LongestText = First(Texts, longest => tables.Sum(t => Open(t, limits).TextBytes(longest)) <= TextRoom) };
        limits = limits with { Items = First(Lists, items => summary(limits with { Items = items }).Length <= SummaryRoom) };

        long taken = Taken(limits);
        while (taken > left && limits.Points > 0)
        {
            limits = limits with { Points = limits.Points / 2 < FewestPoints ? 0 : limits.Points / 2 };
            taken = Taken(limits);
        }
        while (taken > left && limits.Halvings < MostHalvings)
        {
            limits = limits with { Halvings = limits.Halvings + 1 };
            taken = Taken(limits);
        }
        if (taken > left)
        {
            limits = limits with { LongestText = ShortestText, Items = FewestItems };
            taken = Taken(limits);
        }

        limits = limits with { Pictures = Math.Clamp(left - taken, 0, PictureRoom) };
        byte[][] blocks = [summary(limits), .. tables.Select(t => Write(t, limits))];
        return [.. blocks, PageData.Block("page", json =>
        {
            int pictures = 0, shown = 0;
            foreach (var table in tables)
            {
                pictures += Open(table, limits).Pictures;
                shown += Open(table, limits).PicturesShown;
            }
            json.WriteStartObject();
            json.WriteNumber("most_bytes", HtmlReport.MostBytes);
            json.WriteNumber("longest_text", limits.LongestText);
            json.WriteNumber("items", limits.Items);
            json.WriteNumber("pictures", pictures);
            json.WriteNumber("pictures_shown", shown);
            json.WriteEndObject();
        })];
    }

    /// <summary>The first of these that will do, else the last.</summary>
    private static int First(int[] steps, Func<int, bool> fits)
    {
        int at = Array.FindIndex(steps, s => fits(s));
        return at < 0 ? steps[^1] : steps[at];
    }

    private long Taken(PageLimits limits) => summary(limits).Length + tables.Sum(t => (long)Write(t, limits).Length);

    private static int Most(string table, int most, PageLimits limits) => table == "map" ? Math.Min(most, limits.Points) : most >> limits.Halvings;

    private PageTable Open((string Name, int Most, Func<int, PageTable> Open, bool Again) table, PageLimits limits)
    {
        int most = table.Again ? Most(table.Name, table.Most, limits) : table.Most;
        if (!open.TryGetValue((table.Name, most), out var taken))
            open.Add((table.Name, most), taken = table.Open(most));
        return taken;
    }

    private byte[] Write((string Name, int Most, Func<int, PageTable> Open, bool Again) table, PageLimits limits)
    {
        var taken = Open(table, limits);
        return PageData.Block(table.Name, json => taken.Write(json, Most(table.Name, table.Most, limits), limits.LongestText, limits.Pictures));
    }
}
