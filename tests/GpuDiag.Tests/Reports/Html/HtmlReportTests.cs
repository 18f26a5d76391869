using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Reports.Html;

/// <summary>The page as a text: what it allows, and that values are data.</summary>
public sealed class HtmlReportTests : IDisposable
{
    private const string Hostile = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(2)> ' \" & \u2028 \u202Eabc 猫🐈\n";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Policy_AllowsTheStyleAndTheScriptInsideAndNothingElse()
    {
        string page = Page(SampleOutcome.Outcome);
        string policy = Regex.Match(page, "Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value;
        string style = Hash(Regex.Match(page, "<style>(.*)</style>", RegexOptions.Singleline).Groups[1].Value);
        string script = Hash(Regex.Match(page, "<script>(.*)</script>", RegexOptions.Singleline).Groups[1].Value);
        Assert.Equal($"default-src 'none'; script-src '{script}'; style-src '{style}'; img-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'", policy);
        Assert.DoesNotContain('\r', page);
    }

    [Fact]
    public void Page_NamesNoPlaceOutsideIt()
        => Assert.Empty(Regex.Matches(Page(SampleOutcome.Outcome), @"https?://(?!www\.w3\.org/2000/svg)\S*").Select(m => m.Value));

    [Fact]
    public void Script_PutsNoValueIntoThePageAsMarkup()
        => Assert.DoesNotMatch(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|setTimeout\(['""]", Script());

    [Fact]
    public void Values_AreDataWhateverTheyHold()
    {
        var result = SampleOutcome.Outcome.Result;
        string page = Page(SampleOutcome.Outcome with
        {
            Result = result with { ClassNames = [Hostile, "b"], Classes = [result.Classes[0] with { Class = Hostile }], Confusions = [new Confusion(Hostile, "b", 3)] },
            Rows = [new RowResult(1, Hostile, Hostile, Hostile, "b", 0.5, false, 1)],
        });
        foreach (Match block in Regex.Matches(page, "<script type=\"application/json\" id=\"data-([a-z]+)\">(.*?)</script>", RegexOptions.Singleline))
            Assert.DoesNotContain('<', block.Groups[2].Value);
        Assert.DoesNotContain("alert(1)</script>", page, StringComparison.Ordinal);
        Assert.Equal(Hostile, Block(page, "classes").GetProperty("columns").GetProperty("class").GetProperty("d")[0].GetString());
        Assert.Equal(Hostile, Block(page, "rows").GetProperty("columns").GetProperty("label").GetProperty("d")[0].GetString());
    }

    [Fact]
    public void Tables_CarryNumbersTextsAndWhatIsMissing()
    {
        var rows = Block(Page(SampleOutcome.Outcome), "rows");
        Assert.Equal((2, 2), (rows.GetProperty("rows").GetInt32(), rows.GetProperty("total").GetInt32()));
        var columns = rows.GetProperty("columns");
        Assert.Equal("[7,3]", columns.GetProperty("row").GetProperty("v").GetRawText());
        Assert.Equal("[0.99,null]", columns.GetProperty("confidence").GetProperty("v").GetRawText());
        Assert.Equal("[0,null]", columns.GetProperty("correct").GetProperty("v").GetRawText());
        Assert.Equal("""{"d":["a"],"v":[0,-1]}""", columns.GetProperty("id").GetRawText());
    }

    [Fact]
    public void LongTexts_EndInAnEllipsisAndKeepWholeCharacters()
    {
        string text = new string('x', 1_999) + "🐈" + new string('y', 9_000);
        string page = Page(SampleOutcome.Outcome with { Rows = [new RowResult(0, text, null, "a", "b", 0.5, false, 1)] });
        Assert.Equal(new string('x', 1_999) + "…", Block(page, "rows").GetProperty("columns").GetProperty("id").GetProperty("d")[0].GetString());
    }

    [Fact]
    public void MoreRowsThanThePageShows_AreThoseWithTheGreatestLossAmongTheSuspect()
    {
        var rows = Enumerable.Range(0, 6_000).Select(i => new RowResult(i, null, null, "a", i % 100 == 0 ? "a" : "b", 0.5, i % 100 == 0, i % 100 == 0 ? 1e6 : i));
        string page = Page(SampleOutcome.Outcome with { Rows = [.. rows] });
        var shown = Block(page, "rows");
        Assert.Equal((5_000, 6_000), (shown.GetProperty("rows").GetInt32(), shown.GetProperty("total").GetInt32()));
        long[] numbers = [.. shown.GetProperty("columns").GetProperty("row").GetProperty("v").EnumerateArray().Select(v => v.GetInt64())];
        Assert.Equal(Enumerable.Range(0, 6_000).Where(i => i % 100 != 0).Reverse().Take(5_000).Reverse().Select(i => (long)i), numbers);
    }

    [Fact]
    public void Page_HoldsNothingOfTheMachine()
    {
        var outcome = SampleOutcome.Outcome;
        string here = Page(outcome);
        var elsewhere = outcome.Run with
        {
            Command = "gpudiag scan /elsewhere/x.parquet",
            Device = new DeviceUsed("cuda", "other", "found"),
            Threads = 64,
            Timings = [new StageTime("read", 99)],
            Inputs = [.. outcome.Run.Inputs.Select(i => i with { Path = "/elsewhere/" + Path.GetFileName(i.Path) })],
        };
        Assert.Equal(here, Page(outcome with { Run = elsewhere }));
    }

    private string Page(ScanOutcome outcome)
    {
        ScanFiles.Write(folder.Root, outcome);
        return ScanFiles.Page(folder.Root);
    }

    private string Script() => Regex.Match(Page(SampleOutcome.Outcome), "<script>(.*)</script>", RegexOptions.Singleline).Groups[1].Value;

    private static JsonElement Block(string page, string name)
        => JsonDocument.Parse(Regex.Match(page, $"<script type=\"application/json\" id=\"data-{name}\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value).RootElement;

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
