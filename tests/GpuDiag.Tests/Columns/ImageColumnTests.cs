using Apache.Arrow;
using Apache.Arrow.Types;
using GpuDiag.Columns;
using GpuDiag.Columns.Parquet;
using Parquet;
using Parquet.Schema;
using Field = Apache.Arrow.Field;
using ParquetSchema = Parquet.Schema.ParquetSchema;

namespace GpuDiag.Tests.Columns;

/// <summary>Images come as bytes, as paths, and as {bytes, path} structs, from every reader alike.</summary>
public sealed class ImageColumnTests : IDisposable
{
    // A whole struct; bytes alone; a path alone; neither; a null struct.
    private static readonly (byte[]? Bytes, string? Path)[] Rows = [([1, 2, 3], "a.png"), ([4], null), (null, "ü/b.png"), (null, null), (null, null)];

    private readonly TempFolder folder = new();

    public static TheoryData<string> Variants => ArrowFiles.Variants;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("library")]
    [InlineData("managed")]
    public async Task ParquetStruct_GivesBytesAndPaths(string reader)
    {
        var bytes = new DataField<byte[]>("bytes");
        var path = new DataField<string>("path");
        var number = new DataField<int>("number");
        var schema = new ParquetSchema(new StructField("image", new DataField<int>("width"), bytes, path), number);
        await using (var stream = File.Create(folder["i.parquet"]))
        {
            await using var writer = await ParquetWriter.CreateAsync(schema, stream);
            using var group = writer.CreateRowGroup();
            var leaves = schema.DataFields;
            // Level 1: the struct is there; 2: so is the optional field. Only the last row has no struct.
            await group.WriteAllPartsAsync<int>(leaves[0], new[] { 9, 9, 9, 9 }, new[] { 1, 1, 1, 1, 0 }, null, default);
            await group.WriteAllPartsAsync<ReadOnlyMemory<byte>>(leaves[1], new ReadOnlyMemory<byte>[] { Rows[0].Bytes, Rows[1].Bytes }, new[] { 2, 2, 1, 1, 0 }, null, default);
            await group.WriteAllPartsAsync<ReadOnlyMemory<char>>(leaves[2], new[] { Rows[0].Path.AsMemory(), Rows[2].Path.AsMemory() }, new[] { 2, 1, 2, 1, 0 }, null, default);
            await group.WriteAsync<int>(leaves[3], new[] { 1, 2, 3, 4, 5 });
        }
        using ISource source = reader == "managed" ? new ManagedParquetSource(folder["i.parquet"]) : ParquetSource.Open(folder["i.parquet"]);
        AssertImages(Rows, source, "image");
        Assert.Equal([1.0, 2, 3, 4, 5], Reading.Numbers(source, "number"));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void ArrowStruct_GivesBytesAndPaths(string variant)
    {
        var type = new StructType([new Field("bytes", BinaryType.Default, true), new Field("path", StringType.Default, true)]);
        var bytes = new BinaryArray.Builder();
        foreach (var row in Rows)
            _ = row.Bytes is null ? bytes.AppendNull() : bytes.Append(row.Bytes.AsSpan());
        var paths = ArrowFiles.Strings([.. Rows.Select(r => r.Path)]);
        var image = new StructArray(type, Rows.Length, [bytes.Build(), paths], ArrowFiles.Buffer<byte>(0b01111), nullCount: 1);
        ArrowFiles.Write(folder["i.arrow"], variant, [("image", image), ("text", paths)]);
        using ISource source = SourceCatalog.Open(folder["i.arrow"]);
        AssertImages(Rows, source, "image");
        AssertImages([.. Rows.Select(r => ((byte[]?)null, r.Path))], source, "text");
    }

    [Fact]
    public void BytesAndTextAlone_AreImagesToo()
    {
        using (ParquetSharp.ParquetFileWriter writer = new(folder["b.parquet"], [new ParquetSharp.Column<byte[]>("b"), new ParquetSharp.Column<string>("s")]))
        {
            using var group = writer.AppendRowGroup();
            using (var column = group.NextColumn().LogicalWriter<byte[]>())
                column.WriteBatch([.. Rows.Select(r => r.Bytes!)]);
            using (var column = group.NextColumn().LogicalWriter<string>())
                column.WriteBatch([.. Rows.Select(r => r.Path!)]);
        }
        using ISource source = SourceCatalog.Open(folder["b.parquet"]);
        AssertImages([.. Rows.Select(r => (r.Bytes, (string?)null))], source, "b");
        AssertImages([.. Rows.Select(r => ((byte[]?)null, r.Path))], source, "s");
    }

    [Fact]
    public void Numbers_AreNoImages()
    {
        File.Copy(ArrowFiles.Write(folder["n.arrow"], "file", [("x", ArrowFiles.Floats(1, 2))]), folder["m.arrow"]);
        using ISource source = SourceCatalog.Open(folder["m.arrow"]);
        var fault = Assert.Throws<InputException>(() => source.Open([new ColumnRequest("x", ColumnForm.Image)]));
        Assert.Contains("cannot be read as images", fault.Message, StringComparison.Ordinal);
    }

    private static void AssertImages((byte[]? Bytes, string? Path)[] expected, ISource source, string column)
    {
        foreach (int capacity in (int[])[1, 2, 100])
        {
            var read = Reading.Read(source, new ColumnRequest(column, ColumnForm.Image), capacity, (c, row) => (((ImageColumn)c).Bytes[row], ((ImageColumn)c).Paths[row]));
            Assert.Equal(expected.Select(e => e.Path), read.Select(r => r.Item2));
            Assert.Equal(expected.Select(e => e.Bytes), read.Select(r => r.Item1));
        }
    }
}
