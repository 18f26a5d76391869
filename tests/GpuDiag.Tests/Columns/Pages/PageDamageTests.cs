using System.Globalization;
using GpuDiag.Columns;
using GpuDiag.Columns.Parquet.Pages;

namespace GpuDiag.Tests.Columns.Pages;

/// <summary>
/// Damaged files give an InputException or data, never another exception, a crash, a hang or a huge allocation.
/// GPUDIAG_FUZZ=N damages N times instead of a few hundred.
/// </summary>
public sealed class PageDamageTests : IDisposable
{
    private static readonly int Times =
        int.TryParse(Environment.GetEnvironmentVariable("GPUDIAG_FUZZ"), CultureInfo.InvariantCulture, out int n) ? n : 400;

    private readonly TempFolder folder = new();

    public static TheoryData<PageLayout> Layouts =>
    [
        new PageLayout("Uncompressed", 1, "on", "some"),
        new PageLayout("Uncompressed", 2, "off", "some"),
        new PageLayout("Snappy", 1, "small", "some"),
        new PageLayout("Zstd", 2, "on", "required"),
    ];

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Layouts))]
    public void AnyDamage_IsAnInputExceptionOrData(PageLayout layout)
    {
        byte[] sound = Write(layout, checksums: false);
        Random random = new(Times);
        string path = folder["damaged.parquet"];
        int refused = 0;
        for (int i = 0; i < Times; i++)
        {
            byte[] damaged = Damage(sound, random);
            File.WriteAllBytes(path, damaged);
            long before = GC.GetAllocatedBytesForCurrentThread();
            refused += ReadAll(path) is null ? 0 : 1;
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
        }

        Assert.InRange(refused, Times / 20, Times);
    }

    [Theory, MemberData(nameof(Layouts))]
    public void WithChecksums_NoDamageOfAPageGoesUnnoticed(PageLayout layout)
    {
        byte[] sound = Write(layout, checksums: true);
        string path = folder["checked.parquet"];
        File.WriteAllBytes(path, sound);
        List<string> expected = Values(path);
        int footer = sound.Length - 8 - BitConverter.ToInt32(sound, sound.Length - 8);
        Random random = new(1);
        for (int i = 0; i < Times / 4; i++)
        {
            byte[] damaged = [.. sound];
            damaged[random.Next(4, footer)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, damaged);
            if (ReadAll(path) is null)
            {
                // What was hit is not part of the values: statistics or the page index.
                Assert.Equal(expected, Values(path));
            }
        }
    }

    [Theory]
    [InlineData("", "too few")]
    [InlineData("PAR1 but nothing else at all", "does not end in PAR1")]
    [InlineData("PAR1abcd\u0010\u0010\u0010\u0010PAR1", "a footer of 269488144 bytes")]
    [InlineData("PAR1abcd\u0004\0\0\0PAR1", "cannot be read")]
    public void NotAParquetFile_IsSaidSo(string content, string message)
    {
        string path = folder["not.parquet"];
        File.WriteAllText(path, content);
        InputException fault = Assert.Throws<InputException>(() => PagesSourceTests.Open(path));
        Assert.Equal(path, fault.File);
        Assert.NotNull(fault.Remedy);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFile_IsSaidSo() =>
        Assert.Contains("no such file", Assert.Throws<InputException>(() => PagesSourceTests.Open(folder["none.parquet"])).Message, StringComparison.Ordinal);

    [Fact]
    public void DamageInAPage_NamesTheColumn()
    {
        byte[] bytes = Write(new PageLayout("Snappy", 1, "on", "some"), checksums: false);
        int footer = bytes.Length - 8 - BitConverter.ToInt32(bytes, bytes.Length - 8);
        Array.Clear(bytes, 4, footer - 4);
        string path = folder["hole.parquet"];
        File.WriteAllBytes(path, bytes);
        Assert.Equal("b", ReadAll(path)!.Column);
    }

    private static byte[] Damage(byte[] sound, Random random)
    {
        byte[] damaged = [.. sound];
        int footer = sound.Length - 8 - BitConverter.ToInt32(sound, sound.Length - 8);
        switch (random.Next(4))
        {
            case 0:
                for (int flips = random.Next(1, 9); flips > 0; flips--)
                {
                    damaged[random.Next(footer)] ^= (byte)(1 << random.Next(8));
                }

                break;
            case 1:
                for (int flips = random.Next(1, 3); flips > 0; flips--)
                {
                    damaged[random.Next(footer, sound.Length)] = (byte)random.Next(256);
                }

                break;
            case 2:
                int start = random.Next(4, sound.Length - 8);
                Array.Clear(damaged, start, Math.Min(random.Next(1, 400), sound.Length - 8 - start));
                break;
            default:
                // Cut out of the middle, the tail kept: offsets no longer fit.
                int from = random.Next(4, footer);
                int to = Math.Min(footer, from + random.Next(1, 200));
                damaged = [.. sound[..from], .. sound[to..]];
                break;
        }

        return damaged;
    }

    private byte[] Write(PageLayout layout, bool checksums)
    {
        string path = folder["sound.parquet"];
        int[] integers = [.. Enumerable.Range(0, 400).Select(i => i < 150 ? 3 : i * 37 % 90)];
        PageFile.Write(path, layout, integers, groupRows: 250, checksums, pageSize: 300);
        return File.ReadAllBytes(path);
    }

    /// <summary>Reads every column in every form; gives the fault, or null where all could be read.</summary>
    private static InputException? ReadAll(string path)
    {
        try
        {
            Values(path);
            return null;
        }
        catch (InputException fault)
        {
            // Our own checks or the codec's or the file system's, never a failed index or a null reference.
            Assert.True(fault.InnerException is null or InvalidDataException or IOException, $"{fault.InnerException}");
            return fault;
        }
    }

    private static List<string> Values(string path)
    {
        using PagesSource source = new(path, () => throw new InputException("left to the fallback", path));
        List<string> values = [];
        foreach (Field field in source.Fields)
        {
            values.AddRange(field.Type is FieldType.Float32 or FieldType.Float64
                ? Reading.Numbers(source, field.Name, 100).Select(v => $"{v:R}")
                : Reading.Categories(source, field.Name, 100).Select(v => v ?? "null"));
        }

        return values;
    }
}
