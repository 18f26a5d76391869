using ParquetSharp;

namespace GpuDiag.Tests.Columns.Pages;

/// <summary>How a test file is laid out; everything that changes the bytes of pages.</summary>
/// <param name="Dictionary">on, off, or small: a dictionary that overflows, so that plain pages follow coded ones.</param>
/// <param name="Nulls">required, none, some, all.</param>
public sealed record PageLayout(string Codec, int Version, string Dictionary, string Nulls)
{
    public override string ToString() => $"{Codec} v{Version} dictionary={Dictionary} nulls={Nulls}";

    public WriterProperties Properties(bool checksums = false, long pageSize = 700)
    {
        using WriterPropertiesBuilder builder = new();
        builder.Compression(Enum.Parse<Compression>(Codec)).DataPagesize(pageSize);
        builder.DataPageVersion(Version == 2 ? ParquetDataPageVersion.V2 : ParquetDataPageVersion.V1);
        // Version 2 writes booleans as runs.
        builder.Version(ParquetVersion.PARQUET_2_6);
        _ = Dictionary switch
        {
            "off" => builder.DisableDictionary(),
            "small" => builder.DictionaryPagesizeLimit(200),
            _ => builder,
        };
        if (checksums)
        {
            builder.EnablePageChecksum();
        }

        return builder.Build();
    }
}

/// <summary>A table of every type that the page decoder takes, and the values that went into it.</summary>
internal sealed class PageFile
{
    private static readonly string[] Names = ["b", "i", "u", "l", "f", "d", "s"];

    private PageFile(bool[] present, bool[] booleans, int[] integers)
    {
        Present = present;
        Booleans = booleans;
        Integers = integers;
    }

    public static IReadOnlyList<string> Columns => Names;

    public bool[] Present { get; }

    public bool[] Booleans { get; }

    /// <summary>All other columns are made of these.</summary>
    public int[] Integers { get; }

    public static PageFile Write(string path, PageLayout layout, int[] integers, int groupRows, bool checksums = false, long pageSize = 700)
    {
        Random random = new(integers.Length);
        bool[] present = [.. integers.Select(_ => layout.Nulls switch { "all" => false, "some" => random.Next(4) > 0, _ => true })];
        PageFile file = new(present, [.. integers.Select(v => (v & 1) != 0)], integers);
        bool nullable = layout.Nulls != "required";
        Column[] columns = nullable
            ? [new Column<bool?>("b"), new Column<int?>("i"), new Column<uint?>("u"), new Column<long?>("l"), new Column<float?>("f"), new Column<double?>("d"), new Column<string?>("s")]
            : [new Column<bool>("b"), new Column<int>("i"), new Column<uint>("u"), new Column<long>("l"), new Column<float>("f"), new Column<double>("d"), new Column<string>("s")];
        using WriterProperties properties = layout.Properties(checksums, pageSize);
        using ParquetFileWriter writer = new(path, columns, properties);
        for (int from = 0; from < integers.Length; from += groupRows)
        {
            Range rows = from..Math.Min(integers.Length, from + groupRows);
            using RowGroupWriter group = writer.AppendRowGroup();
            file.WriteValues(group, rows, nullable, row => file.Booleans[row]);
            file.WriteValues(group, rows, nullable, row => file.Integers[row]);
            file.WriteValues(group, rows, nullable, row => (uint)file.Integers[row]);
            file.WriteValues(group, rows, nullable, file.Long);
            file.WriteValues(group, rows, nullable, row => (float)file.Double(row));
            file.WriteValues(group, rows, nullable, file.Double);
            file.WriteTexts(group, rows);
        }

        writer.Close();
        return file;
    }

    /// <summary>What a column of codes shows for a row; null for null.</summary>
    public string? Text(string column, int row) => !Present[row] ? null : column switch
    {
        "b" => Booleans[row] ? "true" : "false",
        "i" => $"{Integers[row]}",
        "u" => $"{(uint)Integers[row]}",
        "l" => $"{Long(row)}",
        _ => $"text {Integers[row]}",
    };

    public double Number(string column, int row) => !Present[row] ? double.NaN : column switch
    {
        "b" => Booleans[row] ? 1 : 0,
        "i" => Integers[row],
        "u" => (uint)Integers[row],
        "l" => Long(row),
        "f" => (float)Double(row),
        _ => Double(row),
    };

    private long Long(int row) => Integers[row] * 10_000_000_019L;

    private double Double(int row) => Integers[row] / 7.0;

    private void WriteValues<T>(RowGroupWriter group, Range rows, bool nullable, Func<int, T> value)
        where T : struct
    {
        (int start, int count) = rows.GetOffsetAndLength(Integers.Length);
        using ColumnWriter column = group.NextColumn();
        if (nullable)
        {
            using LogicalColumnWriter<T?> writer = column.LogicalWriter<T?>();
            writer.WriteBatch([.. Enumerable.Range(start, count).Select(row => Present[row] ? value(row) : (T?)null)]);
        }
        else
        {
            using LogicalColumnWriter<T> writer = column.LogicalWriter<T>();
            writer.WriteBatch([.. Enumerable.Range(start, count).Select(value)]);
        }
    }

    private void WriteTexts(RowGroupWriter group, Range rows)
    {
        (int start, int count) = rows.GetOffsetAndLength(Integers.Length);
        using ColumnWriter column = group.NextColumn();
        using LogicalColumnWriter<string?> writer = column.LogicalWriter<string?>();
        writer.WriteBatch([.. Enumerable.Range(start, count).Select(row => Text("s", row))]);
    }
}
