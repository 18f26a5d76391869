using System.Globalization;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using ParquetSharp;

namespace GpuDiag.Tests.Columns;

/// <summary>Rows that are passed over leave those after them as they are, in every reader and for every kind of value.</summary>
public sealed class SkipTests : IDisposable
{
    private const int Rows = 3000;

    private readonly TempFolder folder = new();

    public static TheoryData<string> Readers => ["native", "managed", "pages"];

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Readers))]
    public void ReadingSomeBatches_GivesTheirRows(string reader)
    {
        string path = Write();
        string[] columns = ["text", "unlike", "number", "flag", "whole", "dense"];
        ColumnRequest[] requests = [.. columns.Select(c => new ColumnRequest(c, ColumnForm.Text))];
        using var source = ParquetSourceTests.Open(reader, path);
        string?[][] all = [.. columns.Select(c => Reading.Texts(source, c).ToArray())];
        for (int seed = 0; seed < 20; seed++)
        {
            Random random = new(seed);
            using Batch batch = new(requests, random.Next(1, 400));
            using IChunkReader chunk = source.Open(requests);
            chunk.Start(0);
            for (int at = 0, rows; ; at += rows)
            {
                bool keep = random.Next(3) == 0;
                rows = keep ? chunk.Read(batch) : chunk.Skip(batch);
                if (rows == 0)
                {
                    Assert.Equal(Rows, at);
                    break;
                }

                for (int c = 0; c < columns.Length && keep; c++)
                {
                    Assert.Equal(all[c][at..(at + rows)], ((TextColumn)batch.Columns[c]).Values[..rows]);
                }
            }
        }
    }

    [Fact]
    public void ChosenRows_AreThoseAskedFor()
    {
        using Dataset data = Dataset.Open([Write(), Write("again.parquet")]);
        for (int seed = 0; seed < 20; seed++)
        {
            Random random = new(seed);
            long[] rows = [.. Enumerable.Range(0, 2 * Rows).Where(_ => random.Next(1 + (seed * 40)) == 0).Select(i => (long)i)];
            string?[] found = new string?[rows.Length];
            ChosenRows.Read(data, [new ColumnRequest("whole", ColumnForm.Text)], rows, random.Next(1, 300), 2, (at, batch, row) => found[at] = ((TextColumn)batch.Columns[0]).Values[row], default);
            Assert.Equal(rows.Select(r => Whole((int)(r % Rows))), found);
        }
    }

    private static string Whole(int row) => (row * 7919L).ToString(CultureInfo.InvariantCulture);

    private string Write(string name = "skip.parquet")
    {
        Random random = new(3);
        string path = folder[name];
        using WriterProperties properties = new WriterPropertiesBuilder().DictionaryPagesizeLimit(4_000).DataPagesize(1000).WriteBatchSize(100).Build();
        ParquetSharp.Column[] columns =
        [
            new Column<string?>("text"), new Column<string>("unlike"), new Column<double?>("number"), new Column<bool?>("flag"), new Column<long>("whole"), new Column<float>("dense"),
        ];
        using ParquetFileWriter file = new(path, columns, properties);
        using (RowGroupWriter group = file.AppendRowGroup())
        {
            Add(group, i => random.Next(4) == 0 ? null : $"kind {i / 50 % 7}");
            Add(group, i => $"{i} {random.NextInt64()}");
            Add(group, i => random.Next(3) == 0 ? (double?)null : random.NextDouble());
            Add(group, i => i % 100 < 50 ? (bool?)null : i % 3 == 0);
            Add(group, i => i * 7919L);
            Add(group, i => (float)(i % 5));
        }

        file.Close();
        return path;
    }

    private static void Add<T>(RowGroupWriter group, Func<int, T> value)
    {
        using LogicalColumnWriter<T> writer = group.NextColumn().LogicalWriter<T>();
        writer.WriteBatch([.. Enumerable.Range(0, Rows).Select(value)]);
    }
}
