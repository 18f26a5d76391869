using System.Diagnostics;
using System.Globalization;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Shards;

/// <summary>What a run is for, where it is one of several that share the work.</summary>
internal enum RoundGoal
{
    /// <summary>To the result, with whatever states there are.</summary>
    Result,

    /// <summary>To the state of one part of the data in the next pass.</summary>
    Part,

    /// <summary>To the merged states of a pass whose parts are there.</summary>
    Merged,
}

/// <summary>A pass over the data.</summary>
/// <param name="Name">What it is, for people; unlike those of the run's other passes.</param>
internal readonly record struct RoundPass(string Name)
{
    /// <summary>Machines share it; else it is kept for a run to go on from, and that alone.</summary>
    public bool IsShared { get; init; } = true;

    /// <summary>The next shared pass follows from its merged state; else a part makes that one too.</summary>
    public bool EndsRound { get; init; } = true;

    /// <summary>Later states stand by themselves, so where this pass was quick nothing is kept of it.</summary>
    public bool IsApart { get; init; }
}

/// <summary>
/// The passes of a run whose states can be carried between machines. A run is a fixed sequence of passes, each planned by what those before found; so
/// it is replayed: a pass whose state is there is not made but taken, and all that follows from it is computed again, to the same
/// bytes. A part of the data is a pass over some of its chunks that stops there.
/// </summary>
internal sealed class Rounds
{
    /// <summary>Ends the name of a pass that was not made to its end.</summary>
    private const string Partly = ", partly";

    private readonly Dictionary<string, List<byte[]>> known = [];
    private readonly List<(string Name, byte[] Content)> taken = [];
    private int passes;
    private string? made;

    public RoundGoal Goal { get; init; }

    /// <summary>The part to read; null for all.</summary>
    public ShardSlice? Slice { get; init; }

    /// <summary>Where to keep what was read so far; null: nowhere.</summary>
    public Checkpoints? Checkpoints { get; set; }

    /// <summary>Is shown every dataset when it is open; refuses states of other data.</summary>
    public Action<RoundData>? Check { get; init; }

    /// <summary>There are parts: passes that machines share, and passes that they leave to the merge.</summary>
    public bool IsCut { get; init; }

    /// <summary>Rows of the data that a pass has read, or that a part of it is of.</summary>
    public (long First, long End) Rows { get; private set; }

    /// <summary>Values and states so far, in order.</summary>
    public IReadOnlyList<(string Name, byte[] Content)> Taken => taken;

    /// <param name="data">The data.</param>
    /// <param name="set">Its name, where the run has several.</param>
    public void Open(Dataset data, string set = "") => Check?.Invoke(new RoundData(set, data));

    /// <summary>The same of a file that stands for data.</summary>
    public void Open(string path, string set) => Check?.Invoke(new RoundData(set, path));

    /// <summary>Adds what is known of a value or pass: of several parts one after the other.</summary>
    public void Add(string name, byte[] content)
    {
        if (!known.TryGetValue(name, out List<byte[]>? list))
        {
            known.Add(name, list = []);
        }

        list.Add(content);
    }

    /// <summary>Knows nothing any more.</summary>
    public void Forget() => known.Clear();

    /// <summary>Something that passes need and that is computed from all data: taken where it is known, else computed here.</summary>
    public void Value(string name, Action compute, Action<BinaryWriter> save, Action<BinaryReader> load)
    {
        if (known.TryGetValue(name, out List<byte[]>? contents))
        {
            Load(contents[0], load);
        }
        else
        {
            compute();
        }

        if (Goal != RoundGoal.Result)
        {
            taken.Add((name, StateBytes.Of(save)));
        }
        else if (Checkpoints is not null)
        {
            Keep(() => taken.Add((name, StateBytes.Of(save))));
        }
    }

