using GpuDiag.Analyses.Drift;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports.Drift;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Drift;

/// <summary>Cells of columns without categories: bins of numbers and clusters of vectors, cut by the reference.</summary>
public sealed class DriftCutsTests : IDisposable
{
    private const int Rows = 4000;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Numbers_AreCellsWhereThereIsNothingElse_AndTheTableSumsToTheDrop()
    {
        string reference = Write("reference", 1, false), current = Write("current", 2, true);
        DriftResult result = Compare(reference, current);
        DriftAccuracy accuracy = result.Accuracy!;
        Assert.Equal(["cluster(embedding)", "label", "noise", "size"], accuracy.Decompositions.Select(d => d.Segmentation).Order(StringComparer.Ordinal));
        Assert.All(accuracy.Decompositions, d =>
        {
            Assert.Equal(accuracy.Change!.Value.Value!.Value, d.Total);
            Assert.Equal(d.Total, d.Cells.Sum(c => c.Mix + c.Within));
            Assert.Equal((Rows, Rows), (d.Cells.Sum(c => c.ReferenceRows), d.Cells.Sum(c => c.CurrentRows)));
        });

        // Large ones are harder, and there are more of them: mix, not a worse model.
        Assert.Contains(accuracy.Decompositions[0].Segmentation, (string[])["size", "cluster(embedding)"]);
        Decomposition size = accuracy.Decompositions.Single(d => d.Segmentation == "size"), noise = accuracy.Decompositions.Single(d => d.Segmentation == "noise");
        Assert.True(size.Total < -0.1 && size.Mix < 0.9 * size.Total, $"{size.Mix} of {size.Total}");
        Assert.True(Math.Abs(noise.Mix) < 0.01);
        Assert.True(result.Kind.Points!.Covariate < 0.8 * size.Total);

        // Tenths of the reference, and a tally of its own says the same of each.
        Assert.Equal(10, size.Cells.Count);
        Assert.All(size.Cells, c => Assert.InRange(c.ReferenceRows, 380, 420));
        DecompositionCell last = size.Cells.Single(c => c.Value!.StartsWith('>'));
        double edge = double.Parse(last.Value![2..], System.Globalization.CultureInfo.InvariantCulture);
        Row[] above = [.. Data(2, true).Where(r => r.Size > edge)];
        Assert.Equal(above.Length, last.CurrentRows);
        Assert.Equal((double)above.Count(r => r.Label == r.Pred) / above.Length, last.CurrentAccuracy!.Value, 1e-12);
    }

    [Fact]
    public void Cells_DependOnTheRowsAlone()
    {
        string current = Write("current", 2, true);
        byte[] whole = Bytes(Compare(Write("reference", 1, false), current));
        Row[] rows = Data(1, false);
        new Random(9).Shuffle(rows);
        string first = Write("first", rows[..1100], 3), second = Write("second", rows[1100..], 2);
        Assert.Equal(whole, Bytes(Compare(first, current, o => o with { Further = [second], Threads = 2, Memory = 1 << 20 })));

        // A saved reference has its cells; another's, cut at other places, are left out where the two are joined.
        string saved = folder["saved"];
        using (FileStream stream = File.Create(saved))
        {
            Run([folder["reference.parquet"]], o => o).SaveReference(stream);
        }

        Assert.Equal(whole, Bytes(Compare(saved, current)));
        Assert.Equal(["label"], Compare(saved, current, o => o with { Further = [Saved("other", [first])] }).Accuracy!.Decompositions.Select(d => d.Segmentation));
        Assert.Equal(["label"], Compare(saved, Saved("now", [current])).Accuracy!.Decompositions.Select(d => d.Segmentation));

        string Saved(string name, IReadOnlyList<string> data)
        {
            using FileStream stream = File.Create(folder[name]);
            Run([data[0]], o => o with { Further = [.. data.Skip(1)] }).SaveReference(stream);
            return folder[name];
        }
    }

