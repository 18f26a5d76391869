using StbImageWriteSharp;

namespace GpuDiag.Columns.Images;

/// <summary>
/// A small copy of a picture, encoded anew, so that what a report shows holds nothing of the file but its pixels. Sizes and bytes depend
/// on the picture alone.
/// </summary>
/// <param name="Bytes">A PNG or JPEG file.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Pixels">Of the picture that it was made from: what decoding cost.</param>
internal sealed record Thumbnail(byte[] Bytes, string Type, long Pixels)
{
    /// <summary>Longer side at most; smaller pictures keep their size.</summary>
    public const int MostSide = 128;

    /// <summary>Pictures up to this side stay as they are, without loss.</summary>
    public const int LosslessSide = 64;

    private const int Quality = 80;

    /// <exception cref="InvalidDataException">As of <see cref="ImageDecoder.Decode"/>.</exception>
    public static Thumbnail Of(byte[] content)
    {
        Pixels image = ImageDecoder.Decode(content, 3);
        long pixels = (long)image.Width * image.Height;
        int side = Math.Max(image.Width, image.Height);
        if (side > MostSide)
        {
            image = Resample.To(image, Scaled(image.Width, side), Scaled(image.Height, side));
        }

        image = Grey(image);
        ColorComponents components = image.Channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue;
        using MemoryStream stream = new();
        ImageWriter writer = new();
        bool lossless = side <= LosslessSide;
        if (lossless)
        {
            writer.WritePng(image.Data, image.Width, image.Height, components, stream);
        }
        else
        {
            writer.WriteJpg(image.Data, image.Width, image.Height, components, stream, Quality);
        }

        return new Thumbnail(stream.ToArray(), lossless ? "image/png" : "image/jpeg", pixels);
    }

    private static int Scaled(int length, int side) => (int)Math.Max(1, (((long)length * MostSide) + (side / 2)) / side);

    /// <summary>One channel where all three are the same.</summary>
    private static Pixels Grey(Pixels image)
    {
        byte[] grey = new byte[image.Width * image.Height];
        for (int i = 0; i < grey.Length; i++)
        {
            grey[i] = image.Data[3 * i];
            if (image.Data[(3 * i) + 1] != grey[i] || image.Data[(3 * i) + 2] != grey[i])
            {
                return image;
            }
        }

        return new Pixels(image.Width, image.Height, 1, grey);
    }
}
