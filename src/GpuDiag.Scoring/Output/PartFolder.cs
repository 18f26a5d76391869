using System.Text;
using System.Text.Json;
using GpuDiag.Reports;
using GpuDiag.Scoring.Rows;

namespace GpuDiag.Scoring.Output;

/// <summary>
/// The folder of parts. They are written to <c>predictions.partial</c>, each under a temporary name first and with a note
/// of its counts last, so a part with a note is whole; when all are there, the folder takes the name <c>predictions</c>.
/// Until then what an earlier run left stays as it was, and a run that is stopped can go on.
/// </summary>
internal sealed class PartFolder : IDisposable
{
    public const string Name = "predictions";
    private const string PlanName = "plan.json";

    private readonly string final;
    private readonly string partial;
    private readonly FileStream hold;
    private readonly bool created;

    /// <param name="folder">The output folder; it is there.</param>
    /// <param name="plan">All that results depend on, by name.</param>
    /// <param name="resume">Keep the parts of an earlier run of the same plan.</param>
    /// <exception cref="InputException">Another run writes here, or the earlier run was of another plan.</exception>
    public PartFolder(string folder, IReadOnlyDictionary<string, string> plan, bool resume)
    {
        final = Path.Combine(folder, Name);
        partial = final + ".partial";
        string lockPath = Path.Combine(folder, ".score.lock");
        try
        {
            hold = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException fault)
        {
            throw new InputException($"another run writes into this folder: {fault.Message}", folder, remedy: "Wait for it, or choose another place with --out.", inner: fault);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw OutputFolder.Explain(folder, fault);
        }
        try
        {
            if (Directory.Exists(partial))
            {
                // Without a plan the earlier run was stopped before its first part, or while it put all in their place.
                if (resume && File.Exists(Path.Combine(partial, PlanName)))
                    Agree(Path.Combine(partial, PlanName), plan);
                else
                    Directory.Delete(partial, recursive: true);
            }
            if (!Directory.Exists(partial))
            {
                Directory.CreateDirectory(partial);
                created = true;
                Save(Path.Combine(partial, PlanName), Encoding.UTF8.GetBytes(JsonSerializer.Serialize(plan)));
            }
        }
        catch (Exception fault)
        {
            hold.Dispose();
            throw fault is IOException or UnauthorizedAccessException ? OutputFolder.Explain(partial, fault) : fault;
        }
    }

    /// <summary>Whether no part can be there from before.</summary>
    public bool IsNew => created;

    /// <summary>What became of the rows of a part that is done; null where it is not.</summary>
    public PartNote? Done(int index, int rows)
    {
        try
        {
            if (!File.Exists(PathOf(index)) || !File.Exists(NoteOf(index)))
                return null;
            var note = JsonSerializer.Deserialize<PartNote>(File.ReadAllBytes(NoteOf(index)));
            return note is not null && note.Rows == rows && note.Bytes == new FileInfo(PathOf(index)).Length ? note : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // It is made again.
        }
    }

    /// <summary>Writes a part.</summary>
    /// <exception cref="InputException">There is no room, or no right to write.</exception>
    public PartNote Write(Part part, double? mixing, CancellationToken cancellation)
    {
        string path = PathOf(part.Index);
        string temporary = path + ".tmp";
        try
        {
            long bytes;
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                part.Write(stream, cancellation).GetAwaiter().GetResult();
                stream.Flush(flushToDisk: true);
                bytes = new FileInfo(temporary).Length;
            }
            File.Move(temporary, path, overwrite: true);
            var note = new PartNote(part.Rows, bytes, part.Counts.Missing, part.Counts.Damaged, part.Counts.Undefined, mixing);
            Save(NoteOf(part.Index), JsonSerializer.SerializeToUtf8Bytes(note));
            return note;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw OutputFolder.Explain(path, fault);
        }
    }

    /// <summary>Puts all parts in their place; what was there before goes.</summary>
    public void Commit(int parts)
    {
        try
        {
            for (int i = 0; i < parts; i++)
                File.Delete(NoteOf(i));
            File.Delete(Path.Combine(partial, PlanName));
            string old = final + ".old";
            if (Directory.Exists(old))
                Directory.Delete(old, recursive: true);
            if (Directory.Exists(final))
                Directory.Move(final, old);
            Directory.Move(partial, final);
            if (Directory.Exists(old))
                Directory.Delete(old, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw OutputFolder.Explain(final, fault);
        }
    }

    public void Dispose() => hold.Dispose();

    private static void Agree(string path, IReadOnlyDictionary<string, string> plan)
    {
        Dictionary<string, string>? earlier;
        try
        {
            earlier = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(path));
        }
        catch (Exception fault) when (fault is IOException or JsonException)
        {
            earlier = null;
        }
        if (earlier is null)
            throw new InputException("what the earlier run was asked for can't be read", path, remedy: "Start anew, without --resume.");
        string[] differ = [.. plan.Keys.Union(earlier.Keys).Where(k => plan.GetValueOrDefault(k) != earlier.GetValueOrDefault(k)).Order(StringComparer.Ordinal)];
        if (differ.Length > 0)
            throw new InputException($"the earlier run differs in: {string.Join(", ", differ)}", path, remedy: "Give the same command and data as then, or start anew without --resume.");
    }

    private static void Save(string path, byte[] content)
    {
        string temporary = path + ".tmp";
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, path, overwrite: true);
    }

    private string PathOf(int index) => Path.Combine(partial, $"part-{index:00000}.parquet");

    private string NoteOf(int index) => Path.Combine(partial, $".part-{index:00000}.json");
}

/// <summary>What became of the rows of a part.</summary>
/// <param name="Bytes">Of its file.</param>
/// <param name="Mixing">Of the first part, as <see cref="BlockWorker.Mixing"/> found it.</param>
internal sealed record PartNote(int Rows, long Bytes, long Missing, long Damaged, long Undefined, double? Mixing);
