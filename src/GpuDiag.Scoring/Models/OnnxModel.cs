using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using GpuDiag.Analyses.Scan;
using GpuDiag.Engine;
using Microsoft.ML.OnnxRuntime;

namespace GpuDiag.Scoring.Models;

/// <summary>
/// A model in ONNX Runtime, on the device asked for. Every run of it uses one thread: several workers run blocks of rows
/// side by side, which is as fast, and how sums are cut among threads cannot reach a result.
/// </summary>
internal sealed partial class OnnxModel : IDisposable
{
    private OnnxModel(ModelFile file, InferenceSession session, DeviceUsed device) => (File, Session, Device) = (file, session, device);

    public ModelFile File { get; }

    public InferenceSession Session { get; }

    public DeviceUsed Device { get; }

    public bool IsGpu => Device.Backend == "cuda";

    /// <param name="file">Read and checked.</param>
    /// <param name="device"><c>auto</c>, <c>cuda</c>, <c>cuda:i</c>, <c>cpu</c>; the environment variable of other commands overrides it.</param>
    /// <exception cref="InputException">ONNX Runtime does not take the model, or there is no device of this name.</exception>
    /// <exception cref="DeviceException">CUDA was asked for and is not there.</exception>
    public static OnnxModel Open(ModelFile file, string device)
    {
        string? forced = Environment.GetEnvironmentVariable(BackendCatalog.Variable);
        string asked = string.IsNullOrEmpty(forced) ? device : forced;
        string why = string.IsNullOrEmpty(forced) ? "asked for" : $"{BackendCatalog.Variable}={forced}";
        if (asked == "cpu")
            return OpenCpu(file, why);
        if (asked != BackendCatalog.Auto && !CudaName().IsMatch(asked))
            throw new InputException($"models do not run on '{asked}'", remedy: "Use auto, cuda, cuda:1 or cpu.");
        int index = asked.Contains(':', StringComparison.Ordinal) ? int.Parse(asked.Split(':')[1], CultureInfo.InvariantCulture) : 0;
        string? missing = CudaMissing();
        if (missing is null)
        {
            try
            {
                using var options = Options();
                using var cuda = new OrtCUDAProviderOptions();
                cuda.UpdateOptions(new Dictionary<string, string>
                {
                    ["device_id"] = index.ToString(CultureInfo.InvariantCulture),
                    ["cudnn_conv_algo_search"] = "HEURISTIC", // EXHAUSTIVE chooses by time: another choice, other last bits.
                    ["use_tf32"] = "0",
                });
                options.AppendExecutionProvider_CUDA(cuda);
                return new OnnxModel(file, Load(file, options), new DeviceUsed("cuda", $"GPU {index}, ONNX Runtime {OrtEnv.Instance().GetVersionString()}", asked == BackendCatalog.Auto ? "CUDA provider found" : why));
            }
            catch (OnnxRuntimeException fault)
            {
                missing = FirstLine(fault.Message);
            }
        }
        if (asked != BackendCatalog.Auto)
            throw new DeviceException($"no CUDA for models: {missing}\n  --device cpu works everywhere");
        return OpenCpu(file, $"no CUDA: {missing}");
    }

    public void Dispose() => Session.Dispose();

    /// <summary>What ONNX Runtime says of a run of the model, as a fault of the input.</summary>
    public InputException Explain(OnnxRuntimeException fault) =>
        new($"the model fails on these rows: {FirstLine(fault.Message)}", File.Path, remedy: "See --input, and what the model was exported for.", inner: fault);

    private static OnnxModel OpenCpu(ModelFile file, string reason)
    {
        using var options = Options();
        return new OnnxModel(file, Load(file, options), new DeviceUsed("cpu", $"{RuntimeInformation.ProcessArchitecture}, ONNX Runtime {OrtEnv.Instance().GetVersionString()}".ToLowerInvariant(), reason));
    }

    /// <summary>Why the CUDA provider cannot be had; null where it may be.</summary>
    private static string? CudaMissing()
    {
        if (!OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
            return "this build has ONNX Runtime for CPUs; build with -p:OnnxRuntime=Gpu for the other";
        return BackendCatalog.Drivers().First(d => d.Name == "cuda").Found ? null : "no driver";
    }

    private static SessionOptions Options()
    {
        OrtEnv.Instance().DisableTelemetryEvents();
        return new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // What matters is thrown.
        };
    }

    private static InferenceSession Load(ModelFile file, SessionOptions options)
    {
        try
        {
            // From memory, so that what was checked is what runs; where weights lie beside, they are found by the path.
            return file.External.Count == 0 ? new InferenceSession(file.Content, options) : new InferenceSession(file.Path, options);
        }
        catch (OnnxRuntimeException fault) when (!fault.Message.Contains("CUDA", StringComparison.OrdinalIgnoreCase))
        {
            throw Explain(file, fault);
        }
    }

    private static InputException Explain(ModelFile file, OnnxRuntimeException fault)
    {
        string text = fault.Message;
        bool opset = text.Contains("opset", StringComparison.OrdinalIgnoreCase) || text.Contains("IR version", StringComparison.OrdinalIgnoreCase);
        bool op = text.Contains("is not a registered function/op", StringComparison.Ordinal) || text.Contains("Could not find an implementation", StringComparison.Ordinal);
        return new InputException(
            opset ? $"needs opset {file.Opset}, which ONNX Runtime {OrtEnv.Instance().GetVersionString()} does not know" : $"ONNX Runtime does not take the model: {FirstLine(text)}",
            file.Path,
            remedy: opset ? "Export it for an older opset, such as 17."
                : op ? "It uses an operator that ONNX Runtime does not have: export it from standard operators."
                : "Export it again, and check it with the exporter's own checker.",
            inner: fault);
    }

    private static string FirstLine(string message)
    {
        string line = ErrorCode().Replace(message.Split('\n')[0], "").Trim();
        return Reports.Plain.Name(line, 300);
    }

    [GeneratedRegex(@"^cuda(:\d{1,3})?$")]
    private static partial Regex CudaName();

    [GeneratedRegex(@"^\[ErrorCode:\w+\]\s*")]
    private static partial Regex ErrorCode();
}
