using System.Runtime.InteropServices;
using GpuDiag.Columns.Parquet.Pages;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace GpuDiag.Tests.Columns.Pages;

/// <summary>The library and the managed port are one decompressor: the same bytes, the same refusals.</summary>
public sealed class ZstdTests
{
    /// <summary>Bytes of a page, and whether the frame carries a checksum of them.</summary>
    public static TheoryData<string, bool> Pages => new()
    {
        { "empty", true }, { "constant", true }, { "skewed", true }, { "noise", true },
        { "empty", false }, { "constant", false }, { "skewed", false }, { "noise", false },
    };

    [Fact]
    public void Native_LoadsWhereItsPackageHasIt()
    {
        using NativeZstd? native = NativeZstd.TryOpen();
        string system = RuntimeInformation.RuntimeIdentifier;
        bool shipped = system.StartsWith("win-", StringComparison.Ordinal) || system.StartsWith("osx-", StringComparison.Ordinal)
            || system is "linux-x64" or "linux-arm64";
        Assert.True(native is not null || !shipped, system);
    }

    [Theory, MemberData(nameof(Pages))]
    public void Both_GiveThePage(string kind, bool check)
    {
        byte[] page = Page(kind);
        Assert.All(Decompressors(), zstd =>
        {
            using (zstd)
            {
                byte[] written = new byte[page.Length];
                byte[] frame = Frame(page, check);
                Assert.Equal(page.Length, zstd.Decompress(frame, written));
                Assert.Equal(page, written);

                byte[] twice = new byte[2 * page.Length];
                Assert.Equal(twice.Length, zstd.Decompress([.. frame, .. frame], twice));
                Assert.Equal([.. page, .. page], twice);
                if (page.Length > 0)
                {
                    Assert.Throws<InvalidDataException>(() => zstd.Decompress(frame, new byte[page.Length - 1]));
                }

                Assert.Throws<InvalidDataException>(() => zstd.Decompress(frame.AsSpan(0, frame.Length - 1), written));
            }
        });
    }

    [Theory, MemberData(nameof(Pages))]
    public void DamagedFrames_MeetTheSameFate(string kind, bool check)
    {
        byte[] page = Page(kind), frame = Frame(page, check);
        IZstd[] both = [.. Decompressors()];
        Random random = new(7);
        for (int i = 0; i < 500; i++)
        {
            byte[] damaged = [.. frame];
            for (int bits = random.Next(1, 4); bits > 0; bits--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            ReadOnlyMemory<byte> stored = damaged.AsMemory(0, random.Next(3) == 0 ? random.Next(damaged.Length) : damaged.Length);
            byte[]?[] made = [.. both.Select(z => TryDecompress(z, stored.Span, page.Length))];
            Assert.All(made, m => Assert.Equal(made[0], m));
            Assert.False(check && made[0] is { Length: > 0 } passed && stored.Length == frame.Length && passed.Length == page.Length && !passed.SequenceEqual(page));
        }

        Array.ForEach(both, z => z.Dispose());
    }

    private static IEnumerable<IZstd> Decompressors() =>
        NativeZstd.TryOpen() is { } native ? [new ManagedZstd(), native] : [new ManagedZstd()];

    private static byte[]? TryDecompress(IZstd zstd, ReadOnlySpan<byte> stored, int room)
    {
        byte[] page = new byte[room];
        try
        {
            return page[..zstd.Decompress(stored, page)];
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Page(string kind)
    {
        Random random = new(3);
        byte[] page = new byte[kind == "empty" ? 0 : 50_000];
        for (int i = 0; i < page.Length; i++)
        {
            page[i] = kind switch { "constant" => 9, "noise" => (byte)random.Next(256), _ => (byte)(random.Next(16) * random.Next(16)) };
        }

        return page;
    }

    private static byte[] Frame(byte[] page, bool check)
    {
        using Compressor compressor = new(3);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, check ? 1 : 0);
        return compressor.Wrap(page).ToArray();
    }
}