    [Fact]
    public void Bins_ThatAreAskedForStandBesideSegments()
    {
        string reference = Write("reference", 1, false), current = Write("current", 2, true);
        DriftResult result = Compare(reference, current, o => o with { Bins = [new BinOption("SIZE", 5)] });
        Assert.Equal(["size", "label"], result.Accuracy!.Decompositions.Select(d => d.Segmentation));
        Assert.Equal(5, result.Accuracy.Decompositions[0].Cells.Count);
        result = Compare(reference, current, o => o with { Bins = [new BinOption("size", 5)], Segments = ["label"] });
        Assert.Equal(3, result.Accuracy!.Decompositions.Count);
        Assert.Equal(["label"], Compare(reference, current, o => o with { Segments = ["none"] }).Accuracy!.Decompositions.Select(d => d.Segmentation));

        Assert.Contains("no bins", Assert.Throws<InputException>(() => Compare(reference, current, o => o with { Bins = [new BinOption("pred")] })).Message, StringComparison.Ordinal);
        Assert.Contains("no such column", Assert.Throws<InputException>(() => Compare(reference, current, o => o with { Bins = [new BinOption("gone")] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Estimates_AreCalibratedPerCell()
    {
        // Current rows without labels: all confidences are alike, and only the size says how much they are worth.
        string reference = Write("reference", 1, false), current = Write("current", 2, true, labels: false);
        DriftAccuracy accuracy = Compare(reference, current).Accuracy!;
        Assert.Null(accuracy.Current);
        Assert.NotNull(accuracy.Estimated!.Segmentation);
        double truth = Data(2, true).Average(r => r.Label == r.Pred ? 1.0 : 0);
        Assert.InRange(truth, accuracy.Estimated.Low - 0.01, accuracy.Estimated.High + 0.01);
        Assert.True(accuracy.Reference!.Value.Value - truth > 0.1);
    }

    /// <summary>Found by fuzzing (docs/robustness.md): content under a sound checksum that contradicts itself came out as faults of the comparison.</summary>
    [Fact]
    public void SavedStates_ThatContradictThemselvesAreRefused()
    {
        SavedState sound = Run([Write("reference", Data(1, false)[..60], 1)], o => o).Reference;
        byte[] content = Content(sound);
        Assert.Equal(60, Load(content)!.State.Rows);
        Assert.Null(Load(Content(sound with { State = sound.State.Where(s => s.Columns.Count > 0) })));
        sound.State.Rows++;
        Assert.Null(Load(Content(sound)));
        sound.State.Rows--;
        Random random = new(5);
        int accepted = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] changed = [.. content];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            if (Load(changed) is { } state)
            {
                accepted++;
                DriftFinish.Compare(sound.State, state.State, [], new DriftOptions { Datasets = [], Threads = 1 });
                DriftFinish.Compare(state.State, sound.State, [], new DriftOptions { Datasets = [], Threads = 1 });
            }
        }

        Assert.InRange(accepted, 1, 299);

        static byte[] Content(SavedState state)
        {
            using MemoryStream written = new();
            using (BinaryWriter writer = new(written, System.Text.Encoding.UTF8, leaveOpen: true))
            {
                state.Write(writer);
            }

            return written.ToArray();
        }

        SavedState? Load(byte[] bytes)
        {
            using (FileStream file = File.Create(folder["changed"]))
            {
                SavedState.Pack(bytes, file);
            }

            try
            {
                return SavedState.Load(folder["changed"]);
            }
            catch (InputException)
            {
                return null;
            }
        }
    }

    private sealed record Row(int Label, int Pred, double Size, double Noise);

    private static Row[] Data(int seed, bool large)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, Rows).Select(_ =>
        {
            double u = random.NextDouble(), size = large ? Math.Sqrt(u) : u * u;
            int label = random.Next(2);
            return new Row(label, random.NextDouble() < 0.02 + (0.4 * size) ? 1 - label : label, size, random.NextDouble());
        })];
    }

    private string Write(string name, int seed, bool large, bool labels = true) => Write(name, Data(seed, large), 1, labels);

    private string Write(string name, Row[] rows, int groups, bool labels = true) => DriftFile.Write(
        folder[$"{name}.parquet"],
        groups,
        [
            .. labels ? [("label", rows.Select(r => r.Label).ToArray())] : ((string, Array)[])[],
            ("pred", rows.Select(r => r.Pred).ToArray()), ("confidence", rows.Select(_ => 0.8).ToArray()), ("size", rows.Select(r => r.Size).ToArray()), ("noise", rows.Select(r => r.Noise).ToArray()),
            ("embedding", rows.Select(r => new float[] { (float)r.Size, (float)(1 - r.Size) }).ToArray()),
        ]);

    private static DriftOutcome Run(IReadOnlyList<string> datasets, Func<DriftOptions, DriftOptions> change) =>
        GpuDiag.Analyses.Drift.Drift.Run(change(new DriftOptions { Datasets = datasets, Device = "cpu" }), null, default);

    private static DriftResult Compare(string reference, string current, Func<DriftOptions, DriftOptions>? change = null) => Run([reference, current], change ?? (o => o)).Results[0];

    private static byte[] Bytes(DriftResult result)
    {
        using MemoryStream stream = new();
        DriftJson.Write(stream, [result], new RunInfo { Version = "", Roles = [], Device = new DeviceUsed("", "", ""), Threads = 1, Seed = 0, Inputs = [], Timings = [] });
        return stream.ToArray();
    }
}
