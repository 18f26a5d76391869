using StbImageSharp;

namespace GpuDiag.Columns.Images;

/// <summary>
/// PNG, JPEG, GIF (its first frame) and BMP to pixels. Colour becomes grey as 0.30 R + 0.59 G + 0.11 B; transparency is left
/// out, 16 bits become 8, and a note on the camera's orientation is not followed.
/// </summary>
internal static class ImageDecoder
{
    /// <summary>Pixels of the largest picture that is decoded: a header of a few bytes can claim any size.</summary>
    internal const long MostPixels = 1L << 26;

    /// <summary>Decodes to <paramref name="channels"/> channels, 1 or 3.</summary>
    /// <exception cref="InvalidDataException">It is no picture of a known format, a damaged one, larger than <see cref="MostPixels"/>, or inflates far beyond that.</exception>
    internal static Pixels Decode(byte[] content, int channels)
    {
        if (!IsKnown(content))
        {
            throw new InvalidDataException(content.Length == 0 ? "is empty" : "is neither PNG, JPEG, GIF nor BMP");
        }

        try
        {
            using EndingStream stream = new(content);
            if (ImageInfo.FromStream(stream) is not { } info)
            {
                throw new InvalidDataException("has a damaged header");
            }

            if (info.Width <= 0 || info.Height <= 0 || (long)info.Width * info.Height > MostPixels)
            {
                throw new InvalidDataException($"says that it has {info.Width} × {info.Height} pixels, more than the {MostPixels >> 20} M that are decoded");
            }

            PngBound.Check(content);
            stream.Position = 0;
            ImageResult image = ImageResult.FromStream(stream, channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue);
            return image.Data.Length == (long)image.Width * image.Height * channels
                ? new Pixels(image.Width, image.Height, channels, image.Data)
                : throw new InvalidDataException("is cut off");
        }
        catch (Exception error) when (error is not (InvalidDataException or OutOfMemoryException))
        {
            // The decoder fails on damaged pictures with nearly any type.
            throw new InvalidDataException($"can't be decoded: {error.Message.Split('\n')[0]}", error);
        }
    }

    private static bool IsKnown(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47])
        || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) || head.StartsWith("GIF8"u8) || head.StartsWith("BM"u8);
}
