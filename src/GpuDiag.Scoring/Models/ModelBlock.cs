using GpuDiag.Columns;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GpuDiag.Scoring.Models;

/// <summary>
/// Memory for the inputs and outputs of one run of a model, bound to it once. Always as many rows, so that a
/// row meets the same code whichever block it comes in; the rows behind the last one repeat it.
/// </summary>
internal sealed class ModelBlock : IDisposable
{
    private readonly OnnxModel model;
    private readonly OrtIoBinding binding;
    private readonly RunOptions run = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly List<AlignedMemory> memory = [];
    private readonly List<OrtValue> values = [];
    private readonly AlignedMemory?[] outputs;
    private readonly int[] inputBytes;

    /// <param name="model">Shared by all blocks.</param>
    /// <param name="inputs">What goes in.</param>
    /// <param name="outputs">What comes out, of known shapes; null for a first run that finds them.</param>
    /// <param name="names">The outputs asked for.</param>
    /// <param name="rows">Rows per run.</param>
    public ModelBlock(OnnxModel model, IReadOnlyList<ModelInput> inputs, IReadOnlyList<OutputShape>? outputs, IReadOnlyList<string> names, int rows)
    {
        (this.model, Rows) = (model, rows);
        binding = model.Session.CreateIoBinding();
        inputBytes = [.. inputs.Select(i => i.RowBytes)];
        this.outputs = new AlignedMemory?[names.Count];
        foreach (var input in inputs)
            binding.BindInput(input.Port.Name, Allocate(input.Port.Type, [rows, .. input.Dims]));
        for (int i = 0; i < names.Count; i++)
        {
            if (outputs?[i] is { Type: not PortType.String } shape)
            {
                binding.BindOutput(names[i], Allocate(shape.Type, [rows, .. shape.Dims]));
                this.outputs[i] = memory[^1];
            }
            else
            {
                binding.BindOutputToDevice(names[i], OrtMemoryInfo.DefaultInstance);
            }
        }
    }

    public int Rows { get; }

    /// <summary>An input's rows, in the model's type.</summary>
    public Span<byte> Input(int input) => memory[input].Span<byte>(checked(Rows * inputBytes[input]));

    /// <summary>Runs the model on all rows.</summary>
    /// <exception cref="InputException">The model refuses them.</exception>
    public void Run()
    {
        try
        {
            model.Session.RunWithBinding(run, binding);
        }
        catch (OnnxRuntimeException fault)
        {
            throw model.Explain(fault);
        }
    }

    /// <summary>The values of an output of fixed-size values.</summary>
    public ReadOnlySpan<T> Output<T>(int output, int count)
        where T : unmanaged => outputs[output]!.Span<T>(count);

    /// <summary>The shapes that a run gave.</summary>
    public IReadOnlyList<OutputShape> Shapes()
    {
        using var results = binding.GetOutputValues();
        return [.. results.Select(value =>
        {
            if (!value.IsTensor)
                return new OutputShape(PortType.Other, []);
            var info = value.GetTensorTypeAndShape();
            return new OutputShape(Kind(info.ElementDataType), info.Shape);
        })];
    }

    /// <summary>The values of an output of texts.</summary>
    public string[] Texts(int output)
    {
        using var results = binding.GetOutputValues();
        return results[output].GetStringTensorAsArray();
    }

    public void Dispose()
    {
        binding.Dispose();
        run.Dispose();
        values.ForEach(v => v.Dispose());
        memory.ForEach(m => m.Dispose());
    }

    private OrtValue Allocate(PortType type, long[] dims)
    {
        long bytes = dims.Aggregate((long)new ModelPort("", type, [], "").Size, (a, b) => checked(a * b));
        var block = new AlignedMemory();
        memory.Add(block);
        block.Reserve(checked((nuint)bytes));
        var value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, Element(type), dims, block.Pointer, bytes);
        values.Add(value);
        return value;
    }

    private static readonly (PortType Type, TensorElementType)[] Elements =
    [
        (PortType.Float, TensorElementType.Float),
        (PortType.Double, TensorElementType.Double),
        (PortType.Int64, TensorElementType.Int64),
        (PortType.Int32, TensorElementType.Int32),
        (PortType.Int8, TensorElementType.Int8),
        (PortType.Byte, TensorElementType.UInt8),
        (PortType.Bool, TensorElementType.Bool),
        (PortType.Half, TensorElementType.Float16),
        (PortType.String, TensorElementType.String),
    ];

    private static TensorElementType Element(PortType type) => Elements.First(e => e.Type == type).Item2;

    private static PortType Kind(TensorElementType element)
        => Elements.FirstOrDefault(e => e.Item2 == element, (PortType.Other, element)).Item1;
}

/// <summary>What a run gave for an output.</summary>
/// <param name="Dims">From <see cref="ModelBlock.Shapes"/> with the batch, as bound without it.</param>
internal sealed record OutputShape(PortType Type, IReadOnlyList<long> Dims)
{
    /// <summary>Values per row.</summary>
    public int Width { get; } = (int)Math.Min(int.MaxValue, Dims.Aggregate(1L, (a, b) => a * b));
}