    /// <summary>A pass over the data.</summary>
    /// <param name="pass">Which.</param>
    /// <param name="pipeline">Reads all data.</param>
    /// <param name="run">Makes the pass with a pipeline over all data or some; more than once, where some of it is kept meanwhile.</param>
    /// <param name="save">Writes the state.</param>
    /// <param name="load">Merges a state into what is there: first into nothing.</param>
    /// <exception cref="RoundEnd">The goal is reached.</exception>
    public void Pass(RoundPass pass, Pipeline pipeline, Action<Pipeline> run, Action<BinaryWriter> save, Action<BinaryReader> load)
    {
        string key = pass.IsShared ? string.Create(CultureInfo.InvariantCulture, $"{++passes}:{pass.Name}") : pass.Name;
        Rows = (0, pipeline.Data.Rows);
        if (known.TryGetValue(key, out List<byte[]>? contents))
        {
            contents.ForEach(c => Load(c, load));
            if (Goal == RoundGoal.Merged || Checkpoints is not null)
            {
                taken.Add((key, contents.Count == 1 ? contents[0] : StateBytes.Of(save)));
            }

            return;
        }

        if (Goal == RoundGoal.Merged && pass.IsShared)
        {
            throw new RoundEnd(pass.Name);
        }

        if (Checkpoints is not null)
        {
            Keep(key, pass, pipeline, run, save, load);
            return;
        }

        if (Goal != RoundGoal.Part || !pass.IsShared)
        {
            run(pipeline);
            return;
        }

        (int first, int end) = Part(pipeline.Data);
        Rows = PartRows(pipeline.Data);
        run(pipeline.Of((first, end)));
        taken.Add((key, StateBytes.Of(save)));
        made = pass.Name;
        if (pass.EndsRound)
        {
            throw new RoundEnd(made);
        }
    }

    /// <summary>No pass follows that can be shared.</summary>
    /// <exception cref="RoundEnd">The goal was not to go on to the result.</exception>
    public void End()
    {
        if (Goal != RoundGoal.Result)
        {
            throw new RoundEnd(made);
        }
    }

    /// <summary>A section is the state of a pass that machines share.</summary>
    public static bool IsPass(string section) => section.Split(':') is [var number, _] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>The rows to read; all, where the run is no part.</summary>
    public (long First, long End) PartRows(Dataset data)
    {
        (int first, int end) = Part(data);
        return first == end ? (0, 0) : (data.Chunks[first].FirstRow, data.Chunks[end - 1].FirstRow + data.Chunks[end - 1].Rows);
    }

    private (int First, int End) Part(Dataset data) => Slice?.Chunks(data.Chunks, data.Rows) ?? (0, data.Chunks.Count);

    /// <summary>Makes a pass, and keeps what it has so far from time to time. Chunks are read in their order, so a number says which were.</summary>
    private void Keep(string key, RoundPass pass, Pipeline pipeline, Action<Pipeline> run, Action<BinaryWriter> save, Action<BinaryReader> load)
    {
        int next = 0;
        long start = Stopwatch.GetTimestamp();
        if (known.TryGetValue(key + Partly, out List<byte[]>? contents))
        {
            Load(contents[0], reader =>
            {
                next = reader.ReadInt32();
                load(reader);
            });
        }

        while (next < pipeline.Chunks)
        {
            Pipeline some = pipeline.Of((next, pipeline.Chunks), () => Checkpoints is { IsDue: true });
            run(some);
            next = some.Reached;
            Rows = (0, pipeline.FirstRow(next));
            if (next < pipeline.Chunks)
            {
                Keep(() => Checkpoints!.Keep([.. taken, (key + Partly, StateBytes.Of(writer =>
                {
                    writer.Write(next);
                    save(writer);
                }))]));
            }
        }

        bool quick = Checkpoints is not null && Stopwatch.GetElapsedTime(start) < Checkpoints.Least;
        if (quick && pass.IsApart)
        {
            return;
        }

        if (Checkpoints is null || quick)
        {
            // The states of later passes need this one's: of quick passes nothing is kept.
            Checkpoints = null;
            return;
        }

        Keep(() => taken.Add((key, StateBytes.Of(save))));
        if (Checkpoints is { IsDue: true })
        {
            Checkpoints.Keep(taken);
        }
    }

    /// <summary>Keeps something, or stops keeping where it is too large for that: then the run goes on as it would without.</summary>
    private void Keep(Action keep)
    {
        try
        {
            keep();
        }
        catch (StateTooLargeException)
        {
            Checkpoints = null;
        }
    }

    private static void Load(byte[] content, Action<BinaryReader> load)
    {
        using BinaryReader reader = StateBytes.Reader(content);
        load(reader);
    }
}

/// <summary>A state of more than 2 GB, more than a section of a file holds.</summary>
internal sealed class StateTooLargeException : Exception;

/// <summary>A run stops because what it was for is done.</summary>
/// <param name="pass">For a part: the pass made. For a merge: the pass that comes next; null where none is left to share.</param>
internal sealed class RoundEnd(string? pass) : Exception
{
    public string? Pass { get; } = pass;
}
