using System.Globalization;
using GpuDiag.Cli.Options;
using GpuDiag.Scoring;
using GpuDiag.Scoring.Images;

namespace GpuDiag.Cli.Commands;

/// <summary>What the command line of a scoring run means. Neither model nor data is opened.</summary>
internal sealed record ScoreRequest(ScoreOptions Options, string Out, bool Json, bool Quiet)
{
    /// <exception cref="InputException">Something is wrong with an option.</exception>
    public static ScoreRequest From(OptionValues values, CommandSpec command)
    {
        if (values.Text("config") is string config)
            values.Underlay(ConfigFile.Read(config, command));
        string? model = values.Text("model");
        List<string> inputs = model is null ? [.. values.Inputs.Skip(1)] : values.Inputs;
        model ??= values.Inputs.FirstOrDefault();
        if (model is null || inputs.Count == 0)
            throw new InputException(model is null ? "no model is given" : "no data is given", remedy: "Name the model, then the data: gpudiag score model.onnx data.parquet");
        var options = new ScoreOptions
        {
            Model = model,
            Inputs = inputs,
            Columns = values.Texts("input"),
            Outputs = values.Texts("output"),
            Image = values.Text("image"),
            ImageRoot = values.Text("image-root"),
            Recipe = Recipe(values),
            Classes = values.Text("classes") is string file ? ClassList.Read(file) : null,
            Carry = values.Texts("carry"),
            PassMissing = values.Text("missing") == "pass",
            Batch = (int?)values.Whole("batch"),
            Device = values.Text("device") ?? "auto",
            Threads = (int?)values.Whole("threads"),
            Resume = values.Flag("resume"),
            SkipUnreadable = values.Text("on-error") == "skip",
        };
        return new ScoreRequest(options, values.Text("out") ?? "gpudiag-score", values.Text("format") == "json", values.Flag("quiet"));
    }

    private static ImageRecipe Recipe(OptionValues values)
    {
        var defaults = new ImageRecipe();
        return new ImageRecipe
        {
            Size = values.Text("image-size") is string size ? Size(size) : null,
            ShorterSide = (int?)values.Whole("image-resize"),
            Scale = values.Text("image-scale") is string scale ? Numbers("image-scale", scale, nonZero: true)[0] : defaults.Scale,
            Mean = values.Text("image-mean") is string mean ? Numbers("image-mean", mean, nonZero: false) : defaults.Mean,
            Std = values.Text("image-std") is string std ? Numbers("image-std", std, nonZero: true) : defaults.Std,
            Channels = values.Text("image-channels") switch { "rgb" => ImageChannels.Rgb, "bgr" => ImageChannels.Bgr, "grey" => ImageChannels.Grey, _ => null },
            Layout = values.Text("image-layout") switch { "nchw" => ImageLayout.Nchw, "nhwc" => ImageLayout.Nhwc, _ => null },
        };
    }

    /// <summary><c>224</c> or <c>WIDTHxHEIGHT</c>.</summary>
    private static (int Width, int Height) Size(string text)
    {
        string[] parts = text.Split('x');
        int[] sizes = [.. parts.Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size is > 0 and <= 1 << 15 ? size : 0)];
        return sizes is [> 0] ? (sizes[0], sizes[0]) : sizes is [> 0, > 0] ? (sizes[0], sizes[1])
            : throw new InputException($"--image-size: '{text}' is no size in pixels", remedy: "Write 224 or 320x240, width before height.");
    }

    private static double[] Numbers(string option, string text, bool nonZero)
    {
        double[] numbers = [.. text.Split(',').Select(p =>
            double.TryParse(p.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : double.NaN)];
        if (numbers.Any(double.IsNaN) || (nonZero && numbers.Contains(0)) || numbers.Length is not (1 or 3) || (option == "image-scale" && numbers.Length != 1))
            throw new InputException($"--{option}: '{text}' is not {(option == "image-scale" ? "a number other than 0" : $"one number or three{(nonZero ? ", none of them 0" : "")}")}", remedy: option == "image-scale" ? "Write 255 or 1." : $"Write --{option} 0.485,0.456,0.406");
        return numbers;
    }
}
