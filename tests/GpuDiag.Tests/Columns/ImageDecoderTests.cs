using System.Text.Json;
using GpuDiag.Columns.Images;
using GpuDiag.Tests.Meta;

namespace GpuDiag.Tests.Columns;

/// <summary>Held against Pillow, by tools/models/make_images_golden.py.</summary>
public sealed class ImageDecoderTests : IDisposable
{
    private static readonly JsonElement[] Cases =
        [.. JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "tests/GpuDiag.Tests/Columns/data/images.json"))).RootElement.EnumerateArray()];

    private readonly TempFolder folder = new();

    public static TheoryData<string> Names => [.. Cases.Select(c => c.GetProperty("name").GetString()!)];

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Names))]
    public void Picture_HasThePixelsThatPillowSees(string name)
    {
        var golden = Case(name);
        var pixels = ImageDecoder.Decode(Bytes(golden, "file"), 3);
        Assert.Equal((golden.GetProperty("width").GetInt32(), golden.GetProperty("height").GetInt32()), (pixels.Width, pixels.Height));
        // Decoders of JPEG may round their transforms differently, and where colour is halved, blend it differently.
        int allowed = name is "halved.jpg" or "stages.jpg" ? 60 : name.EndsWith(".jpg", StringComparison.Ordinal) ? 4 : 0;
        int[] differences = [.. pixels.Data.Zip(Bytes(golden, "rgb"), (a, b) => Math.Abs(a - b))];
        Assert.InRange(differences.Max(), 0, allowed);
        Assert.InRange(differences.Average(), 0, allowed / 10.0);
        if (golden.TryGetProperty("grey", out _))
            Assert.All(ImageDecoder.Decode(Bytes(golden, "file"), 1).Data.Zip(Bytes(golden, "grey")), p => Assert.InRange(p.First - p.Second, -1, 1));
    }

    [Theory, MemberData(nameof(Names))]
    public void Resizing_GivesPillowsBytes(string name)
    {
        var golden = Case(name);
        if (!golden.TryGetProperty("resized", out var sizes))
            return;
        var pixels = ImageDecoder.Decode(Bytes(golden, "file"), 3);
        foreach (var size in sizes.EnumerateArray())
        {
            var resized = Resample.To(pixels, size.GetProperty("width").GetInt32(), size.GetProperty("height").GetInt32());
            Assert.Equal(Bytes(size, "rgb"), resized.Data);
        }
    }

    /// <summary>Cut off or flipped anywhere: pixels or a typed refusal, nothing else.</summary>
    [Theory, MemberData(nameof(Names))]
    public void DamagedPicture_IsRefusedOrDecoded(string name)
    {
        byte[] whole = Bytes(Case(name), "file");
        var random = new Random(3);
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = i % 2 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            if (i % 2 == 1)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Assert.True(ImageDecoder.Decode(damaged, 3).Data.Length > 0);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void Bomb_IsRefusedByItsHeader()
    {
        byte[] png = Bytes(Case("rgb.png"), "file");
        // Width and height of IHDR: 12,000 by 12,000.
        byte[] side = [0, 0, 0x2E, 0xE0];
        side.CopyTo(png, 16);
        side.CopyTo(png, 20);
        Assert.Contains("pixels", Assert.Throws<InvalidDataException>(() => ImageDecoder.Decode(png, 3)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => ImageDecoder.Decode([], 3));
        Assert.Throws<InvalidDataException>(() => ImageDecoder.Decode("<svg/>"u8.ToArray(), 3));
    }

    [Fact]
    public void Folder_GivesWhatLiesInItAndNothingElse()
    {
        Directory.CreateDirectory(folder["images/a"]);
        File.WriteAllBytes(folder["images/a/x.png"], [1, 2]);
        File.WriteAllBytes(folder["secret"], [3]);
        var images = new ImageFolder(folder["images"]);
        Assert.Equal([1, 2], images.Read("a/x.png"));
        Assert.Equal([1, 2], images.Read("a/../a/x.png"));
        Assert.Equal([1, 2], images.Read(Path.GetFullPath(folder["images/a/x.png"])));
        foreach (string outside in (string[])["../secret", folder["secret"], "a/../../secret", "", "nothing.png", "a"])
            Assert.Throws<InvalidDataException>(() => images.Read(outside));
        if (OperatingSystem.IsWindows())
            return;
        File.CreateSymbolicLink(folder["images/link"], folder["secret"]);
        Directory.CreateSymbolicLink(folder["images/up"], folder.Root);
        Assert.Throws<InvalidDataException>(() => images.Read("link"));
        Assert.Throws<InvalidDataException>(() => images.Read("up/secret"));
    }

    private static JsonElement Case(string name) => Cases.Single(c => c.GetProperty("name").GetString() == name);

    private static byte[] Bytes(JsonElement from, string name) => from.GetProperty(name).GetBytesFromBase64();
}
