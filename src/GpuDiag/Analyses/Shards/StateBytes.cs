namespace GpuDiag.Analyses.Shards;

/// <summary>What sections of states are made of, written and read.</summary>
internal static class StateBytes
{
    /// <exception cref="StateTooLargeException">More than 2 GB.</exception>
    public static byte[] Of(Action<BinaryWriter> save)
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

    public static BinaryReader Reader(byte[] content) => new(new MemoryStream(content, writable: false));

    /// <summary>Reads something of a state that came from a file.</summary>
    /// <exception cref="InputException">It is not there.</exception>
    public static T Read<T>(string path, BinaryReader reader, Func<BinaryReader, T> load)
    {
        try
        {
            return load(reader);
        }
        catch (Exception fault) when (fault is EndOfStreamException or InvalidDataException or FormatException or OverflowException or ArgumentException)
        {
            throw new InputException("the state's content can't be read", path, remedy: "Make the part anew.", inner: fault);
        }
    }
}
