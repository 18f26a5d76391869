using GpuDiag.Engine.Vectors;

namespace GpuDiag.Analyses.Scan;

/// <summary>Where and how a result was made. Goes to run.json only, so that all other files are the same everywhere.</summary>
public sealed record RunInfo
{
    /// <summary>The version of this tool.</summary>
    public required string Version { get; init; }

    /// <summary>The command line; empty when there was none.</summary>
    public string Command { get; init; } = "";

    /// <summary>When the run began; null where nobody noted it.</summary>
    public DateTimeOffset? Started { get; init; }

    public required IReadOnlyList<RoleTaken> Roles { get; init; }

    public required DeviceUsed Device { get; init; }

    public required int Threads { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>The options that differ from their defaults and that the result may depend on, by name.</summary>
    public IReadOnlyDictionary<string, object> Options { get; init; } = new SortedDictionary<string, object>();

    public required IReadOnlyList<InputFile> Inputs { get; init; }

    /// <summary>Files left out because they could not be read.</summary>
    public IReadOnlyList<SkippedFile> Skipped { get; init; } = [];

    /// <summary>Embeddings that were read. Empty: none.</summary>
    public IReadOnlyList<VectorsUsed> Vectors { get; init; } = [];

    /// <summary>In order of their start; stages may overlap.</summary>
    public required IReadOnlyList<StageTime> Timings { get; init; }
}

/// <summary>A column that plays a role.</summary>
/// <param name="Role">The option's name: <c>label</c>, <c>pred</c>, <c>segment</c>; of a search's base, <c>base embedding</c>; of a training set, <c>train label</c>.</param>
/// <param name="Column">The column, cross, or file; of predictions made here, <c>argmax(probs)</c>.</param>
/// <param name="How"><c>option</c>, <c>name</c>, <c>derived</c>, <c>cardinality</c>, <c>as the data</c>: of the
/// training set, by the name that the data has it under; <c>missing</c>: asked for, but not in the training set; or
/// <c>not applied</c>: noticed, but of no effect.</param>
public sealed record RoleTaken(string Role, string Column, string How);

/// <summary>The device that computed.</summary>
/// <param name="Backend"><c>cuda</c>, <c>opencl</c>, <c>cpu</c>, <c>simulator</c>.</param>
/// <param name="Name">The hardware's own name, or the number of threads and vector width.</param>
/// <param name="Reason">Why this one: "asked for", "no GPU driver found".</param>
public sealed record DeviceUsed(string Backend, string Name, string Reason);

/// <summary>A file that was read.</summary>
public sealed record InputFile(string Path, long Bytes, long Rows)
{
    /// <summary>"data" or "train"; of a search, "data" for both sides.</summary>
    public string Set { get; init; } = "data";
}

/// <summary>A file that was not.</summary>
public sealed record SkippedFile(string Path, string Reason);

/// <summary>Wall-clock time of one stage.</summary>
public sealed record StageTime(string Stage, double Seconds);

/// <summary>Embeddings, and where they lay while they were used.</summary>
/// <param name="Set">Which of the run's datasets: <c>queries</c>, <c>base</c>, <c>data</c>, <c>train</c>.</param>
/// <param name="Bytes">Of all values, wherever they lay.</param>
public sealed record VectorsUsed(string Set, string Column, long Rows, int Dimensions, VectorResidence Residence, long Bytes);
