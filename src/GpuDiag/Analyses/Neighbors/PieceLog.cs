using System.Buffers.Binary;
using System.IO.Hashing;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>
/// Keeps the pieces of a long search in a file as they are found, so that a run that was stopped or killed goes on behind the last one. A piece is known by a hash
/// of everything that it follows from, vectors included: what is of other data, options or versions is not found, so that the wrong piece is never taken. A
/// piece that was cut off in writing ends the file.
/// </summary>
internal sealed class PieceLog : IDisposable
{
    public const string FileName = ".gpudiag-resume.pieces";

    private const int HeadBytes = 16 + 8 + 8;
    private static readonly byte[] Magic = "gpudiag/pieces/1\n"u8.ToArray();
    private readonly Dictionary<UInt128, (long Offset, int Length)> pieces = [];
    private readonly string path;
    private FileStream? file;

    private PieceLog(string path) => this.path = path;

    /// <summary>Pieces that were there at the start.</summary>
    public int Known { get; private set; }

    /// <summary>Pieces that were taken from there instead of being searched for.</summary>
    public int Taken { get; private set; }

    /// <summary>There is something to go on from.</summary>
    public bool HasPieces => pieces.Count > 0;

    /// <summary>Opens the file of an earlier run, or begins a new one, which is written only when there is a piece to keep.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="resume">To go on from what is there; else that is given up.</param>
    /// <exception cref="InputException">The file can't be read.</exception>
    public static PieceLog Open(string path, bool resume)
    {
        PieceLog log = new(path);
        try
        {
            if (!resume)
            {
                File.Delete(path);
            }
            else if (File.Exists(path))
            {
                log.file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
                log.Index();
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            log.Dispose();
            throw new InputException($"cannot be read: {fault.Message}", path, remedy: "Remove it to start anew.");
        }

        return log;
    }

    /// <summary>A hash of vectors.</summary>
    public static unsafe UInt128 Hash(VectorBlock block, string about = "")
    {
        XxHash128 hash = new();
        hash.Append(Encoding.UTF8.GetBytes(FormattableString.Invariant(
            $"{typeof(PieceLog).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}|{about}|{block.Rows}|{block.Width}|{block.FirstRow}")));
        for (long row = 0; row < block.Rows; row += 1024)
        {
            hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<float>(block.Row(row), checked((int)Math.Min(1024, block.Rows - row) * block.Width))));
        }

        return hash.GetCurrentHashAsUInt128();
    }

    /// <summary>The piece of this key, where it was kept.</summary>
    public NeighborState? Find(UInt128 key, NeighborPlan plan)
    {
        if (!pieces.TryGetValue(key, out (long Offset, int Length) place))
        {
            return null;
        }

        byte[] content = new byte[place.Length];
        file!.Position = place.Offset;
        file.ReadExactly(content);
        using BinaryReader reader = new(new MemoryStream(content));
        Taken++;
        return NeighborState.Read(reader, plan);
    }

    /// <summary>Puts a piece at the end of the file.</summary>
    /// <exception cref="InputException">There is no room, or no right to write.</exception>
    public void Keep(UInt128 key, NeighborState state)
    {
        using MemoryStream memory = new();
        memory.Write(new byte[HeadBytes]);
        using (BinaryWriter writer = new(memory, Encoding.UTF8, leaveOpen: true))
        {
            state.Write(writer);
        }

        byte[] bytes = memory.GetBuffer();
        int length = (int)memory.Length - HeadBytes;
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, key);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), XxHash3.HashToUInt64(bytes.AsSpan(HeadBytes, length)));
        try
        {
            if (file is null)
            {
                file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
                file.Write(Magic);
            }

            long at = file.Seek(0, SeekOrigin.End);
            file.Write(bytes, 0, HeadBytes + length);
            file.Flush();
            pieces[key] = (at + HeadBytes, length);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"can't be written: {fault.Message}", path, remedy: "Free some space, or choose another place with --out.", inner: fault);
        }
    }

    public void Dispose() => file?.Dispose();

    /// <summary>Finds the pieces; what follows the last whole one is cut off.</summary>
    private void Index()
    {
        byte[] head = new byte[HeadBytes], start = new byte[Magic.Length];
        long end = 0;
        if (file!.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual(Magic))
        {
            for (end = file.Position; file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) == HeadBytes; end = file.Position)
            {
                long length = BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(16));
                if (length < 0 || length > Math.Min(int.MaxValue, file.Length - file.Position))
                {
                    break;
                }

                byte[] content = new byte[length];
                long at = file.Position;
                file.ReadExactly(content);
                if (XxHash3.HashToUInt64(content) != BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(24)))
                {
                    break;
                }

                pieces[BinaryPrimitives.ReadUInt128LittleEndian(head)] = (at, (int)length);
            }
        }

        Known = pieces.Count;
        file.SetLength(end);
        if (end == 0)
        {
            file.Position = 0;
            file.Write(Magic);
        }
    }
}
