using CsCheck;
using GpuDiag.Columns;
using GpuDiag.Columns.Parquet;
using GpuDiag.Columns.Parquet.Pages;

namespace GpuDiag.Tests.Columns.Pages;

/// <summary>The own page decoder gives back what ParquetSharp's writer was given, in every layout of pages.</summary>
public sealed class PagesSourceTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static readonly PageLayout[] AllLayouts =
    [
        .. from codec in new[] { "Uncompressed", "Snappy", "Zstd" }
           from version in new[] { 1, 2 }
           from dictionary in new[] { "on", "off", "small" }
           from nulls in new[] { "required", "none", "some", "all" }
           select new PageLayout(codec, version, dictionary, nulls),
    ];

    public static TheoryData<PageLayout> Layouts => new(AllLayouts);

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Layouts))]
    public void EveryLayout_ComesBackAsWritten(PageLayout layout)
    {
        int[] integers = [.. Enumerable.Range(0, 5000).Select(i => i < 1500 ? 7 : i * i % 613 - 20)];
        string path = folder["a.parquet"];
        PageFile file = PageFile.Write(path, layout, integers, groupRows: 3100);
        AssertEqual(path, file, capacity: 777);
    }

    [Fact]
    public void AnyValues_ComeBackInBatchesOfAnySize() =>
        Gen.Select(
            Gen.Select(Gen.Int[1, 60], Gen.Int[0, 300]).List[1, 40],
            Gen.Int[1, 100_000],
            Gen.Int[1, 2000],
            Gen.Int[0, AllLayouts.Length - 1],
            Gen.Int[100, 20_000]).Sample(
            (runs, distinct, capacity, layout, pageSize) =>
            {
                // Runs of one value and stretches of changing ones make the writer switch between its two encodings.
                int[] integers = [.. runs.SelectMany((run, i) => Enumerable.Range(0, run.Item2).Select(j => (i % 2 == 0 ? run.Item1 : (j * 7919) + run.Item1) % distinct))];
                string path = folder[$"{Guid.NewGuid()}.parquet"];
                PageFile file = PageFile.Write(path, AllLayouts[layout], integers, groupRows: 1 + (integers.Length * 2 / 3), pageSize: pageSize);
                AssertEqual(path, file, capacity);
                File.Delete(path);
            },
            iter: 60,
            threads: 1);

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public void Codes_WidenInTheMiddleOfABatch(string dictionary)
    {
        int[] integers = [.. Enumerable.Range(0, 70_500)];
        string path = folder["wide.parquet"];
        PageFile file = PageFile.Write(path, new PageLayout("Snappy", 1, dictionary, "some"), integers, groupRows: integers.Length, pageSize: 4096);
        AssertEqual(path, file, capacity: 70_400);
    }

    [Fact]
    public void Fields_AreThoseOfTheLibrary()
    {
        string path = folder["fields.parquet"];
        PageFile.Write(path, new PageLayout("Snappy", 1, "on", "some"), [1, 2, 3], groupRows: 3);
        using PagesSource own = Open(path);
        using NativeParquetSource native = new(path);
        Assert.Equal(native.Fields, own.Fields);
        Assert.Equal(native.ChunkRows, own.ChunkRows);
    }

    [Fact]
    public void ColumnsOfTheFallback_ComeRowForRowWithTheOwn()
    {
        string path = folder["mixed.parquet"];
        using (ParquetSharp.ParquetFileWriter writer = new(path, [new ParquetSharp.Column<int>("label"), new ParquetSharp.Column<float[]>("probs")]))
        {
            using (ParquetSharp.RowGroupWriter group = writer.AppendRowGroup())
            {
                using (ParquetSharp.LogicalColumnWriter<int> labels = group.NextColumn().LogicalWriter<int>())
                {
                    labels.WriteBatch([.. Enumerable.Range(0, 100).Select(i => i % 3)]);
                }

                using ParquetSharp.LogicalColumnWriter<float[]> probs = group.NextColumn().LogicalWriter<float[]>();
                probs.WriteBatch([.. Enumerable.Range(0, 100).Select(i => new float[] { i, i + 0.5f })]);
            }

            writer.Close();
        }

        int opened = 0;
        using PagesSource source = new(path, () =>
        {
            opened++;
            return new NativeParquetSource(path);
        });
        Domain domain = new("label");
        ColumnRequest[] requests = [new("probs", ColumnForm.Matrix), new("label", ColumnForm.Codes, domain)];
        using (source.Open([requests[1]]))
        {
            Assert.Equal(0, opened);
        }

        using IChunkReader reader = source.Open(requests);
        using Batch batch = new(requests, 33);
        reader.Start(0);
        int row = 0;
        while (reader.Read(batch) > 0)
        {
            for (int i = 0; i < batch.Rows; i++, row++)
            {
                Assert.Equal(row + 0.5f, ((MatrixColumn)batch.Columns[0]).Floats(batch.Rows)[(i * 2) + 1]);
                Assert.Equal($"{row % 3}", domain.Text(((CodeColumn)batch.Columns[1])[i]));
            }
        }

        Assert.Equal((100, 1), (row, opened));
    }

    [Theory]
    [InlineData(ParquetSharp.Compression.Gzip, ParquetSharp.Encoding.Plain)]
    [InlineData(ParquetSharp.Compression.Snappy, ParquetSharp.Encoding.DeltaBinaryPacked)]
    public void CodecsAndEncodingsItDoesNotKnow_ComeFromTheFallback(ParquetSharp.Compression codec, ParquetSharp.Encoding encoding)
    {
        string path = folder["other.parquet"];
        long[] values = [.. Enumerable.Range(0, 3000).Select(i => i * 3L % 1000)];
        using (ParquetSharp.WriterProperties properties = new ParquetSharp.WriterPropertiesBuilder().Compression(codec).DisableDictionary().Encoding(encoding).Build())
        using (ParquetSharp.ParquetFileWriter writer = new(path, [new ParquetSharp.Column<long>("v")], properties))
        {
            using (ParquetSharp.RowGroupWriter group = writer.AppendRowGroup())
            {
                using ParquetSharp.LogicalColumnWriter<long> column = group.NextColumn().LogicalWriter<long>();
                column.WriteBatch(values);
            }

            writer.Close();
        }

        bool opened = false;
        using PagesSource source = new(path, () =>
        {
            opened = true;
            return new NativeParquetSource(path);
        });
        Assert.Equal(values.Select(v => $"{v}"), Reading.Categories(source, "v"));
        Assert.True(opened);
    }

    [Fact]
    public void SteadyState_AllocatesNothingPerBatch()
    {
        string path = folder["steady.parquet"];
        int[] integers = [.. Enumerable.Range(0, 40_000).Select(i => i * 31 % 101)];
        PageFile.Write(path, new PageLayout("Uncompressed", 1, "on", "some"), integers, groupRows: 20_000);
        using PagesSource source = Open(path);
        ColumnRequest[] requests = [.. PageFile.Columns.Select(c =>
            c is "f" or "d" ? new ColumnRequest(c, ColumnForm.Numbers) : new ColumnRequest(c, ColumnForm.Codes, new Domain(c)))];
        using IChunkReader reader = source.Open(requests);
        using Batch batch = new(requests, 1000);
        reader.Start(0);
        while (reader.Read(batch) > 0)
        {
        }

        reader.Start(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (reader.Read(batch) > 0)
        {
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static PagesSource Open(string path) => new(path, () => throw new InvalidOperationException("the fallback is not needed"));

    private static void AssertEqual(string path, PageFile file, int capacity)
    {
        using PagesSource source = Open(path);
        int[] rows = [.. Enumerable.Range(0, file.Integers.Length)];
        foreach (string column in PageFile.Columns)
        {
            if (column is not ("f" or "d"))
            {
                string?[] texts = [.. rows.Select(row => file.Text(column, row))];
                Assert.Equal(texts, Reading.Categories(source, column, capacity));
                Assert.Equal(texts, Reading.Texts(source, column, capacity));
            }

            if (column != "s")
            {
                Assert.Equal(rows.Select(row => file.Number(column, row)), Reading.Numbers(source, column, capacity));
            }
        }
    }
}
