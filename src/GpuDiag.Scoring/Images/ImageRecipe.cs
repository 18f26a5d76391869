namespace GpuDiag.Scoring.Images;

/// <summary>The order of a model's image dimensions.</summary>
public enum ImageLayout
{
    /// <summary>Channels before height and width.</summary>
    Nchw,
    /// <summary>Channels last.</summary>
    Nhwc,
}

/// <summary>What a picture's channels are, in this order.</summary>
public enum ImageChannels
{
    Rgb,
    Bgr,
    Grey,
}

/// <summary>
/// How a picture becomes numbers: decoded, resized (<c>docs/score.md</c>), then (byte / <see cref="Scale"/> − mean) / std
/// per channel. What is null follows from the model's input.
/// </summary>
public sealed record ImageRecipe
{
    public (int Width, int Height)? Size { get; init; }

    /// <summary>Resize so that the shorter side has this many pixels, then cut the middle. Null: stretch to the size.</summary>
    public int? ShorterSide { get; init; }

    /// <summary>What a byte of 255 is divided by.</summary>
    public double Scale { get; init; } = 255;

    /// <summary>One for all channels, or one per channel in the order of <see cref="Channels"/>.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0];

    public IReadOnlyList<double> Std { get; init; } = [1];

    public ImageChannels? Channels { get; init; }

    public ImageLayout? Layout { get; init; }
}
