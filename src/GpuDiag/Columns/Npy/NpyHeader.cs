using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace GpuDiag.Columns.Npy;

/// <summary>The header of a <c>.npy</c> file, format versions 1 to 3 (numpy.lib.format), for little-endian floats in C order.</summary>
/// <param name="ItemBytes">2, 4 or 8.</param>
/// <param name="Width">Values per row; 0 for one dimension.</param>
/// <param name="DataOffset">Where the first value is.</param>
internal sealed record NpyHeader(int ItemBytes, long Rows, int Width, int DataOffset)
{
    private const int MostHeaderBytes = 1 << 16;

    /// <summary>Bytes of all values.</summary>
    internal long DataBytes => checked(Rows * Math.Max(1, Width) * ItemBytes);

    /// <exception cref="InputException">It is not such a file; the message says why.</exception>
    internal static NpyHeader Parse(MappedFile file, string path)
    {
        if (file.Length < 12 || !file.Span(1, 5).SequenceEqual("NUMPY"u8) || file.Span(0, 1)[0] != 0x93)
        {
            throw Refuse("the file is not a .npy file");
        }

        int major = file.Span(6, 1)[0];
        (int prefix, long length) = major switch
        {
            1 => (10, BinaryPrimitives.ReadUInt16LittleEndian(file.Span(8, 2))),
            2 or 3 => (12, (long)BinaryPrimitives.ReadUInt32LittleEndian(file.Span(8, 4))),
            _ => throw Refuse($"format version {major} is unknown"),
        };
        if (length > MostHeaderBytes || prefix + length > file.Length)
        {
            throw Refuse("the header is cut off");
        }

        string header = Encoding.UTF8.GetString(file.Span(prefix, length));
        Dictionary<string, string> entries = Entries(header) ?? throw Refuse("the header is damaged");
        int itemBytes = entries.GetValueOrDefault("descr") switch
        {
            "'<f2'" => 2,
            "'<f4'" => 4,
            "'<f8'" => 8,
            var other => throw Refuse($"values are {other ?? "of no stated type"}, not little-endian float16, float32 or float64"),
        };
        if (entries.GetValueOrDefault("fortran_order") != "False")
        {
            throw Refuse("values are in Fortran order");
        }

        long[] shape = Shape(entries.GetValueOrDefault("shape")) ?? throw Refuse("the header is damaged");
        if (shape is not ([_] or [_, > 0 and <= int.MaxValue]))
        {
            throw Refuse($"the shape is ({string.Join(", ", shape)}), not rows or rows × columns");
        }

        NpyHeader result = new(itemBytes, shape[0], shape.Length == 2 ? (int)shape[1] : 0, prefix + (int)length);
        decimal bytes = (decimal)result.Rows * Math.Max(1, result.Width) * itemBytes;
        return bytes == file.Length - result.DataOffset
            ? result
            : throw Refuse($"the header announces {bytes} bytes of values, but {file.Length - result.DataOffset} follow");

        InputException Refuse(string what) =>
            new(what, path, null, "Write it again: numpy.save(path, numpy.ascontiguousarray(a, dtype='<f4')).");
    }

    /// <summary>The top-level entries of the dictionary literal; null if it is none.</summary>
    private static Dictionary<string, string>? Entries(string header)
    {
        string text = header.Trim();
        if (!text.StartsWith('{') || !text.EndsWith('}'))
        {
            return null;
        }

        Dictionary<string, string> entries = new(StringComparer.Ordinal);
        text = text[1..^1].Trim();
        while (text.Length > 0)
        {
            int close = text.StartsWith('\'') ? text.IndexOf("':", 1, StringComparison.Ordinal) : -1;
            if (close < 0)
            {
                return null;
            }

            string rest = text[(close + 2)..].TrimStart();
            int end = rest.StartsWith('(') ? rest.IndexOf(')', StringComparison.Ordinal) + 1 : rest.IndexOf(',', StringComparison.Ordinal);
            end = end <= 0 ? rest.Length : end;
            if (!entries.TryAdd(text[1..close], rest[..end].Trim()))
            {
                return null;
            }

            text = rest[end..].TrimStart(',', ' ').Trim();
        }

        return entries;
    }

    private static long[]? Shape(string? text)
    {
        if (text is null || !text.StartsWith('(') || !text.EndsWith(')'))
        {
            return null;
        }

        string[] parts = text[1..^1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        long[] shape = new long[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]))
            {
                return null;
            }
        }

        return shape;
    }
}
