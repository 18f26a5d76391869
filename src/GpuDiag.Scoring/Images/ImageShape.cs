using GpuDiag.Scoring.Models;

namespace GpuDiag.Scoring.Images;

/// <summary>A recipe settled for a model's input: every size known.</summary>
internal sealed record ImageShape(int Width, int Height, ImageChannels Channels, ImageLayout Layout, ImageRecipe Recipe)
{
    public int ChannelCount => Channels == ImageChannels.Grey ? 1 : 3;

    /// <summary>Sizes of a row, without the batch.</summary>
    public long[] Dims => Layout == ImageLayout.Nchw ? [ChannelCount, Height, Width] : [Height, Width, ChannelCount];

    /// <exception cref="InputException">The input takes no images, or recipe and model contradict each other or leave a size open.</exception>
    public static ImageShape For(ModelPort port, ImageRecipe recipe, string file)
    {
        if (port.Dims.Count != 4 || port.Type is not (PortType.Float or PortType.Double or PortType.Half or PortType.Byte))
            throw new InputException($"its input '{port.Name}' is {port.Declared}, which is no batch of images", file, remedy: "Images go to float or uint8 inputs of four dimensions; name another with --input NAME=COL.");
        var layout = recipe.Layout ?? (IsChannels(port.Dims[1]) || !IsChannels(port.Dims[3]) ? ImageLayout.Nchw : ImageLayout.Nhwc);
        (long channels, long height, long width) = layout == ImageLayout.Nchw
            ? (port.Dims[1], port.Dims[2], port.Dims[3])
            : (port.Dims[3], port.Dims[1], port.Dims[2]);
        int wanted = recipe.Channels is { } asked ? (asked == ImageChannels.Grey ? 1 : 3) : channels == 1 ? 1 : 3;
        if (channels > 0 && channels != wanted)
            throw new InputException($"its input '{port.Name}' is {port.Declared}: {channels} channels where the images have {wanted}", file, remedy: "See --image-channels and --image-layout.");
        var size = (Width: Settle("width", width, recipe.Size?.Width), Height: Settle("height", height, recipe.Size?.Height));
        if (recipe.ShorterSide is int side && side < Math.Max(size.Width, size.Height))
            throw new InputException($"--image-resize {side} leaves less than the {size.Width}x{size.Height} that the model takes", remedy: "Give at least the larger side.");
        foreach (var (name, values) in new[] { ("mean", recipe.Mean), ("std", recipe.Std) })
        {
            if (values.Count != 1 && values.Count != wanted)
                throw new InputException($"--image-{name} has {values.Count} numbers for {wanted} channels", remedy: "Give one, or one per channel.");
        }
        return new ImageShape(size.Width, size.Height, recipe.Channels ?? (wanted == 1 ? ImageChannels.Grey : ImageChannels.Rgb), layout, recipe);

        int Settle(string what, long model, int? recipe)
        {
            if (model > 0 && recipe is int other && other != model)
                throw new InputException($"its input '{port.Name}' is {port.Declared}: a {what} of {model} where --image-size says {other}", file, remedy: "Leave --image-size out: the model says the size.");
            long size = model > 0 ? model : recipe ?? throw new InputException($"its input '{port.Name}' is {port.Declared}, which leaves the {what} open", file, remedy: "Give the size that it was trained with: --image-size 224x224.");
            return size <= 1 << 15 ? (int)size : throw new InputException($"its input '{port.Name}' is {port.Declared}: images of {size} pixels a side are too large", file, remedy: "Export the model for smaller images.");
        }
    }

    private static bool IsChannels(long size) => size is 1 or 3;
}
