using GpuDiag.Columns;
using GpuDiag.Reports.Tables;
using GpuDiag.Tests.Columns;
using GpuDiag.Tests.Columns.Pages;
using Parquet;
using ParquetSharp;

namespace GpuDiag.Tests.Reports;

/// <summary>Tables read back by both libraries and by our own reader, whatever the nulls and repetitions.</summary>
public sealed class TableTests : IDisposable
{
    private static readonly Table<Row> Everything = new Table<Row>()
        .Value("number", r => r.Number)
        .Value("small", r => (int)r.Number)
        .Value("flag", r => r.Number % 3 == 0)
        .Value("real", r => r.Number / 7.0)
        .Optional("maybe", r => r.Present ? r.Number : (long?)null)
        .Optional("maybe_flag", r => r.Present ? r.Number % 3 == 0 : (bool?)null)
        .Optional("maybe_real", r => r.Present ? r.Number / 7.0 : (double?)null)
        .Text("text", r => r.Present ? r.Text : null);

    private readonly TempFolder folder = new();

    public static TheoryData<int, string, string> Shapes => new()
    {
        { 0, "some", "few" }, { 1, "all", "few" }, { 1, "none", "few" }, { 7, "some", "unique" }, { 1000, "none", "unique" },
        { 1000, "some", "few" }, { 1000, "all", "one" }, { 5000, "some", "unique" }, { 131_073, "some", "few" }, { 140_000, "none", "one" },
    };

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Shapes))]
    public async Task EveryColumn_ReadsBack(int count, string present, string texts)
    {
        Row[] rows = [.. Enumerable.Range(0, count).Select(i => new Row(
            i * 31L,
            present switch { "all" => true, "none" => false, _ => i % 5 != 2 },
            texts switch { "one" => "é", "few" => $"value {i % 21}", _ => $"value {i}" }))];
        string path = folder["table.parquet"];
        await using (FileStream stream = File.Create(path))
        {
            Everything.Write(stream, rows, CancellationToken.None);
        }

        using ParquetFileReader reader = new(path);
        Assert.Equal(count, reader.FileMetaData.NumRows);
        Assert.Equal(rows.Select(r => r.Number), Read<long>(reader, 0));
        Assert.Equal(rows.Select(r => (int)r.Number), Read<int>(reader, 1));
        Assert.Equal(rows.Select(r => r.Number % 3 == 0), Read<bool>(reader, 2));
        Assert.Equal(rows.Select(r => r.Number / 7.0), Read<double>(reader, 3));
        Assert.Equal(rows.Select(r => r.Present ? r.Number : (long?)null), Read<long?>(reader, 4));
        Assert.Equal(rows.Select(r => r.Present ? r.Number % 3 == 0 : (bool?)null), Read<bool?>(reader, 5));
        Assert.Equal(rows.Select(r => r.Present ? r.Number / 7.0 : (double?)null), Read<double?>(reader, 6));
        Assert.Equal(rows.Select(r => r.Present ? r.Text : null), Read<string?>(reader, 7));

        await using ParquetReader other = await ParquetReader.CreateAsync(path);
        Assert.Equal(["number", "small", "flag", "real", "maybe", "maybe_flag", "maybe_real", "text"], other.Schema.GetDataFields().Select(f => f.Name));
        if (count > 0)
        {
            using ISource ours = PagesSourceTests.Open(path);
            Assert.Equal(rows.Select(r => r.Present ? r.Text : null), Reading.Categories(ours, "text"));
            Assert.Equal(rows.Select(r => r.Present ? r.Number / 7.0 : double.NaN), Reading.Numbers(ours, "maybe_real"));
        }
    }

    private static List<T> Read<T>(ParquetFileReader reader, int column)
    {
        List<T> values = [];
        for (int g = 0; g < reader.FileMetaData.NumRowGroups; g++)
        {
            using RowGroupReader group = reader.RowGroup(g);
            values.AddRange(group.Column(column).LogicalReader<T>().ReadAll((int)group.MetaData.NumRows));
        }

        return values;
    }

    private sealed record Row(long Number, bool Present, string Text);
}
