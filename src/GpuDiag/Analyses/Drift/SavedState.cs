using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using GpuDiag.Analyses.Scan;

namespace GpuDiag.Analyses.Drift;

/// <summary>A dataset's state with what a comparison needs to know of its columns: all that is kept of a reference.</summary>
/// <param name="State">Its tallies.</param>
/// <param name="Roles">Which columns have which roles.</param>
/// <param name="Left">Columns that are not compared.</param>
/// <param name="Fields">Names of all its columns.</param>
/// <param name="Restricted">Only some columns were asked for.</param>
internal sealed record SavedState(DriftState State, IReadOnlyList<RoleTaken> Roles, IReadOnlyList<NotCompared> Left, IReadOnlyList<string> Fields, bool Restricted)
{
    private const int Version = 3;
    private const int HashBytes = 32;

    private static readonly byte[] Magic = "gpudiag drift state\n"u8.ToArray();

    /// <summary>Whether a file says that it is one.</summary>
    public static bool IsOne(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] start = new byte[Magic.Length];
            return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual(Magic);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false; // Whoever opens it next says why.
        }
    }

    /// <summary>Magic, version, SHA-256 of what follows, then the state, compressed.</summary>
    public void Save(Stream stream)
    {
        using MemoryStream content = new();
        using (BinaryWriter writer = new(content, Encoding.UTF8, leaveOpen: true))
        {
            Write(writer);
        }

        Pack(content.GetBuffer().AsSpan(0, (int)content.Length), stream);
    }

    /// <summary>Puts content under its magic, version and checksum, whatever it is.</summary>
    internal static void Pack(ReadOnlySpan<byte> content, Stream stream)
    {
        using MemoryStream packed = new();
        using (BrotliStream brotli = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(content);
        }

        ReadOnlySpan<byte> bytes = packed.GetBuffer().AsSpan(0, (int)packed.Length);
        stream.Write(Magic);
        stream.Write(BitConverter.GetBytes(Version));
        stream.Write(SHA256.HashData(bytes));
        stream.Write(bytes);
    }

    /// <exception cref="InputException">The file is not a saved state, is of another version, or damaged.</exception>
    public static SavedState Load(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            int start = Magic.Length + sizeof(int) + HashBytes;
            if (bytes.Length < start)
            {
                throw Damaged(path, null);
            }

            int version = BitConverter.ToInt32(bytes, Magic.Length);
            if (version != Version)
            {
                throw new InputException($"is a saved state of version {version}, and this program reads version {Version}", path, null, "Save it anew with --save-reference.");
            }

            if (!SHA256.HashData(bytes.AsSpan(start)).AsSpan().SequenceEqual(bytes.AsSpan(start - HashBytes, HashBytes)))
            {
                throw Damaged(path, null);
            }

            using MemoryStream packed = new(bytes, start, bytes.Length - start);
            using BinaryReader reader = new(new BrotliStream(packed, CompressionMode.Decompress), Encoding.UTF8);
            return Read(reader);
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or OverflowException or OutOfMemoryException)
        {
            throw Damaged(path, fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"can't be read: {fault.Message}", path, null, "Check the path and its permissions.", fault);
        }
    }

    private static InputException Damaged(string path, Exception? fault) =>
        new("is a saved state that is damaged: its checksum or its content is wrong", path, null, "Save it anew with --save-reference, or copy it again.", fault);

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Roles.Count);
        foreach (RoleTaken role in Roles)
        {
            writer.Write(role.Role);
            writer.Write(role.Column);
            writer.Write(role.How);
        }

        writer.Write(Left.Count);
        foreach (NotCompared left in Left)
        {
            writer.Write(left.Column);
            writer.Write(left.Reason);
        }

        writer.Write(Fields.Count);
        foreach (string field in Fields)
        {
            writer.Write(field);
        }

        writer.Write(Restricted);
        State.Write(writer);
    }

    private static SavedState Read(BinaryReader reader)
    {
        List<RoleTaken> roles = [];
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            roles.Add(new RoleTaken(reader.ReadString(), reader.ReadString(), reader.ReadString()));
        }

        List<NotCompared> notCompared = [];
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            notCompared.Add(new NotCompared(reader.ReadString(), reader.ReadString()));
        }

        List<string> fields = [];
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            fields.Add(reader.ReadString());
        }

        bool restricted = reader.ReadBoolean();
        DriftState state = DriftState.Read(reader);
        DriftStateCheck.Run(state);
        return new SavedState(state, roles, notCompared, fields, restricted);
    }
}
