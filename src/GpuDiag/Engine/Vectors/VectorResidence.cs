namespace GpuDiag.Engine.Vectors;

/// <summary>Where a <see cref="VectorStore"/> has its values.</summary>
public enum VectorResidence
{
    /// <summary>In the data's own file, mapped: nothing was copied, and the system keeps in memory what it can.</summary>
    Mapped,

    /// <summary>In memory, as a copy.</summary>
    Memory,

    /// <summary>In a scratch file, mapped: a copy that did not fit into the room given.</summary>
    Scratch,
}
