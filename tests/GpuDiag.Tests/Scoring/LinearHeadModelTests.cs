using GpuDiag.Scoring;
using Microsoft.ML.OnnxRuntime;

namespace GpuDiag.Tests.Scoring;

public class LinearHeadModelTests
{
    // Two dimensions, three classes; logits of (1, 2): 1·0.5 + 2·1 + 0.25 = 2.75, 1·2 − 2·1 + 0 = 0, 1·(−1) + 2·0 − 1 = −2.
    private static readonly float[] Weights = [0.5f, 1, 2, -1, -1, 0];
    private static readonly float[] Bias = [0.25f, 0, -1];

    [Fact]
    public void Head_GivesLogitsProbabilitiesLabelAndTheEmbedding()
    {
        using var stream = new MemoryStream();
        LinearHeadModel.Write(stream, Weights, Bias, ["cat", "dog", "\"é\""]);
        using var session = new InferenceSession(stream.ToArray());
        Assert.Equal("""["cat","dog","\u0022\u00E9\u0022"]""", session.ModelMetadata.CustomMetadataMap["classes"]);
        using var input = OrtValue.CreateTensorValueFromMemory(new float[] { 1, 2, 4, -4 }, [2, 2]);
        using var outputs = session.Run(
            new RunOptions(), [LinearHeadModel.Input], [input],
            [LinearHeadModel.Logits, LinearHeadModel.Probabilities, LinearHeadModel.Label, LinearHeadModel.Embeddings]);
        Assert.Equal([2.75f, 0, -2, -1.75f, 12, -5], outputs[0].GetTensorDataAsSpan<float>());
        Assert.Equal([0L, 1], outputs[2].GetTensorDataAsSpan<long>());
        Assert.Equal([1f, 2, 4, -4], outputs[3].GetTensorDataAsSpan<float>());
        double[] parts = [Math.Exp(2.75), 1, Math.Exp(-2)];
        for (int c = 0; c < 3; c++)
            Assert.Equal(parts[c] / parts.Sum(), outputs[1].GetTensorDataAsSpan<float>()[c], 1e-6);
    }

    [Fact]
    public void Head_IsTheSameBytesEachTime()
    {
        byte[][] models = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            using var stream = new MemoryStream();
            LinearHeadModel.Write(stream, Weights, Bias, ["a", "b", "c"]);
            return stream.ToArray();
        })];
        Assert.Equal(models[0], models[1]);
    }

    [Fact]
    public void Head_RefusesWhatFitsNoShape()
    {
        using var stream = new MemoryStream();
        Assert.Throws<ArgumentException>(() => LinearHeadModel.Write(stream, Weights.AsSpan(1), Bias, ["a", "b", "c"]));
        Assert.Throws<ArgumentException>(() => LinearHeadModel.Write(stream, Weights, Bias, ["a", "b"]));
        Assert.Throws<ArgumentException>(() => LinearHeadModel.Write(stream, [], [], []));
    }

    [Fact]
    public void Head_ThatCannotBeWrittenIsAFaultOfTheInput() =>
        Assert.Throws<InputException>(() => LinearHeadModel.Write(Path.Combine(Path.GetTempPath(), "no-such-folder", "head.onnx"), Weights, Bias, ["a", "b", "c"]));
}
