using Apache.Arrow;
using Apache.Arrow.Types;
using GpuDiag.Columns;
using GpuDiag.Columns.Arrow;
using ArrowBuffer = Apache.Arrow.ArrowBuffer;
using Field = Apache.Arrow.Field;

namespace GpuDiag.Tests.Columns;

/// <summary>What Apache.Arrow wrote comes back, in files and streams, plain and compressed.</summary>
public sealed class ArrowSourceTests : IDisposable
{
    private readonly TempFolder folder = new();

    public static TheoryData<string> Variants => ArrowFiles.Variants;

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Variants))]
    public void Strings_OfEveryLayoutAreCategories(string variant)
    {
        string?[] values = [.. Enumerable.Range(0, 300).Select(i => i % 5 == 1 ? null : i % 3 == 0 ? "a" : $"a rather long category name {i % 4}")];
        StringViewArray.Builder views = new();
        foreach (string? value in values)
        {
            views = value is null ? views.AppendNull() : views.Append(value);
        }

        StringArray text = ArrowFiles.Strings(values);
        ArrowBuffer offsets = ArrowFiles.Buffer(text.ValueOffsets.ToArray().Select(o => (long)o).ToArray());
        LargeStringArray large = new(values.Length, offsets, text.ValueBuffer, text.NullBitmapBuffer, text.NullCount);
        using ISource source = Open(variant, [("text", text), ("large", large), ("view", views.Build()), ("last", ArrowFiles.Strings(values))]);
        foreach (string name in new[] { "text", "large", "view", "last" })
        {
            Assert.Equal(FieldType.String, source.Fields.Single(f => f.Name == name).Type);
            Assert.Equal(values, Reading.Categories(source, name, capacity: 7));
            Assert.Equal(values, Reading.Texts(source, name));
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void Dictionaries_OfEveryIndexWidth(string variant)
    {
        StringArray values = ArrowFiles.Strings("cat", "dog", null);
        (string, IArrowArray)[] columns =
        [
            ("i8", new DictionaryArray(new DictionaryType(Int8Type.Default, StringType.Default, false), new Int8Array.Builder().Append(1).AppendNull().Append(0).Append(2).Build(), values)),
            ("u16", new DictionaryArray(new DictionaryType(UInt16Type.Default, StringType.Default, false), new UInt16Array.Builder().Append(1).AppendNull().Append(0).Append(2).Build(), values)),
            ("i32", new DictionaryArray(new DictionaryType(Int32Type.Default, StringType.Default, false), new Int32Array.Builder().Append(1).AppendNull().Append(0).Append(2).Build(), values)),
            ("i64", new DictionaryArray(new DictionaryType(Int32Type.Default, Int64Type.Default, false), new Int32Array.Builder().Append(1).AppendNull().Append(0).Append(0).Build(), new Int64Array.Builder().Append(-7).Append(1L << 40).Build())),
        ];
        using ISource source = Open(variant, columns);
        foreach (string name in new[] { "i8", "u16", "i32" })
        {
            Assert.Equal(["dog", null, "cat", null], Reading.Categories(source, name));
            Assert.Equal(["dog", null, "cat", null], Reading.Texts(source, name));
        }

        Assert.Equal(["1099511627776", null, "-7", "-7"], Reading.Categories(source, "i64"));
        Assert.Equal([1L << 40, double.NaN, -7, -7], Reading.Numbers(source, "i64"));
    }

    [Fact]
    public void Dictionaries_ReplacedInAStreamHoldFromThereOn()
    {
        byte[] Stream(string name, string[] values, sbyte index)
        {
            DictionaryType type = new(Int8Type.Default, StringType.Default, false);
            string path = ArrowFiles.Write(
                folder[name], "stream", [[("c", new DictionaryArray(type, new Int8Array.Builder().Append(index).Build(), ArrowFiles.Strings(values)))]]);
            return File.ReadAllBytes(path);
        }

        byte[] first = Stream("1", ["red", "green"], 1);
        byte[] second = Stream("2", ["blue", "black"], 0);
        int schema = 8 + BitConverter.ToInt32(second, 4);
        File.WriteAllBytes(folder["both"], [.. first[..^8], .. second[schema..]]);
        using ArrowSource source = new(folder["both"], isStream: true);
        Assert.Equal([1, 1], source.ChunkRows);
        Assert.Equal(["green", "blue"], Reading.Categories(source, "c"));
    }

    [Theory, MemberData(nameof(Variants))]
    public void Integers_OfAllWidthsShareTheirTexts(string variant)
    {
        (string, IArrowArray)[] columns =
        [
            ("i8", new Int8Array.Builder().Append(sbyte.MinValue).AppendNull().Append(sbyte.MaxValue).Build()),
            ("u8", new UInt8Array.Builder().Append(0).AppendNull().Append(byte.MaxValue).Build()),
            ("i16", new Int16Array.Builder().Append(short.MinValue).AppendNull().Append(short.MaxValue).Build()),
            ("u16", new UInt16Array.Builder().Append(0).AppendNull().Append(ushort.MaxValue).Build()),
            ("i32", new Int32Array.Builder().Append(int.MinValue).AppendNull().Append(int.MaxValue).Build()),
            ("u32", new UInt32Array.Builder().Append(0).AppendNull().Append(uint.MaxValue).Build()),
            ("i64", new Int64Array.Builder().Append(long.MinValue).AppendNull().Append(long.MaxValue).Build()),
            ("u64", new UInt64Array.Builder().Append(0).AppendNull().Append(ulong.MaxValue).Build()),
        ];
        string[] lows = ["-128", "0", "-32768", "0", "-2147483648", "0", "-9223372036854775808", "0"];
        string[] highs = ["127", "255", "32767", "65535", "2147483647", "4294967295", "9223372036854775807", "18446744073709551615"];
        using ISource source = Open(variant, columns);
        for (int i = 0; i < columns.Length; i++)
        {
            string name = columns[i].Item1;
            Assert.Equal([lows[i], null, highs[i]], Reading.Categories(source, name, capacity: 2));
            Assert.Equal([lows[i], null, highs[i]], Reading.Texts(source, name));
            Assert.Equal([double.Parse(lows[i]), double.NaN, double.Parse(highs[i])], Reading.Numbers(source, name));
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void NumbersAndTimes_ReadAsInParquet(string variant)
    {
        DateTimeOffset time = new(2024, 2, 29, 23, 59, 58, 250, TimeSpan.Zero);
        TimestampType micros = new(TimeUnit.Microsecond, "Europe/Berlin");
        TimestampType seconds = new(TimeUnit.Second, (string?)null);
        Decimal128Type number = new(20, 2);
        (string, IArrowArray)[] columns =
        [
            ("bool", new BooleanArray.Builder().Append(true).AppendNull().Append(false).Build()),
            ("float", ArrowFiles.Floats(0.1f, null, float.NaN)),
            ("double", new DoubleArray.Builder().Append(0.1).AppendNull().Append(double.MaxValue).Build()),
            ("half", new HalfFloatArray.Builder().Append((Half)0.5).AppendNull().Append(Half.MaxValue).Build()),
            ("decimal", new Decimal128Array.Builder(number).Append(1.5m).AppendNull().Append(-3m).Build()),
            ("date", new Date32Array.Builder().Append(new DateTime(1969, 12, 31)).AppendNull().Append(time.DateTime).Build()),
            ("date64", new Date64Array.Builder().Append(new DateTime(1969, 12, 31)).AppendNull().Append(time.DateTime.Date).Build()),
            ("micros", new TimestampArray.Builder(micros).Append(time).AppendNull().Append(time).Build()),
            ("seconds", new TimestampArray.Builder(seconds).Append(DateTimeOffset.UnixEpoch).AppendNull().Append(time).Build()),
            ("none", new NullArray(3)),
            ("bytes", new BinaryArray.Builder().Append([0xCA, 0xFE]).AppendNull().Append([]).Build()),
        ];
        using ISource source = Open(variant, columns);
        Assert.Equal(["true", null, "false"], Reading.Categories(source, "bool"));
        Assert.Equal([1, double.NaN, 0], Reading.Numbers(source, "bool", capacity: 2));
        Assert.Equal([0.1f, double.NaN, double.NaN], Reading.Numbers(source, "float"));
        Assert.Equal([0.1, double.NaN, double.MaxValue], Reading.Numbers(source, "double"));
        Assert.Equal([0.5, double.NaN, 65504], Reading.Numbers(source, "half"));
        Assert.Equal(["1.5", null, "-3"], Reading.Categories(source, "decimal"));
        Assert.Equal([1.5, double.NaN, -3], Reading.Numbers(source, "decimal"));
        Assert.Equal(["1969-12-31", null, "2024-02-29"], Reading.Categories(source, "date"));
        Assert.Equal(["1969-12-31", null, "2024-02-29"], Reading.Categories(source, "date64"));
        Assert.Equal(["2024-02-29T23:59:58.250Z", null, "2024-02-29T23:59:58.250Z"], Reading.Categories(source, "micros"));
        Assert.Equal(["1970-01-01T00:00:00", null, "2024-02-29T23:59:58"], Reading.Categories(source, "seconds"));
        Assert.Equal([null, null, null], Reading.Categories(source, "none"));
        Assert.Equal(["cafe", null, ""], Reading.Texts(source, "bytes"));
    }

    [Theory, MemberData(nameof(Variants))]
    public void Lists_AreMatrices(string variant)
    {
        Field item = new("item", FloatType.Default, true);
        ListType list = new(item);
        LargeListType large = new(item);
        FixedSizeListType square = new(item, 2);
        FloatArray cells = ArrowFiles.Floats(1, 2, null, 4);
        FloatArray plain = ArrowFiles.Floats(1, 2, 3, 4, 5, 6);
        ArrowBuffer middleNull = ArrowFiles.Buffer<byte>(0b101);
        (string, IArrowArray)[] columns =
        [
            ("list", new ListArray(list, 3, ArrowFiles.Buffer(0, 2, 2, 4), cells, middleNull, 1)),
            ("large", new LargeListArray(large, 3, ArrowFiles.Buffer(0L, 2, 2, 4), cells, middleNull, 1)),
            ("square", new FixedSizeListArray(square, 3, plain, middleNull, 1)),
            ("whole", new FixedSizeListArray(square, 3, plain, ArrowBuffer.Empty)),
            ("run", new ListArray(list, 3, ArrowFiles.Buffer(0, 2, 4, 6), plain, ArrowBuffer.Empty)),
        ];
        using ISource source = Open(variant, columns);
        Assert.Equal([[1, 2], [double.NaN, double.NaN], [double.NaN, 4]], Reading.Rows(source, "list"));
        Assert.Equal([[1, 2], [double.NaN, double.NaN], [double.NaN, 4]], Reading.Rows(source, "large", capacity: 1));
        Assert.Equal([[1, 2], [double.NaN, double.NaN], [5, 6]], Reading.Rows(source, "square", capacity: 2));
        Assert.Equal([[1, 2], [3, 4], [5, 6]], Reading.Rows(source, "whole", capacity: 2));
        Assert.Equal([[1, 2], [3, 4], [5, 6]], Reading.Rows(source, "run", capacity: 2));
        Assert.Equal(2, source.Fields.Single(f => f.Name == "whole").Width);
    }

    [Theory, MemberData(nameof(Variants))]
    public void IntegerLists_AreMatricesOfDoubles(string variant)
    {
        FixedSizeListType tokens = new(new Field("item", Int32Type.Default, true), 2);
        ListType big = new(new Field("item", UInt64Type.Default, true));
        using ISource source = Open(variant,
        [
            ("tokens", new FixedSizeListArray(tokens, 2, new Int32Array.Builder().Append(1).AppendNull().Append(-3).Append(4).Build(), ArrowBuffer.Empty)),
            ("big", new ListArray(big, 2, ArrowFiles.Buffer(0, 1, 2), new UInt64Array.Builder().Append(ulong.MaxValue).Append(7).Build(), ArrowBuffer.Empty)),
        ]);
        Assert.Equal([FieldType.Float64List, FieldType.Float64List], source.Fields.Select(f => f.Type));
        Assert.Equal([[1, double.NaN], [-3, 4]], Reading.Rows(source, "tokens"));
        Assert.Equal([[18446744073709551615.0], [7]], Reading.Rows(source, "big"));
    }

    [Fact]
    public void Lists_WithoutNullsAreBorrowedFromTheFile()
    {
        FixedSizeListType square = new(new Field("item", FloatType.Default, true), 2);
        using ISource source = Open("file", [("v", new FixedSizeListArray(square, 3, ArrowFiles.Floats(1, 2, 3, 4, 5, 6), ArrowBuffer.Empty))]);
        ColumnRequest request = new("v", ColumnForm.Matrix);
        using IChunkReader reader = source.Open([request]);
        using Batch batch = new([request], 1);
        MatrixColumn matrix = (MatrixColumn)batch.Columns[0];
        reader.Start(0);
        reader.Read(batch);
        nint first = matrix.Pointer;
        reader.Read(batch);
        Assert.Equal(first + (2 * sizeof(float)), matrix.Pointer);
    }

    [Theory, MemberData(nameof(Variants))]
    public void Lists_OfUnequalLengthAreRefusedByRow(string variant)
    {
        ListType list = new(new Field("item", FloatType.Default, true));
        string path = ArrowFiles.Write(
            folder["r"], variant,
            [("v", new ListArray(list, 1, ArrowFiles.Buffer(0, 2), ArrowFiles.Floats(1, 2), ArrowBuffer.Empty))],
            [("v", new ListArray(list, 1, ArrowFiles.Buffer(2, 3), ArrowFiles.Floats(1, 2, 3), ArrowBuffer.Empty))]);
        using ISource source = SourceCatalog.Open(path);
        InputException error = Assert.Throws<InputException>(() => Reading.Rows(source, "v"));
        Assert.Equal((path, "v"), (error.File, error.Column));
        Assert.Contains("row 1 has 1 value where others have 2", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Variants))]
    public void Batches_AreChunksAndNoRowsAreFine(string variant)
    {
        string path = ArrowFiles.Write(
            folder["b"], variant, [("v", ArrowFiles.Floats(1, 2))], [("v", ArrowFiles.Floats())], [("v", ArrowFiles.Floats(3, 4, 5))]);
        using ISource source = SourceCatalog.Open(path);
        Assert.Equal([2, 0, 3], source.ChunkRows);
        Assert.Equal([1, 2, 3, 4, 5], Reading.Numbers(source, "v", capacity: 2));
        using ISource empty = SourceCatalog.Open(ArrowFiles.Write(folder["e"], variant, [("v", ArrowFiles.Floats())]));
        Assert.Empty(Reading.Numbers(empty, "v"));
    }

    [Theory, MemberData(nameof(Variants))]
    public void NestedColumns_AreSteppedOver(string variant)
    {
        StructType pair = new([new Field("x", FloatType.Default, true), new Field("y", StringType.Default, true)]);
        IArrowArray structs = new StructArray(pair, 2, [ArrowFiles.Floats(1, 2), ArrowFiles.Strings("a", "b")], ArrowBuffer.Empty);
        StructType picture = new([new Field("bytes", BinaryType.Default, true), new Field("path", StringType.Default, true)]);
        IArrowArray images = new StructArray(picture, 2, [new BinaryArray.Builder().Append([1]).Append([2]).Build(), ArrowFiles.Strings("p", "q")], ArrowBuffer.Empty);
        using ISource source = Open(variant, [("pair", structs), ("image", images), ("after", ArrowFiles.Strings("u", "v"))]);
        Assert.Equal([FieldType.Unsupported, FieldType.Image, FieldType.String], source.Fields.Select(f => f.Type));
        Assert.Equal(["u", "v"], Reading.Categories(source, "after"));
        Assert.Contains("struct<x, y>", Assert.Throws<InputException>(() => Reading.Texts(source, "pair")).Message, StringComparison.Ordinal);
    }

    private ISource Open(string variant, (string Name, IArrowArray Values)[] columns) =>
        SourceCatalog.Open(ArrowFiles.Write(folder["data"], variant, columns));
}
