using GpuDiag.Analyses.Scan;
using GpuDiag.Reports.Tables;
using ParquetSharp;

namespace GpuDiag.Tests.Reports.Html;

/// <summary>Made-up predictions over classes of any names, scanned, and the page of the scan.</summary>
internal static class PagePredictions
{
    /// <summary>Names that a page could trip over: markup, quotes, another direction, line ends, length, nothing.</summary>
    public static readonly string[] HostileNames =
    [
        "<script>alert(1)</script>", "</script><img src=x onerror=alert(2)>", "\"'`&amp;${alert(3)}", "\u202Eright to left שלום", "two\nlines\tand tab", "🐈‍⬛ 猫 é", new('w', 10_000), "=1+1", "",
        "a=b*c", "100% & more", "__proto__", "constructor",
    ];

    /// <summary>Scans rows of these classes, in which a fifth is taken for the next class, and writes the files and the page into a folder.</summary>
    /// <returns>The page's path.</returns>
    public static string Write(string folder, IReadOnlyList<string> classes, int rows, bool probabilities = false)
    {
        string data = Path.Combine(folder, "predictions.parquet");
        List<Column> columns = [new Column<string>("id"), new Column<string>("label"), new Column<string>("pred"), new Column<string>("place"), new Column<string>("time")];
        columns.Add(probabilities ? new Column<float[]>("probs") : new Column<float>("confidence"));
        using (var file = new ParquetFileWriter(data, [.. columns]))
        {
            using var group = file.AppendRowGroup();
            Put(group, rows, i => $"{(i % 7 == 0 ? "=" : "")}row {i}");
            Put(group, rows, i => classes[Label(i, classes.Count)]);
            Put(group, rows, i => classes[Predicted(i, classes.Count)]);
            Put(group, rows, i => i % 15 == 0 ? "<b>fog</b>" : $"place {i % 4}");
            Put(group, rows, i => i % 2 == 0 ? "day" : "night");
            float Sure(int i) => 0.5f + (i % 49 / 100f);
            if (probabilities)
                Put(group, rows, i => Enumerable.Range(0, classes.Count).Select(c => c == Predicted(i, classes.Count) ? Sure(i) : (1 - Sure(i)) / (classes.Count - 1)).ToArray());
            else
                Put(group, rows, Sure);
            file.Close();
        }
        ScanFiles.Write(folder, Scan.Run(new ScanOptions { Inputs = [data], Threads = 2 }, null, default));
        return Page(folder);
    }

    /// <summary>Puts a map of all rows beside the other files, on a grid of 100 columns, and writes the page again.</summary>
    public static string AddMap(string folder, IReadOnlyList<string> classes, int rows)
    {
        using (var file = File.Create(Path.Combine(folder, "map.parquet")))
        {
            new Table<int>().Value("row", i => (long)i).Text("id", i => $"row {i}").Value("x", i => (double)(i % 100)).Value("y", i => (double)(i / 100))
                .Text("label", i => classes[Label(i, classes.Count)]).Text("pred", i => classes[Predicted(i, classes.Count)])
                .Value("correct", i => i % 5 != 0).Value("confidence", i => 0.5 + (i % 49 / 100.0)).Text("cause", i => i % 5 == 0 ? "unexplained" : null)
                .Optional("cluster", i => i % 100 < 50 ? 0 : (int?)null).Text("split", _ => "test").Value("loss", i => 1.0).Text("meta.time", i => i % 2 == 0 ? "day" : "night")
                .Write(file, Enumerable.Range(0, rows), default);
        }
        return Page(folder);
    }

    private static int Label(int row, int classes) => (int)((uint)(row * 2_654_435_761L >> 8) % (uint)classes);

    private static int Predicted(int row, int classes) => row % 5 == 0 ? (Label(row, classes) + 1 + (row % 3 == 0 ? 1 : 0)) % classes : Label(row, classes);

    /// <summary>Writes the page of a folder's files.</summary>
    public static string Page(string folder)
    {
        string page = Path.Combine(folder, "report.html");
        File.WriteAllText(page, ScanFiles.Page(folder));
        return page;
    }

    private static void Put<T>(RowGroupWriter group, int rows, Func<int, T> value)
    {
        using var column = group.NextColumn().LogicalWriter<T>();
        column.WriteBatch([.. Enumerable.Range(0, rows).Select(value)]);
    }
}
