using System.Diagnostics;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Shards;

/// <summary>What a scan is for, where it is one of several that share the work.</summary>
internal enum RoundGoal
{
    /// <summary>To the result, with whatever states there are.</summary>
    Result,

    /// <summary>To the state of one part of the data in the next pass.</summary>
    Part,

    /// <summary>To the merged states of a pass whose parts are there.</summary>
    Merged,
}

/// <summary>
/// The passes of a scan whose states can be carried between machines. A scan is a fixed sequence of passes, each planned by what those before found; so
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

    public RoundGoal Goal { get; init; }

    /// <summary>The part to read; null for all.</summary>
    public ShardSlice? Slice { get; init; }

    /// <summary>Where to keep what was read so far; null: nowhere.</summary>
    public Checkpoints? Checkpoints { get; set; }

    /// <summary>Is shown the data when it is open; refuses states of other data.</summary>
    public Action<Dataset>? Check { get; init; }

    /// <summary>Chunks of the part, and its rows, once the data is open.</summary>
    public (int First, int End)? Chunks { get; private set; }

    public (long First, long End) Rows { get; private set; }

    /// <summary>Values and states so far, in order.</summary>
    public IReadOnlyList<(string Name, byte[] Content)> Taken => taken;

    public void Open(Dataset data)
    {
        Check?.Invoke(data);
        Rows = (0, data.Rows);
        if (Slice?.Chunks(data.Chunks, data.Rows) is { } chunks)
        {
            Chunks = chunks;
            Rows = chunks.First == chunks.End ? (0, 0) : (data.Chunks[chunks.First].FirstRow, data.Chunks[chunks.End - 1].FirstRow + data.Chunks[chunks.End - 1].Rows);
        }
    }

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

    /// <summary>Something small that every pass needs and that is computed from all data: taken where it is known, else computed here.</summary>
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

        if (Goal != RoundGoal.Result || Checkpoints is not null)
        {
            taken.Add((name, Save(save)));
        }
    }

    /// <summary>A pass over the data.</summary>
    /// <param name="name">What it is, for people.</param>
    /// <param name="pipeline">Reads all data.</param>
    /// <param name="run">Makes the pass with a pipeline over all data or some.</param>
    /// <param name="save">Writes the state.</param>
    /// <param name="load">Merges a state into what is there: first into nothing.</param>
    /// <exception cref="RoundEnd">The goal is reached.</exception>
    public void Pass(string name, Pipeline pipeline, Action<Pipeline> run, Action<BinaryWriter> save, Action<BinaryReader> load)
    {
        string key = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{++passes}:{name}");
        if (known.TryGetValue(key, out List<byte[]>? contents))
        {
            contents.ForEach(c => Load(c, load));
            if (Goal == RoundGoal.Merged || Checkpoints is not null)
            {
                taken.Add((key, contents.Count == 1 ? contents[0] : Save(save)));
            }

            return;
        }

        if (Goal == RoundGoal.Merged)
        {
            throw new RoundEnd(name);
        }

        if (Checkpoints is not null)
        {
            Keep(key, pipeline, run, save, load);
            return;
        }

        run(Chunks is null ? pipeline : pipeline.Of(Chunks!.Value));
        if (Goal == RoundGoal.Part)
        {
            taken.Add((key, Save(save)));
            throw new RoundEnd(name);
        }
    }

    /// <summary>No pass follows that can be shared.</summary>
    /// <exception cref="RoundEnd">The goal was not to go on to the result.</exception>
    public void End()
    {
        if (Goal != RoundGoal.Result)
        {
            throw new RoundEnd(null);
        }
    }

    /// <summary>Makes a pass, and keeps what it has so far from time to time. Chunks are read in their order, so a number says which were.</summary>
    private void Keep(string key, Pipeline pipeline, Action<Pipeline> run, Action<BinaryWriter> save, Action<BinaryReader> load)
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
                Keep(() => Checkpoints!.Keep([.. taken, (key + Partly, Save(writer =>
                {
                    writer.Write(next);
                    save(writer);
                }))]));
            }
        }

        if (Checkpoints is null || Stopwatch.GetElapsedTime(start) < Checkpoints.Least)
        {
            // The states of later passes need this one's: of quick passes nothing is kept.
            Checkpoints = null;
            return;
        }

        Keep(() => taken.Add((key, Save(save))));
        if (Checkpoints is { IsDue: true })
        {
            Checkpoints.Keep(taken);
        }
    }

    /// <summary>Keeps something, or stops keeping where it is too large for that: then the scan goes on as it would without.</summary>
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

    /// <exception cref="StateTooLargeException">More than 2 GB.</exception>
    private static byte[] Save(Action<BinaryWriter> save)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        try
        {
            save(writer);
            writer.Flush();
            return stream.ToArray();
        }
        catch (Exception fault) when (fault is IOException or OverflowException)
        {
            throw new StateTooLargeException();
        }
    }

    private static void Load(byte[] content, Action<BinaryReader> load)
    {
        using BinaryReader reader = new(new MemoryStream(content, writable: false));
        load(reader);
    }
}

/// <summary>A state of more than 2 GB, more than a section of a file holds.</summary>
internal sealed class StateTooLargeException : Exception;

/// <summary>A scan stops because what it was for is done.</summary>
/// <param name="pass">For a part: the pass made. For a merge: the pass that comes next; null where none is left to share.</param>
internal sealed class RoundEnd(string? pass) : Exception
{
    public string? Pass { get; } = pass;
}
