using System.Runtime.InteropServices;
using GpuDiag.Columns.Images;
using GpuDiag.Scoring.Models;

namespace GpuDiag.Scoring.Images;

/// <summary>Makes a model's input row of a picture's bytes. Safe to use from several threads.</summary>
internal sealed class ImageTensor
{
    private readonly ImageShape shape;
    private readonly PortType type;
    private readonly float[][] values;

    public ImageTensor(ImageShape shape, PortType type)
    {
        (this.shape, this.type) = (shape, type);
        // One entry per channel and byte: 256 divisions instead of one per pixel, and one rounding to float.
        values = [.. Enumerable.Range(0, shape.ChannelCount).Select(channel => Enumerable.Range(0, 256).Select(level => (float)Value(level, channel)).ToArray())];
    }

    /// <exception cref="InvalidDataException">The bytes are no picture that can be decoded.</exception>
    public void Fill(byte[] content, Span<byte> row)
    {
        var pixels = Fit(ImageDecoder.Decode(content, shape.ChannelCount));
        switch (type)
        {
            case PortType.Byte:
                Spread(pixels, row, static (_, level) => level);
                break;
            case PortType.Float:
                Spread(pixels, MemoryMarshal.Cast<byte, float>(row), (channel, level) => values[channel][level]);
                break;
            case PortType.Double:
                Spread(pixels, MemoryMarshal.Cast<byte, double>(row), (channel, level) => Value(level, channel));
                break;
            default:
                Spread(pixels, MemoryMarshal.Cast<byte, Half>(row), (channel, level) => (Half)values[channel][level]);
                break;
        }
    }

    private double Value(int level, int channel)
    {
        double Of(IReadOnlyList<double> list) => list.Count == 1 ? list[0] : list[channel];
        return ((level / shape.Recipe.Scale) - Of(shape.Recipe.Mean)) / Of(shape.Recipe.Std);
    }

    private Pixels Fit(Pixels image)
    {
        if (shape.Recipe.ShorterSide is not int side)
            return Resample.To(image, shape.Width, shape.Height);
        // torchvision's Resize and CenterCrop: the longer side is cut off to whole pixels, the margin rounds half to even.
        var (width, height) = image.Width <= image.Height
            ? (side, (int)((long)side * image.Height / image.Width))
            : ((int)((long)side * image.Width / image.Height), side);
        if ((long)width * height > ImageDecoder.MostPixels)
            throw new InvalidDataException($"is {image.Width} × {image.Height} pixels: too long and narrow to cut its middle");
        var resized = Resample.To(image, width, height);
        return resized.Crop(Middle(width - shape.Width), Middle(height - shape.Height), shape.Width, shape.Height);
    }

    private static int Middle(int margin) => (int)Math.Round(margin / 2.0, MidpointRounding.ToEven);

    private void Spread<T>(Pixels pixels, Span<T> row, Func<int, byte, T> value)
    {
        int channels = shape.ChannelCount;
        int area = shape.Width * shape.Height;
        for (int channel = 0; channel < channels; channel++)
        {
            int source = shape.Channels == ImageChannels.Bgr ? channels - 1 - channel : channel;
            for (int i = 0; i < area; i++)
            {
                T v = value(channel, pixels.Data[(i * channels) + source]);
                if (shape.Layout == ImageLayout.Nchw)
                    row[(channel * area) + i] = v;
                else
                    row[(i * channels) + channel] = v;
            }
        }
    }
}
