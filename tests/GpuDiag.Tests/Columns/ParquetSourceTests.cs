using GpuDiag.Columns;
using GpuDiag.Columns.Parquet;
using ParquetSharp;
using ParquetSharp.Schema;

namespace GpuDiag.Tests.Columns;

/// <summary>Every Parquet reader gives the same values for what ParquetSharp's writer wrote.</summary>
public sealed class ParquetSourceTests : IDisposable
{
    private readonly TempFolder folder = new();

    public static TheoryData<string> Readers => ["native", "managed", "pages"];

    public void Dispose() => folder.Dispose();

    internal static ISource Open(string reader, string path) =>
        reader switch
        {
            "managed" => new ManagedParquetSource(path),
            "native" => new NativeParquetSource(path),
            _ => ParquetSource.Open(path),
        };

    [Theory, MemberData(nameof(Readers))]
    public void Strings_ComeBackAsCategoriesWithNulls(string reader)
    {
        string?[] values = [.. Enumerable.Range(0, 5000).Select(i => i % 7 == 0 ? null : $"class {i % 13}")];
        string path = Write<string?>("s", [values[..3000], [], values[3000..]]);
        using ISource source = Open(reader, path);
        Assert.Equal(FieldType.String, source.Fields[0].Type);
        Assert.Equal([3000, 0, 2000], source.ChunkRows);
        Assert.Equal(values, Reading.Categories(source, "s"));
        Assert.Equal(values, Reading.Categories(source, "s", capacity: 17));
        Assert.Equal(values, Reading.Texts(source, "s"));
    }

    [Theory, MemberData(nameof(Readers))]
    public void Strings_StayRightWhereTheDictionaryFallsBackToPlain(string reader)
    {
        string[] values = [.. Enumerable.Range(0, 60_000).Select(i => i % 3 == 0 ? "common" : $"value {i * 7919 % 50_021} with some length")];
        using WriterProperties properties =
            new WriterPropertiesBuilder().DictionaryPagesizeLimit(20_000).DataPagesize(4096).Compression(Compression.Zstd).Build();
        string path = Write("s", [values], properties);
        using ISource source = Open(reader, path);
        Assert.Equal(values, Reading.Categories(source, "s", capacity: 4096));
    }

    [Theory, MemberData(nameof(Readers))]
    public void Integers_OfAllWidthsShareTheirTexts(string reader)
    {
        AssertIntegers(reader, "i8", [sbyte.MinValue, (sbyte)-1, (sbyte)0, sbyte.MaxValue]);
        AssertIntegers(reader, "u8", [(byte)0, byte.MaxValue]);
        AssertIntegers(reader, "i16", [short.MinValue, short.MaxValue]);
        AssertIntegers(reader, "u16", [(ushort)0, ushort.MaxValue]);
        AssertIntegers(reader, "i32", [int.MinValue, -1, 0, 65_535, 65_536, int.MaxValue]);
        AssertIntegers(reader, "u32", [0u, uint.MaxValue]);
        AssertIntegers(reader, "i64", [long.MinValue, -1L, 0L, 3_000_000_000L, long.MaxValue]);
        AssertIntegers(reader, "u64", [0ul, ulong.MaxValue]);
    }

    [Theory, MemberData(nameof(Readers))]
    public void Integers_ManyDistinctOnesKeepTheirCodes(string reader)
    {
        long?[] values = [.. Enumerable.Range(0, 200_000).Select(i => i % 11 == 0 ? (long?)null : i * 1_000_003L % 150_000 - 70_000)];
        using ISource source = Open(reader, Write<long?>("v", [values]));
        Assert.Equal(values.Select(v => v?.ToString()), Reading.Categories(source, "v", capacity: 70_000));
    }

    [Theory, MemberData(nameof(Readers))]
    public void Booleans_AreCategoriesAndNumbers(string reader)
    {
        bool?[] values = [true, null, false, false, true];
        using ISource source = Open(reader, Write<bool?>("b", [values]));
        Assert.Equal(["true", null, "false", "false", "true"], Reading.Categories(source, "b"));
        Assert.Equal([1, double.NaN, 0, 0, 1], Reading.Numbers(source, "b"));
    }

    [Theory, MemberData(nameof(Readers))]
    public void Floats_KeepTheirPrecisionAndNullsAreNaN(string reader)
    {
        float?[] values = [0.1f, null, float.NaN, float.NegativeInfinity, -0f];
        using ISource source = Open(reader, Write<float?>("f", [values]));
        Assert.Equal(FieldType.Float32, source.Fields[0].Type);
        Assert.Equal([0.1f, double.NaN, double.NaN, double.NegativeInfinity, -0.0], Reading.Numbers(source, "f", capacity: 2));
        ColumnRequest request = new("f", ColumnForm.Numbers);
        using IChunkReader chunks = source.Open([request]);
        using Batch batch = new([request]);
        chunks.Start(0);
        chunks.Read(batch);
        NumberColumn column = (NumberColumn)batch.Columns[0];
        Assert.False(column.IsDouble);
        Assert.Equal(1, column.Nulls);
    }

