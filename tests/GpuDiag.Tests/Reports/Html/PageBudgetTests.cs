using System.Text.Json;
using System.Text.RegularExpressions;
using GpuDiag.Reports.Html;
using GpuDiag.Reports.Tables;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Reports.Html;

/// <summary>The page stays below its bytes whatever the data, and keeps what ranks highest.</summary>
public sealed class PageBudgetTests : IDisposable
{
    private const int Cards = 1_500;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void SmallData_IsThereInFull()
    {
        Summary(3);
        Gallery(10, 300, i => $"text {i}");
        Assert.Equal((PageTable.LongestText, 10, 10), Told(Page()));
    }

    [Fact]
    public void Pictures_GoFirstAndTheLowestRankFirst()
    {
        Summary(3);
        Gallery(Cards, 9_000, i => $"text {i}");
        Map(100_000, 0);
        string page = Page();
        var (longest, pictures, shown) = Told(page);
        Assert.Equal((PageTable.LongestText, Cards), (longest, pictures));
        Assert.InRange(shown, 100, Cards - 1);
        var image = Block(page, "gallery").GetProperty("columns").GetProperty("image").GetProperty("v");
        Assert.Equal(Enumerable.Range(0, Cards).Select(i => i < shown), image.EnumerateArray().Select(v => v.GetInt32() >= 0));
        Assert.Equal(100_000, Block(page, "map").GetProperty("rows").GetInt32());
    }

    [Fact]
    public void PointsOfTheMap_GoNextAndStaySpread()
    {
        Summary(3);
        Gallery(Cards, 9_000, i => $"text {i}");
        Map(100_000, 5);
        string page = Page();
        Assert.Equal(PageTable.LongestText, Told(page).LongestText);
        Assert.InRange(Told(page).Shown, 0, Cards - 1);
        var map = Block(page, "map");
        int points = map.GetProperty("rows").GetInt32();
        Assert.InRange(points, 1_000, 50_000);
        Assert.Equal(100_000, map.GetProperty("total").GetInt32());
        // Row numbers are packed: 1 + the steps above the least; those that stay are at equal distances.
        var row = map.GetProperty("columns").GetProperty("row");
        byte[] packed = System.Buffers.Text.Base64Url.DecodeFromChars(row.GetProperty("b").GetString());
        Assert.Equal(4, row.GetProperty("p").GetInt32());
        Assert.Equal(Enumerable.Range(0, points).Select(i => (uint)((long)i * 100_000 / points) + 1), Enumerable.Range(0, points).Select(i => BitConverter.ToUInt32(packed, 4 * i)));
        Assert.Equal(Cards, Block(page, "gallery").GetProperty("rows").GetInt32());
    }

    [Fact]
    public void LongNames_AreCutAlikeInEveryTable()
    {
        string[] names = Names(500, 2_200);
        Summary(500, names);
        Gallery(600, 300, i => names[i % 500]);
        Confusions(names);
        string page = Page();
        var (longest, _, shown) = Told(page);
        Assert.True(longest < PageTable.LongestText);
        Assert.Equal(600, shown);
        string name = Block(page, "summary").GetProperty("class_order")[7].GetString()!;
        Assert.Equal(names[7][..longest] + "…", name);
        Assert.Equal(name, Block(page, "confusions").GetProperty("columns").GetProperty("label").GetProperty("d")[7].GetString());
    }

    [Fact]
    public void AllAtOnce_FitsAndIsTheSameAgain()
    {
        // Characters that JSON writes in six bytes, and lists of lists.
        string[] names = [.. Names(700, 2_100).Select(n => n.Replace('a', '\'').Replace('b', '<'))];
        Summary(50, names);
        Gallery(600, 9_000, i => names[i] + i);
        Map(100_000, 5);
        Confusions(names);
        Assert.Equal(Page(), Page());
    }

    private string Page()
    {
        string page = ScanFiles.Page(folder.Root);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(page), 1, HtmlReport.MostBytes);
        return page;
    }

    private void Summary(int findings, string[]? classes = null)
    {
        using var file = File.Create(folder["summary.json"]);
        JsonSerializer.Serialize(file, new
        {
            schema = "gpudiag/summary/1",
            class_order = classes ?? [],
            findings = Enumerable.Range(0, findings).Select(i => new { title = $"finding {i}", evidence = new { values = classes?.Take(40) } }),
        });
    }

    private void Gallery(int cards, int pictureBytes, Func<int, string> text)
    {
        using var file = File.Create(folder["gallery.parquet"]);
        new Table<int>().Value("row", i => (long)i).Text("source", _ => "data").Text("groups", _ => "errors").Text("ranks", i => $"{i + 1}").Bytes("image", i => Noise(i, pictureBytes))
            .Text("image_type", _ => "image/jpeg").Text("text", text).Text("label", text).Text("pred", text)
            .Write(file, Enumerable.Range(0, cards), default);
    }

    private void Map(int points, int texts)
    {
        using var file = File.Create(folder["map.parquet"]);
        var table = new Table<int>().Value("row", i => (long)i).Value("x", i => i % 317 / 317.0).Value("y", i => i % 211 / 211.0).Text("label", i => $"{i % 10}").Text("pred", i => $"{i % 10}");
        for (int column = 0; column < texts; column++)
        {
            int own = column;
            table.Text($"meta.m{column}", i => $"value {i} of {own}");
        }
        table.Write(file, Enumerable.Range(0, points), default);
    }

    private void Confusions(string[] names)
    {
        using var file = File.Create(folder["confusions.parquet"]);
        new Table<int>().Text("label", i => names[i % names.Length]).Text("pred", i => names[(i + 1) % names.Length]).Value("count", i => (long)i).Write(file, Enumerable.Range(0, 2 * names.Length), default);
    }

    private static string[] Names(int count, int length) => [.. Enumerable.Range(0, count).Select(i => $"{i} " + string.Concat(Enumerable.Repeat("abcdefg ", length / 8)))];

    private static byte[] Noise(int row, int bytes)
    {
        byte[] noise = new byte[bytes];
        new Random(row).NextBytes(noise);
        return noise;
    }

    private static (int LongestText, int Pictures, int Shown) Told(string page)
    {
        var told = Block(page, "page");
        return (told.GetProperty("longest_text").GetInt32(), told.GetProperty("pictures").GetInt32(), told.GetProperty("pictures_shown").GetInt32());
    }

    private static JsonElement Block(string page, string name)
        => JsonDocument.Parse(Regex.Match(page, $"<script type=\"application/json\" id=\"data-{name}\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value).RootElement;
}
