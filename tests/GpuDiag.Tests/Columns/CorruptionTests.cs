using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using GpuDiag.Columns;
using ParquetSharp;
using Field = GpuDiag.Columns.Field;

namespace GpuDiag.Tests.Columns;

/// <summary>
/// Damaged files give an <see cref="InputException"/> or data, never another exception, a crash or a hang; with page
/// checksums, damaged pages never give other data. <c>GPUDIAG_FUZZ</c> sets the number of damaged files per case.
/// </summary>
public sealed class CorruptionTests : IDisposable
{
    private const int Rows = 400;

    private static readonly int Files =
        int.TryParse(Environment.GetEnvironmentVariable("GPUDIAG_FUZZ"), CultureInfo.InvariantCulture, out int n) ? n : 40;

    private readonly TempFolder folder = new();

    public static TheoryData<string, string> Parquet
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string reader in new[] { "native", "managed", "pages" })
            {
                cases.Add(reader, "Uncompressed");
                cases.Add(reader, "Snappy");
                cases.Add(reader, "Zstd");
            }

            return cases;
        }
    }

    public static TheoryData<string> Variants => ArrowFiles.Variants;

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Parquet))]
    public void Parquet_DamagedAnywhere(string reader, string codec) =>
        Sweep(File.ReadAllBytes(WriteParquet(codec, checksums: false)), path => ParquetSourceTests.Open(reader, path));

    [Theory, MemberData(nameof(Variants))]
    public void Arrow_DamagedAnywhere(string variant) => Sweep(File.ReadAllBytes(WriteArrow(variant)), SourceCatalog.Open);

    [Theory]
    [InlineData("native")]
    [InlineData("pages")]
    public void Parquet_WithChecksumsNeverGivesOtherData(string reader)
    {
        byte[] good = File.ReadAllBytes(WriteParquet("Snappy", checksums: true));
        string whole = folder["whole"];
        File.WriteAllBytes(whole, good);
        string expected = Digest(ParquetSourceTests.Open(reader, whole));
        int footer = BitConverter.ToInt32(good, good.Length - 8);
        Random random = new(11);
        int refused = 0;
        for (int i = 0; i < Files; i++)
        {
            byte[] bad = (byte[])good.Clone();
            bad[random.Next(4, good.Length - 8 - footer)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(folder["bad"], bad);
            try
            {
                string actual = Digest(ParquetSourceTests.Open(reader, folder["bad"]));

                // A flip in a page's header may touch what nobody reads: its statistics.
                Assert.Equal(expected, actual);
            }
            catch (InputException)
            {
                refused++;
            }
        }

        Assert.True(refused > Files / 2, $"only {refused} of {Files} damaged files were refused");
    }

    private void Sweep(byte[] good, Func<string, ISource> open)
    {
        Random random = new(good.Length);
        string path = folder["bad"];
        for (int i = 0; i < Files; i++)
        {
            File.WriteAllBytes(path, Damage(good, random));
            try
            {
                Digest(open(path));
            }
            catch (InputException error)
            {
                Assert.Equal(path, error.File);
                Assert.NotNull(error.Remedy);
            }
        }
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        byte[] bad = (byte[])good.Clone();
        int tail = Math.Max(0, bad.Length - 1200);
        switch (random.Next(4))
        {
            case 0:
                return bad[..random.Next(bad.Length)];
            case 1:
                int hole = random.Next(bad.Length);
                bad.AsSpan(hole, Math.Min(bad.Length - hole, random.Next(1, 2000))).Clear();
                return bad;
            case 2:
                int noise = random.Next(bad.Length);
                random.NextBytes(bad.AsSpan(noise, Math.Min(bad.Length - noise, random.Next(1, 64))));
                return bad;
            default:
                for (int flips = random.Next(1, 5); flips > 0; flips--)
                {
                    bad[random.Next(random.Next(2) == 0 ? tail : 0, bad.Length)] ^= (byte)(1 << random.Next(8));
                }

                return bad;
        }
    }

    /// <summary>Reads every column in every form that it has.</summary>
    private static string Digest(ISource source)
    {
        using (source)
        {
            List<string> parts = [];
            foreach (Field field in source.Fields)
            {
                parts.Add(field.Name);
                if (FormRules.Allows(field.Type, ColumnForm.Codes))
                {
                    parts.Add(string.Join('|', Reading.Categories(source, field.Name, 150)));
                }

                if (FormRules.Allows(field.Type, ColumnForm.Numbers))
                {
                    parts.Add(string.Join('|', Reading.Numbers(source, field.Name, 150)));
                }

                if (FormRules.Allows(field.Type, ColumnForm.Text))
                {
                    parts.Add(string.Join('|', Reading.Texts(source, field.Name, 150)));
                }

                if (FormRules.Allows(field.Type, ColumnForm.Matrix))
                {
                    parts.Add(string.Join('|', Reading.Rows(source, field.Name, 150).SelectMany(r => r)));
                }
            }

            return string.Join('\n', parts);
        }
    }

    private string WriteParquet(string codec, bool checksums)
    {
        string path = folder["good.parquet"];
        ParquetSharp.Column[] columns =
            [new Column<string?>("s"), new Column<int>("i"), new Column<float?>("f"), new Column<DateTime>("t"), new Column<float[]?>("p"), new Column<decimal?>("d", LogicalType.Decimal(12, 2))];
        using WriterPropertiesBuilder builder = new();
        builder.Compression(Enum.Parse<Compression>(codec)).DataPagesize(700).DictionaryPagesizeLimit(600).WriteBatchSize(64);
        using WriterProperties properties = (checksums ? builder.EnablePageChecksum() : builder).Build();
        using ParquetFileWriter writer = new(path, columns, properties);
        for (int g = 0; g < 2; g++)
        {
            using RowGroupWriter group = writer.AppendRowGroup();
            Append(group, i => i % 9 == 0 ? null : $"value {i % 60}");
            Append(group, i => (i * i) - 500);
            Append<float?>(group, i => i % 4 == 0 ? null : i / 3f);
            Append(group, i => DateTime.UnixEpoch.AddHours(i));
            Append<float[]?>(group, i => i % 50 == 0 ? null : [i, i + 0.5f, -i]);
            Append<decimal?>(group, i => i % 5 == 0 ? null : i / 100m);
        }

        writer.Close();
        return path;
    }

    private static void Append<T>(RowGroupWriter group, Func<int, T> value)
    {
        using LogicalColumnWriter<T> writer = group.NextColumn().LogicalWriter<T>();
        writer.WriteBatch([.. Enumerable.Range(0, Rows).Select(value)]);
    }

    private string WriteArrow(string variant)
    {
        (string, IArrowArray)[] Batch()
        {
            FixedSizeListType square = new(new Apache.Arrow.Field("item", FloatType.Default, true), 2);
            ListType list = new(new Apache.Arrow.Field("item", FloatType.Default, true));
            string?[] texts = [.. Enumerable.Range(0, Rows).Select(i => i % 9 == 0 ? null : $"a value that is long {i % 60}")];
            StringViewArray.Builder views = new();
            foreach (string? text in texts)
            {
                views = text is null ? views.AppendNull() : views.Append(text);
            }

            float?[] cells = [.. Enumerable.Range(0, 2 * Rows).Select(i => (float?)i)];
            int[] offsets = [.. Enumerable.Range(0, Rows + 1).Select(i => 2 * i)];
            sbyte[] indices = [.. Enumerable.Range(0, Rows).Select(i => (sbyte)(i % 3))];
            return
            [
                ("s", ArrowFiles.Strings(texts)),
                ("v", views.Build()),
                ("c", new DictionaryArray(new DictionaryType(Int8Type.Default, StringType.Default, false), new Int8Array.Builder().AppendRange(indices).Build(), ArrowFiles.Strings("x", "y", "z"))),
                ("f", ArrowFiles.Floats(cells[..Rows])),
                ("b", new BooleanArray.Builder().AppendRange(indices.Select(i => i > 0)).Build()),
                ("q", new FixedSizeListArray(square, Rows, ArrowFiles.Floats(cells), Apache.Arrow.ArrowBuffer.Empty)),
                ("l", new ListArray(list, Rows, ArrowFiles.Buffer(offsets), ArrowFiles.Floats(cells), Apache.Arrow.ArrowBuffer.Empty)),
            ];
        }

        return ArrowFiles.Write(folder["good.arrow"], variant, Batch(), Batch());
    }
}
