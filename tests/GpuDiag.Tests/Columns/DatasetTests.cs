using GpuDiag.Columns;
using ParquetSharp;

namespace GpuDiag.Tests.Columns;

public sealed class DatasetTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Folder_IsItsDataFilesInOrdinalOrder()
    {
        Directory.CreateDirectory(folder["d/sub"]);
        Directory.CreateDirectory(folder["d/.hidden"]);
        foreach (string name in new[] { "d/b.parquet", "d/a.parquet", "d/sub/c.parquet", "d/_metadata.parquet", "d/.hidden/x.parquet" })
        {
            Write(name, 1);
        }

        File.WriteAllText(folder["d/notes.txt"], "no data");
        using Dataset data = Dataset.Open([folder["d"], folder["d/a.parquet"]]);
        Assert.Equal(["a.parquet", "b.parquet", "c.parquet"], data.Files.Select(f => Path.GetFileName(f.Path)));
    }

    [Fact]
    public void Pattern_MatchesFilesAndFolders()
    {
        Directory.CreateDirectory(folder["x/y"]);
        Write("x/1.parquet", 1);
        Write("x/y/2.parquet", 1);
        using Dataset flat = Dataset.Open([folder["x/*.parquet"]]);
        Assert.Single(flat.Files);
        using Dataset deep = Dataset.Open([folder["x/**/*.parquet"]]);
        Assert.Equal(2, deep.Files.Count);
        Assert.Contains("no file matches", Assert.Throws<InputException>(() => Dataset.Open([folder["x/*.arrow"]])).Message, StringComparison.Ordinal);
        Assert.Equal(folder["nowhere"], Assert.Throws<InputException>(() => Dataset.Open([folder["nowhere"]])).File);
    }

    [Fact]
    public void Rows_RunOnFromFileToFile()
    {
        Write("a.parquet", 1, 2, 3);
        Write("b.parquet");
        Write("c.parquet", 4, 5);
        using Dataset data = Dataset.Open([folder.Root]);
        Assert.Equal(5, data.Rows);
        Assert.Equal([(0, 0L, 3L), (2, 3L, 2L)], data.Chunks.Select(c => (c.File, c.FirstRow, c.Rows)));
        Assert.Equal([(0L, 1.0), (2, 3), (3, 4)], Read(data, "v", capacity: 2).Select(b => (b.FirstRow, b.First)));
    }

    [Fact]
    public void Files_MayDifferInWidthsAndNullability()
    {
        Write("a.parquet", 1, 2);
        WriteColumn<long?>("b.parquet", "v", 7, null);
        WriteColumn("c.parquet", "v", (byte)3);
        using Dataset data = Dataset.Open([folder.Root]);
        Assert.Equal(5, data.Rows);
        Assert.Equal(FieldType.Integer, data.Fields[0].Type);
        WriteColumn("f32/a.parquet", "p", 0.5f);
        WriteColumn("f32/b.parquet", "p", 0.25);
        using Dataset mixed = Dataset.Open([folder["f32"]]);
        Assert.Equal(FieldType.Float64, mixed.Fields[0].Type);
        Assert.Equal([0.5, 0.25], Read(mixed, "p").Select(b => b.First));
    }

    [Fact]
    public void Formats_MayBeMixedAndAreToldByContent()
    {
        WriteColumn<float?>("a.parquet", "p", 1);
        ArrowFiles.Write(folder["b.parquet"], "file", [("p", ArrowFiles.Floats(2))]);
        ArrowFiles.Write(folder["c.arrow"], "stream", [("p", ArrowFiles.Floats(3))]);
        using Dataset data = Dataset.Open([folder.Root]);
        Assert.Equal([1, 2, 3], Read(data, "p").Select(b => b.First));
    }

    [Fact]
    public void NpyFiles_AreADatasetOfOneColumn()
    {
        NpyTests.Write(folder["a.npy"], "<f4", "(2, 2)", [1f, 2, 3, 4]);
        NpyTests.Write(folder["b.npy"], "<f8", "(1, 2)", [5.0, 6]);
        using Dataset data = Dataset.Open([folder["*.npy"]]);
        Assert.Equal(("embedding", FieldType.Float64List, 3L), (data.Fields.Single().Name, data.Fields.Single().Type, data.Rows));
        using ISource source = SourceCatalog.Open(folder["a.npy"]);
        Assert.Equal([[1, 2], [3, 4]], Reading.Rows(source, "embedding", 1));
    }

    [Fact]
    public void SchemasThatDiffer_AreRefusedWithBothFiles()
    {
        string first = Write("a.parquet", 1);
        string second = WriteColumn("b.parquet", "v", "text");
        InputException type = Assert.Throws<InputException>(() => Dataset.Open([folder.Root]));
        Assert.Equal((second, "v"), (type.File, type.Column));
        Assert.Contains(first, type.Message, StringComparison.Ordinal);
        File.Delete(second);
        string other = WriteColumn("c.parquet", "w", 1);
        InputException name = Assert.Throws<InputException>(() => Dataset.Open([folder.Root]));
        Assert.Equal((other, "v"), (name.File, name.Column));
    }

    [Fact]
    public void UnreadableFiles_CanBeLeftOut()
    {
        Write("a.parquet", 1);
        File.WriteAllText(folder["b.parquet"], "not parquet at all");
        Assert.Throws<InputException>(() => Dataset.Open([folder.Root]));
        using Dataset data = Dataset.Open([folder.Root], skipUnreadable: true);
        Assert.Equal(folder["b.parquet"], Assert.Single(data.Skipped).Path);
        File.Delete(folder["a.parquet"]);
        Assert.Throws<InputException>(() => Dataset.Open([folder.Root], skipUnreadable: true));
    }

    [Fact]
    public void MoreFilesThanAreKeptOpen_AreAllRead()
    {
        for (int i = 0; i < 210; i++)
        {
            Write($"{i:000}.parquet", i);
        }

        using Dataset data = Dataset.Open([folder.Root]);
        Assert.Equal(Enumerable.Range(0, 210).Select(i => (double)i), Read(data, "v").Select(b => b.First));
    }

    [Fact]
    public void Sidecar_IsAlignedByRowAcrossFiles()
    {
        Write("a.parquet", 1, 2, 3);
        Write("b.parquet", 4, 5);
        float[] cells = [.. Enumerable.Range(0, 10).Select(i => i * 0.5f)];
        NpyTests.Write(folder["p.npy"], "<f4", "(5, 2)", cells);
        using Dataset data = Dataset.Open([folder.Root]);
        data.Attach(folder["p.npy"], "probs");
        Assert.Equal(new Field("probs", FieldType.Float32List, "list<float32>", 2), data.Fields[^1]);
        ColumnRequest[] requests = [new("probs", ColumnForm.Matrix), new("v", ColumnForm.Numbers)];
        using DatasetReader reader = data.Open(requests);
        using Batch batch = new(requests, 2);
        List<float> seen = [];
        foreach (int chunk in new[] { 0, 1 })
        {
            reader.Start(chunk);
            while (reader.Read(batch) > 0)
            {
                Assert.Equal(batch.FirstRow + 1, ((NumberColumn)batch.Columns[1])[0]);
                seen.AddRange(((MatrixColumn)batch.Columns[0]).Floats(batch.Rows));
            }
        }

        Assert.Equal(cells, seen);
        NpyTests.Write(folder["short.npy"], "<f4", "(4,)", new float[4]);
        Assert.Contains("4 rows where the data has 5", Assert.Throws<InputException>(() => data.Attach(folder["short.npy"], "s")).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => data.Attach(folder["p.npy"], "v"));
    }

    [Fact]
    public void ListsOfOtherLengthInAnotherFile_AreRefused()
    {
        WriteColumn<float[]>("a.parquet", "p", [[1, 2]]);
        WriteColumn<float[]>("b.parquet", "p", [[1, 2, 3]]);
        using Dataset data = Dataset.Open([folder.Root]);
        ColumnRequest[] requests = [new("p", ColumnForm.Matrix)];
        using DatasetReader reader = data.Open(requests);
        using Batch batch = new(requests);
        reader.Start(0);
        reader.Read(batch);
        reader.Start(1);
        Assert.Equal(folder["b.parquet"], Assert.Throws<InputException>(() => reader.Read(batch)).File);
    }

    private static IEnumerable<(long FirstRow, double First)> Read(Dataset data, string column, int capacity = 100)
    {
        ColumnRequest[] requests = [new(column, ColumnForm.Numbers)];
        using DatasetReader reader = data.Open(requests);
        using Batch batch = new(requests, capacity);
        for (int chunk = 0; chunk < data.Chunks.Count; chunk++)
        {
            reader.Start(chunk);
            while (reader.Read(batch) > 0)
            {
                yield return (batch.FirstRow, ((NumberColumn)batch.Columns[0])[0]);
            }
        }
    }

    private string Write(string name, params int[] values) => WriteColumn(name, "v", values);

    private string WriteColumn<T>(string name, string column, params T[] values)
    {
        string path = folder[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using ParquetFileWriter writer = new(path, [new Column<T>(column)]);
        using (RowGroupWriter group = writer.AppendRowGroup())
        {
            using LogicalColumnWriter<T> rows = group.NextColumn().LogicalWriter<T>();
            rows.WriteBatch(values);
        }

        writer.Close();
        return path;
    }
}
