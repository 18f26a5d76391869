using GpuDiag.Columns;
using ParquetSharp;
using ParquetSharp.Schema;

namespace GpuDiag.Tests.Columns;

/// <summary>Lists in every layout that writers use become matrices; nested types are listed and refused.</summary>
public sealed class ParquetListTests : IDisposable
{
    private static readonly double[][] Expected = [[1, 2, 3], [4, double.NaN, 6], [double.NaN, double.NaN, double.NaN], [7, 8, 9]];

    private readonly TempFolder folder = new();

    public static TheoryData<string> Readers => ParquetSourceTests.Readers;

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Readers))]
    public void ThreeLevels_WithNullRowsAndElements(string reader)
    {
        string path = WriteLevels(
            Group("list", Repetition.Optional, LogicalType.List(), Group("list", Repetition.Repeated, null, Float("element", Repetition.Optional))),
            [3, 3, 3, 3, 2, 3, 0, 3, 3, 3], [0, 1, 1, 0, 1, 1, 0, 0, 1, 1], [1, 2, 3, 4, 6, 7, 8, 9]);
        AssertMatrix(reader, path, "list", Expected);
    }

    [Theory, MemberData(nameof(Readers))]
    public void ThreeLevels_AllRequired(string reader)
    {
        string path = WriteLevels(
            Group("v", Repetition.Required, LogicalType.List(), Group("list", Repetition.Repeated, null, Float("item", Repetition.Required))),
            [1, 1, 1, 1], [0, 1, 0, 1], [1, 2, 3, 4]);
        AssertMatrix(reader, path, "v", [[1, 2], [3, 4]]);
    }

    [Theory, MemberData(nameof(Readers))]
    public void TwoLevels_AsOldWritersWroteThem(string reader)
    {
        string path = WriteLevels(
            Group("v", Repetition.Optional, LogicalType.List(), Float("array", Repetition.Repeated)),
            [2, 2, 0, 2, 2], [0, 1, 0, 0, 1], [1, 2, 3, 4]);
        AssertMatrix(reader, path, "v", [[1, 2], [double.NaN, double.NaN], [3, 4]]);
    }

    [Theory, MemberData(nameof(Readers))]
    public void OneLevel_ARepeatedValue(string reader)
    {
        string path = WriteLevels(Float("v", Repetition.Repeated), [1, 1, 1, 1], [0, 1, 0, 1], [1, 2, 3, 4]);
        AssertMatrix(reader, path, "v", [[1, 2], [3, 4]]);
    }

    [Theory, MemberData(nameof(Readers))]
    public void LongLists_OverManyPagesBatchesAndGroups(string reader)
    {
        double[][] rows = [.. Enumerable.Range(0, 700).Select(i => i % 50 == 3 ? null : Enumerable.Range(0, 333).Select(j => (i * 333.0) + j).ToArray()).Select(r => r!)];
        string path = folder["long.parquet"];
        using (WriterProperties properties = new WriterPropertiesBuilder().DataPagesize(10_000).DisableDictionary().Build())
        using (ParquetFileWriter writer = new(path, [new Column<double[]?>("v")], properties))
        {
            foreach (double[][] part in new[] { rows[..300], rows[300..] })
            {
                using RowGroupWriter group = writer.AppendRowGroup();
                using LogicalColumnWriter<double[]?> values = group.NextColumn().LogicalWriter<double[]?>();
                values.WriteBatch(part);
            }

            writer.Close();
        }

        double[][] expected = [.. rows.Select(r => r ?? [.. Enumerable.Repeat(double.NaN, 333)])];
        using ISource source = ParquetSourceTests.Open(reader, path);
        Assert.Equal(FieldType.Float64List, source.Fields[0].Type);
        Assert.Equal(expected, Reading.Rows(source, "v", capacity: 64));
    }

    [Theory, MemberData(nameof(Readers))]
    public void NullRowsBeforeTheFirstList_TakeItsWidth(string reader)
    {
        using ISource source = ParquetSourceTests.Open(reader, WriteRows([null, null, null, [1, 2]]));
        Assert.Equal([[], []], Reading.Rows(source, "v", capacity: 2)[..2]);
        Assert.Equal([1, 2], Reading.Rows(source, "v", capacity: 2)[3]);
        Assert.Equal([double.NaN, double.NaN], Reading.Rows(source, "v", capacity: 10)[0]);
    }

    [Theory, MemberData(nameof(Readers))]
    public void RowsOfUnequalLength_AreRefusedByRow(string reader)
    {
        AssertRefused(reader, [[1, 2], [3]], "row 1 has 1 value where others have 2");
        AssertRefused(reader, [[1, 2], [3, 4, 5]], "row 1 has more values where others have 2");
        AssertRefused(reader, [[1, 2], null, []], "row 2 has 0 values where others have 2");
        AssertRefused(reader, [null, []], "row 1 has an empty list");
    }

    [Theory, MemberData(nameof(Readers))]
    public void ArrowListTypes_AreLists(string reader)
    {
        string path = folder["arrow.parquet"];
        Apache.Arrow.FloatArray cells = new Apache.Arrow.FloatArray.Builder().AppendRange([1, 2, 3, 4, 5, 6]).Build();
        Apache.Arrow.Field item = new("item", Apache.Arrow.Types.FloatType.Default, true);
        Apache.Arrow.Types.ListType list = new(item);
        Apache.Arrow.Types.FixedSizeListType fixedList = new(item, 3);
        Apache.Arrow.ArrowBuffer offsets = new Apache.Arrow.ArrowBuffer.Builder<int>().AppendRange([0, 3, 6]).Build();
        Apache.Arrow.Schema schema = new([new("list", list, true), new("fixed", fixedList, true)], null);
        using (Apache.Arrow.RecordBatch batch = new(schema, [new Apache.Arrow.ListArray(list, 2, offsets, cells, Apache.Arrow.ArrowBuffer.Empty), new Apache.Arrow.FixedSizeListArray(fixedList, 2, cells, Apache.Arrow.ArrowBuffer.Empty)], 2))
        using (ParquetSharp.Arrow.FileWriter writer = new(path, schema))
        {
            writer.WriteRecordBatch(batch);
            writer.Close();
        }

        AssertMatrix(reader, path, "list", [[1, 2, 3], [4, 5, 6]]);
        AssertMatrix(reader, path, "fixed", [[1, 2, 3], [4, 5, 6]]);
    }

    [Theory, MemberData(nameof(Readers))]
    public void IntegerLists_AreMatricesOfDoubles(string reader)
    {
        string path = folder["integers.parquet"];
        using (ParquetFileWriter writer = new(path, [new Column<int?[]>("tokens"), new Column<byte[]>("no"), new Column<ulong[]>("big"), new Column<sbyte[]>("small")]))
        {
            using (RowGroupWriter group = writer.AppendRowGroup())
            {
                using (LogicalColumnWriter<int?[]> column = group.NextColumn().LogicalWriter<int?[]>())
                    column.WriteBatch([[1, -2], null!, [null, 4]]);
                using (LogicalColumnWriter<byte[]> column = group.NextColumn().LogicalWriter<byte[]>())
                    column.WriteBatch([[1], [2], [3]]);
                using (LogicalColumnWriter<ulong[]> column = group.NextColumn().LogicalWriter<ulong[]>())
                    column.WriteBatch([[ulong.MaxValue], [0], [1]]);
                using (LogicalColumnWriter<sbyte[]> column = group.NextColumn().LogicalWriter<sbyte[]>())
                    column.WriteBatch([[-128], [0], [127]]);
            }

            writer.Close();
        }

        using ISource source = ParquetSourceTests.Open(reader, path);
        Assert.Equal([FieldType.Float64List, FieldType.Binary, FieldType.Float64List, FieldType.Float64List], source.Fields.Select(f => f.Type));
        Assert.Equal([[1, -2], [double.NaN, double.NaN], [double.NaN, 4]], Reading.Rows(source, "tokens"));
        Assert.Equal([[1, -2], [double.NaN, double.NaN], [double.NaN, 4]], Reading.Rows(source, "tokens", capacity: 1));
        Assert.Equal([[18446744073709551615.0], [0], [1]], Reading.Rows(source, "big"));
        Assert.Equal([[-128.0], [0], [127]], Reading.Rows(source, "small"));
    }

    [Theory, MemberData(nameof(Readers))]
    public void NestedTypes_AreListedAndRefused(string reader)
    {
        PrimitiveNode bytes = new("bytes", Repetition.Optional, LogicalType.None(), PhysicalType.ByteArray);
        PrimitiveNode text = new("path", Repetition.Optional, LogicalType.String(), PhysicalType.ByteArray);
        string path = folder["nested.parquet"];
        using (GroupNode root = Group(
            "schema", Repetition.Required, null,
            Group("image", Repetition.Optional, null, bytes, text),
            Group("pair", Repetition.Optional, null, Float("x", Repetition.Required), Float("y", Repetition.Required)),
            Float("score", Repetition.Required)))
        using (WriterProperties properties = new WriterPropertiesBuilder().Build())
        using (ParquetFileWriter writer = new(path, root, properties))
        {
            using (RowGroupWriter group = writer.AppendRowGroup())
            {
                ((ColumnWriter<ByteArray>)group.NextColumn()).WriteBatch(1, [0], [], []);
                ((ColumnWriter<ByteArray>)group.NextColumn()).WriteBatch(1, [0], [], []);
                ((ColumnWriter<float>)group.NextColumn()).WriteBatch(1, [0], [], []);
                ((ColumnWriter<float>)group.NextColumn()).WriteBatch(1, [0], [], []);
                ((ColumnWriter<float>)group.NextColumn()).WriteBatch([0.5f]);
            }

            writer.Close();
        }

        using ISource source = ParquetSourceTests.Open(reader, path);
        Assert.Equal([FieldType.Image, FieldType.Unsupported, FieldType.Float32], source.Fields.Select(f => f.Type));
        Assert.Equal([0.5], Reading.Numbers(source, "score"));
        Assert.Contains("struct<x, y>", Assert.Throws<InputException>(() => Reading.Numbers(source, "pair")).Message, StringComparison.Ordinal);
        Assert.Equal("image", Assert.Throws<InputException>(() => Reading.Texts(source, "image")).Column);
    }

    private static void AssertMatrix(string reader, string path, string column, double[][] expected)
    {
        using ISource source = ParquetSourceTests.Open(reader, path);
        Assert.Equal(FieldType.Float32List, source.Fields.Single(f => f.Name == column).Type);
        Assert.Equal(expected, Reading.Rows(source, column));
        Assert.Equal(expected, Reading.Rows(source, column, capacity: 1));
    }

    private static PrimitiveNode Float(string name, Repetition repetition) => new(name, repetition, LogicalType.None(), PhysicalType.Float);

    private static GroupNode Group(string name, Repetition repetition, LogicalType? type, params Node[] children) =>
        new(name, repetition, children, type);

    private void AssertRefused(string reader, float[]?[] rows, string message)
    {
        string path = WriteRows(rows);
        using ISource source = ParquetSourceTests.Open(reader, path);
        InputException error = Assert.Throws<InputException>(() => Reading.Rows(source, "v"));
        Assert.Equal((path, "v"), (error.File, error.Column));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private string WriteRows(float[]?[] rows)
    {
        string path = folder["rows.parquet"];
        using ParquetFileWriter writer = new(path, [new Column<float[]?>("v")]);
        using (RowGroupWriter group = writer.AppendRowGroup())
        {
            using LogicalColumnWriter<float[]?> values = group.NextColumn().LogicalWriter<float[]?>();
            values.WriteBatch(rows);
        }

        writer.Close();
        return path;
    }

    private string WriteLevels(Node column, short[] definition, short[] repetition, float[] values)
    {
        string path = folder["levels.parquet"];
        using GroupNode root = Group("schema", Repetition.Required, null, column);
        using WriterProperties properties = new WriterPropertiesBuilder().Build();
        using ParquetFileWriter writer = new(path, root, properties);
        using (RowGroupWriter group = writer.AppendRowGroup())
        {
            ((ColumnWriter<float>)group.NextColumn()).WriteBatch(definition.Length, definition, repetition, values);
        }

        writer.Close();
        return path;
    }
}
