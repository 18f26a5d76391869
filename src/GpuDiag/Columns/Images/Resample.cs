namespace GpuDiag.Columns.Images;

/// <summary>
/// Resizing by the triangle filter, widened when shrinking: each new pixel is the weighted mean of all old ones under it. The
/// algorithm, its order (across, then down) and its rounding (weights in steps of 2⁻²², each pass to 8 bits) are those of
/// Pillow's <c>Image.resize(…, BILINEAR)</c> (Resample.c), which torchvision trains with, so that a model sees the same
/// bytes as in training. Integers alone after the weights: the same everywhere.
/// </summary>
internal static class Resample
{
    private const int Bits = 22;

    /// <summary>Resizes to the size given, whatever that does to the shape.</summary>
    internal static Pixels To(Pixels image, int width, int height)
    {
        Pixels across = image.Width == width ? image : Across(image, width);
        return across.Height == height ? across : Down(across, height);
    }

    private static Pixels Across(Pixels image, int width)
    {
        Taps[] taps = Weights(image.Width, width);
        int channels = image.Channels;
        byte[] result = new byte[checked(width * image.Height * channels)];
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> from = image.Data.AsSpan(y * image.Width * channels, image.Width * channels);
            Span<byte> to = result.AsSpan(y * width * channels, width * channels);
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < channels; c++)
                {
                    to[(x * channels) + c] = Sum(taps[x], from[((taps[x].First * channels) + c)..], channels);
                }
            }
        }

        return new Pixels(width, image.Height, channels, result);
    }

    private static Pixels Down(Pixels image, int height)
    {
        Taps[] taps = Weights(image.Height, height);
        int line = image.Width * image.Channels;
        byte[] result = new byte[checked(line * height)];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> from = image.Data.AsSpan(taps[y].First * line);
            for (int x = 0; x < line; x++)
            {
                result[(y * line) + x] = Sum(taps[y], from[x..], line);
            }
        }

        return new Pixels(image.Width, height, image.Channels, result);
    }

    private static byte Sum(in Taps taps, ReadOnlySpan<byte> from, int step)
    {
        int sum = 1 << (Bits - 1);
        for (int i = 0; i < taps.Weights.Length; i++)
        {
            sum += from[i * step] * taps.Weights[i];
        }

        return (byte)Math.Clamp(sum >> Bits, 0, 255);
    }

    private static Taps[] Weights(int from, int to)
    {
        double scale = (double)from / to;
        double support = Math.Max(scale, 1);
        Taps[] taps = new Taps[to];
        for (int i = 0; i < to; i++)
        {
            double centre = (i + 0.5) * scale;
            int first = Math.Max(0, (int)(centre - support + 0.5));
            int count = Math.Min(from, (int)(centre + support + 0.5)) - first;
            double[] weights = new double[count];
            double total = 0;
            for (int k = 0; k < count; k++)
            {
                weights[k] = Math.Max(0, 1 - Math.Abs((k + first - centre + 0.5) * (1 / support)));
                total += weights[k];
            }

            taps[i] = new Taps(first, [.. weights.Select(w => (int)(0.5 + (w / total * (1 << Bits))))]);
        }

        return taps;
    }

    private readonly record struct Taps(int First, int[] Weights);
}
