using System.Text;
using GpuDiag.Analyses.Drift;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Cli.Commands;
using GpuDiag.Cli.Options;
using GpuDiag.Columns;
using GpuDiag.Columns.Images;
using GpuDiag.Columns.Parquet;
using GpuDiag.Reports.Drift;
using GpuDiag.Reports.Gates;
using GpuDiag.Scoring.Models;

namespace GpuDiag.Fuzz;

/// <summary>
/// What takes bytes from outside. Each either works or throws <see cref="InputException"/> (pictures:
/// <see cref="InvalidDataException"/>); anything else that comes out is a fault.
/// </summary>
internal static class Targets
{
    /// <summary>Rows of a file that are read: a small file can hold billions.</summary>
    private const long MostRows = 20_000;

    private static readonly string Scratch = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"fuzz-{Environment.ProcessId}");

    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } = new Dictionary<string, Action<byte[]>>
    {
        ["parquet"] = data => InFile(data, path => Read(SourceCatalog.Open(path))),
        ["parquet-managed"] = data => InFile(data, path => Read(new ManagedParquetSource(path))),
        ["arrow"] = data => InFile(data, path => Read(SourceCatalog.Open(path))),
        ["npy"] = data => InFile(data, path => Read(SourceCatalog.Open(path))),
        ["onnx"] = data => InFile(data, path =>
        {
            var model = ModelFile.Read(path);
            ClassNames.From(model.Metadata, path);
            OutputResolver.Resolve(model, ["y=probs"]);
        }),
        ["onnx-runtime"] = data => InFile(data, path => OnnxModel.Open(ModelFile.Read(path), "cpu").Dispose()),
        ["toml"] = data => InFile(data, path => ConfigFile.Read(path, CommandCatalog.Scan)),
        ["drift-state"] = data => InFile(data, path => Compare(SavedState.Load(path))),
        ["drift-state-content"] = data =>
        {
            // Under a checksum of its own, so that what is read is reached.
            using var file = new MemoryStream();
            SavedState.Pack(data, file);
            InFile(file.ToArray(), path => Compare(SavedState.Load(path)));
        },
        ["state"] = data => InFile(data, path =>
        {
            StateBook.Peek(path, "0");
            var book = StateBook.Read(path, "0");
            if (!book.IsMerged)
                StateBook.CheckParts([book], null);
        }),
        ["gate"] = data => Guard(() => Gate.Parse(Encoding.UTF8.GetString(data))),
        ["image"] = data =>
        {
            try
            {
                ImageDecoder.Decode(data, 3);
                ImageDecoder.Decode(data, 1);
            }
            catch (InvalidDataException)
            {
            }
        },
    };

    private static void InFile(byte[] data, Action<string> act)
    {
        File.WriteAllBytes(Scratch, data);
        Guard(() => act(Scratch));
    }

    private static void Guard(Action act)
    {
        try
        {
            act();
        }
        catch (InputException)
        {
        }
    }

    /// <summary>What is done with a saved state that was accepted: compared with sound ones and with itself, merged, saved.</summary>
    private static void Compare(SavedState saved)
    {
        var options = new DriftOptions { Datasets = [], Threads = 1 };
        foreach (var other in SoundStates)
        {
            DriftFinish.Compare(other.State, saved.State, saved.Left, options);
            DriftFinish.Compare(saved.State, other.State, saved.Left, options);
            if (other.State.Columns.SequenceEqual(saved.State.Columns) && other.State.Segmentations.Count == saved.State.Segmentations.Count && other.State.Segmentations.Zip(saved.State.Segmentations).All(s => s.First.IsLike(s.Second)))
            {
                using var copy = new MemoryStream();
                other.Save(copy);
                File.WriteAllBytes(Scratch, copy.ToArray());
                SavedState.Load(Scratch).State.Merge(saved.State);
            }
        }
        var itself = DriftFinish.Compare(saved.State, saved.State, saved.Left, options);
        DriftJson.Write(Stream.Null, [itself], new RunInfo { Version = "", Roles = saved.Roles, Device = new DeviceUsed("", "", ""), Threads = 1, Seed = 0, Inputs = [], Timings = [] });
        saved.Save(Stream.Null);
    }

    private static SavedState[]? sound;

    private static SavedState[] SoundStates => sound ??= [.. Seeds.DriftStates(Scratch + ".parquet")];

    /// <summary>Every column in every form that it can have.</summary>
    private static void Read(ISource opened)
    {
        using ISource source = opened;
        foreach (Field field in source.Fields.Take(50))
        {
            foreach (ColumnForm form in Enum.GetValues<ColumnForm>())
            {
                if (!FormRules.Allows(field.Type, form))
                {
                    continue;
                }

                try
                {
                    Read(source, new ColumnRequest(field.Name, form, form == ColumnForm.Codes ? new Domain(field.Name) : null));
                }
                catch (InputException)
                {
                    // The next column or form may have a fault of its own.
                }
            }
        }
    }

    private static void Read(ISource source, ColumnRequest request)
    {
        using IChunkReader reader = source.Open([request]);
        using Batch batch = new([request], 256);
        long rows = 0;
        for (int chunk = 0; chunk < Math.Min(source.ChunkRows.Count, 50) && rows < MostRows; chunk++)
        {
            reader.Start(chunk);
            while (rows < MostRows && reader.Read(batch) > 0)
            {
                rows += batch.Rows;
            }
        }
    }
}
