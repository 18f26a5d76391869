namespace GpuDiag.Columns.Images;

/// <summary>A decoded picture: rows from the top, 8 bits per channel, channels of a pixel together.</summary>
/// <param name="Channels">1: grey, 3: red, green, blue.</param>
/// <param name="Data">Width × height × channels bytes.</param>
internal sealed record Pixels(int Width, int Height, int Channels, byte[] Data)
{
    /// <summary>A part of it; it must lie inside.</summary>
    internal Pixels Crop(int left, int top, int width, int height)
    {
        byte[] cut = new byte[width * height * Channels];
        int line = width * Channels;
        for (int y = 0; y < height; y++)
        {
            Data.AsSpan((((top + y) * Width) + left) * Channels, line).CopyTo(cut.AsSpan(y * line));
        }

        return new Pixels(width, height, Channels, cut);
    }
}