    [Theory, MemberData(nameof(Readers))]
    public void Doubles_AndHalvesAreNumbers(string reader)
    {
        using ISource doubles = Open(reader, Write("d", [[0.1, double.MaxValue, double.Epsilon]]));
        Assert.Equal(FieldType.Float64, doubles.Fields[0].Type);
        Assert.Equal([0.1, double.MaxValue, double.Epsilon], Reading.Numbers(doubles, "d"));
        using ISource halves = Open(reader, Write<Half?>("h", [[(Half)0.5, null, Half.MaxValue]]));
        Assert.Equal(FieldType.Float32, halves.Fields[0].Type);
        Assert.Equal([0.5, double.NaN, 65504], Reading.Numbers(halves, "h"));
    }

    [Theory, MemberData(nameof(Readers))]
    public void Decimals_ReadAlikeFromEveryStorage(string reader)
    {
        decimal?[] values = [1.50m, -0.05m, null, 3.00m, 0m];
        using WriterProperties bytes = new WriterPropertiesBuilder().Build();
        using WriterProperties integers = new WriterPropertiesBuilder().EnableStoreDecimalAsInteger().Build();
        foreach ((int precision, WriterProperties storage) in new[] { (9, bytes), (29, bytes), (9, integers), (18, integers) })
        {
            using LogicalType type = LogicalType.Decimal(precision, 2);
            string path = Write($"d{precision}", [values], storage, type);
            using ISource source = Open(reader, path);
            Assert.Equal(FieldType.Decimal, source.Fields[0].Type);
            Assert.Equal(["1.5", "-0.05", null, "3", "0"], Reading.Categories(source, source.Fields[0].Name));
            Assert.Equal([1.5, -0.05, double.NaN, 3, 0], Reading.Numbers(source, source.Fields[0].Name));
        }
    }

    [Theory, MemberData(nameof(Readers))]
    public void DatesAndTimestamps_AreIsoTexts(string reader)
    {
        using ISource dates = Open(reader, Write<DateOnly?>("d", [[new(1969, 12, 31), null, new(2024, 2, 29)]]));
        Assert.Equal(FieldType.Date, dates.Fields[0].Type);
        Assert.Equal(["1969-12-31", null, "2024-02-29"], Reading.Categories(dates, "d"));

        DateTime time = new(2024, 2, 29, 23, 59, 58, 250, DateTimeKind.Utc);
        foreach ((TimeUnit unit, bool utc) in new[] { (TimeUnit.Millis, true), (TimeUnit.Micros, false), (TimeUnit.Micros, true) })
        {
            using LogicalType type = LogicalType.Timestamp(utc, unit);
            using ISource times = Open(reader, Write<DateTime?>($"t{unit}{utc}", [[time, null]], null, type));
            Assert.Equal(FieldType.Timestamp, times.Fields[0].Type);
            Assert.Equal(["2024-02-29T23:59:58.250" + (utc ? "Z" : ""), null], Reading.Categories(times, times.Fields[0].Name));
        }

        using LogicalType nanos = LogicalType.Timestamp(true, TimeUnit.Nanos);
        using ISource fine = Open(reader, Write("n", [[new DateTimeNanos(-1), new DateTimeNanos(1_000_000_000)]], null, nanos));
        Assert.Equal(["1969-12-31T23:59:59.999999999Z", "1970-01-01T00:00:01Z"], Reading.Texts(fine, "n"));
    }

    [Theory, MemberData(nameof(Readers))]
    public void LegacyTimestamps_AreRead(string reader)
    {
        string path = WritePhysical(
            "t", PhysicalType.Int96, LogicalType.None(), -1, Repetition.Required, [new Int96(1000, 0, 2_440_588), new Int96(0, 0, 2_440_589)]);
        using ISource source = Open(reader, path);
        Assert.Equal(FieldType.Timestamp, source.Fields[0].Type);
        Assert.Equal(["1970-01-01T00:00:00.000001", "1970-01-02T00:00:00"], Reading.Categories(source, "t"));
    }

    [Theory, MemberData(nameof(Readers))]
    public void TextKinds_AreStringsAndBinaryIsNot(string reader)
    {
        Guid id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
        using ISource ids = Open(reader, Write("u", [[id]]));
        Assert.Equal([id.ToString()], Reading.Categories(ids, "u"));
        using LogicalType json = LogicalType.Json();
        using ISource documents = Open(reader, Write<string?>("j", [["{}", null]], null, json));
        Assert.Equal(["{}", null], Reading.Categories(documents, "j"));
        using ISource bytes = Open(reader, Write<byte[]?>("b", [[[0xCA, 0xFE], null]]));
        Assert.Equal(FieldType.Binary, bytes.Fields[0].Type);
        Assert.Equal(["cafe", null], Reading.Texts(bytes, "b"));
        InputException error = Assert.Throws<InputException>(() => Reading.Categories(bytes, "b"));
        Assert.Contains("Cast it to string", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Readers))]
    public void Requests_ForMissingOrUnfitColumnsSayWhatThereIs(string reader)
    {
        string path = Write<string?>("name", [["a"]]);
        using ISource source = Open(reader, path);
        InputException missing = Assert.Throws<InputException>(() => Reading.Categories(source, "label"));
        Assert.Equal((path, "label"), (missing.File, missing.Column));
        Assert.Contains("name", missing.Remedy, StringComparison.Ordinal);
        InputException unfit = Assert.Throws<InputException>(() => Reading.Numbers(source, "name"));
        Assert.Equal("name", unfit.Column);
    }

    [Theory, MemberData(nameof(Readers))]
    public void Files_WithoutRowsOrRowGroupsAreRead(string reader)
    {
        using ISource none = Open(reader, Write<int>("v", []));
        Assert.Empty(none.ChunkRows);
        using ISource empty = Open(reader, Write<int>("v", [[]], name: "empty.parquet"));
        Assert.Empty(Reading.Categories(empty, "v"));
    }

    [Theory, MemberData(nameof(Readers))]
    public void ChunksInAnyOrder_GiveTheirOwnRows(string reader)
    {
        using ISource source = Open(reader, Write("v", [[1, 2, 3], [4], [5, 6]]));
        ColumnRequest request = new("v", ColumnForm.Numbers);
        using IChunkReader chunks = source.Open([request]);
        using Batch batch = new([request], 2);
        foreach ((int chunk, double first) in new[] { (2, 5.0), (0, 1.0), (0, 1.0), (1, 4.0) })
        {
            chunks.Start(chunk);
            Assert.NotEqual(0, chunks.Read(batch));
            Assert.Equal(first, ((NumberColumn)batch.Columns[0])[0]);
        }
    }

    [Theory, MemberData(nameof(Readers))]
    public void BadFiles_AreInputErrorsThatNameThem(string reader)
    {
        string empty = folder["empty.parquet"];
        File.WriteAllBytes(empty, []);
        string text = folder["text.parquet"];
        File.WriteAllText(text, "label,pred\n1,2\n");
        string whole = Write("v", [Enumerable.Range(0, 1000).ToArray()]);
        string half = folder["half.parquet"];
        File.WriteAllBytes(half, File.ReadAllBytes(whole)[..^9]);
        foreach (string path in new[] { empty, text, half, folder["absent.parquet"], folder.Root })
        {
            InputException error = Assert.Throws<InputException>(() => Open(reader, path));
            Assert.Equal(path, error.File);
            Assert.NotNull(error.Remedy);
        }
    }

    private void AssertIntegers<T>(string reader, string name, T[] values)
        where T : IFormattable
    {
        using ISource source = Open(reader, Write(name, [values]));
        string[] texts = [.. values.Select(v => v.ToString(null, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(FieldType.Integer, source.Fields[0].Type);
        Assert.Equal(texts, Reading.Categories(source, name));
        Assert.Equal(texts, Reading.Texts(source, name));
        Assert.Equal(texts.Select(double.Parse), Reading.Numbers(source, name));
    }

    private string Write<T>(string column, T[][] groups, WriterProperties? properties = null, LogicalType? type = null, string? name = null)
    {
        string path = folder[name ?? column + ".parquet"];
        ParquetSharp.Column[] columns = [new Column<T>(column, type)];
        using ParquetFileWriter writer = properties is null
            ? new ParquetFileWriter(path, columns)
            : new ParquetFileWriter(path, columns, properties);
        foreach (T[] group in groups)
        {
            using RowGroupWriter rows = writer.AppendRowGroup();
            using LogicalColumnWriter<T> values = rows.NextColumn().LogicalWriter<T>();
            values.WriteBatch(group);
        }

        writer.Close();
        return path;
    }

    private string WritePhysical<T>(string column, PhysicalType physical, LogicalType type, int length, Repetition repetition, T[] values)
        where T : unmanaged
    {
        string path = folder[column + ".parquet"];
        using PrimitiveNode leaf = new(column, repetition, type, physical, length);
        using GroupNode root = new("schema", Repetition.Required, [leaf]);
        using WriterProperties properties = new WriterPropertiesBuilder().Build();
        using ParquetFileWriter writer = new(path, root, properties);
        using (RowGroupWriter rows = writer.AppendRowGroup())
        {
            ((ColumnWriter<T>)rows.NextColumn()).WriteBatch(values);
        }

        writer.Close();
        return path;
    }
}
