using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace GpuDiag.DataGen;

/// <summary>
/// Rows of <c>id</c>, <c>label</c>, <c>pred</c>, <c>confidence</c>, <c>weather</c>, <c>text</c> and <c>image</c>, the path of one of a few
/// PNG files in the folder <c>pictures</c> beside the table: many rows with pictures that take little space. Skewed as
/// <see cref="PredictionTable"/> is.
/// </summary>
internal sealed class PictureTable(long rows, int classes, int pictures, int seed)
{
    private const int Side = 128;

    /// <summary>The query that yields the rows in order.</summary>
    public string Sql => "SELECT 'row ' || i AS id, 'class ' || label AS label, 'class ' || pred AS pred, confidence, weather, "
        + "'A picture of class ' || label || ', taken in ' || weather || ', number ' || i AS text, "
        + string.Create(CultureInfo.InvariantCulture, $"'pictures/' || {Draw.Integer(Draw.Bits(seed, 20), pictures)} || '.png' AS image ")
        + $"FROM (SELECT row_number() OVER () - 1 AS i, * FROM ({new PredictionTable(rows, classes, 50, Shape.Skewed, seed).Sql}))";

    /// <summary>Writes the pictures: blobs on noise, so that they compress about as photographs do.</summary>
    public void WritePictures(DirectoryInfo folder)
    {
        folder.Create();
        for (int picture = 0; picture < pictures; picture++)
            File.WriteAllBytes(Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{picture}.png")), Png(picture));
    }

    private byte[] Png(int picture)
    {
        var random = new Random((seed * 100_003) + picture);
        int[] center = [random.Next(Side), random.Next(Side)], color = [random.Next(200), random.Next(200), random.Next(200)];
        int reach = 20 + random.Next(60);
        byte[] lines = new byte[Side * (1 + (3 * Side))];
        for (int y = 0, at = 0; y < Side; y++)
        {
            at++; // The line's filter: none.
            for (int x = 0; x < Side; x++)
            {
                bool inside = ((x - center[0]) * (x - center[0])) + ((y - center[1]) * (y - center[1])) < reach * reach;
                for (int channel = 0; channel < 3; channel++)
                    lines[at++] = (byte)((inside ? color[channel] : (x + y - (channel * 20)) & 127) + random.Next(40));
            }
        }

        using var zipped = new MemoryStream();
        using (var zip = new ZLibStream(zipped, CompressionLevel.Optimal, leaveOpen: true))
            zip.Write(lines);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Side);
        (header[8], header[9]) = (8, 2); // eight bits, red green blue
        return [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', .. Chunk("IHDR", header), .. Chunk("IDAT", zipped.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. content];
        byte[] length = new byte[4], check = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(check, Check(named));
        return [.. length, .. named, .. check];
    }

    /// <summary>The CRC-32 of PNG.</summary>
    private static uint Check(byte[] bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte b in bytes)
        {
            sum ^= b;
            for (int bit = 0; bit < 8; bit++)
                sum = (sum >> 1) ^ (0xEDB88320 & (0 - (sum & 1)));
        }
        return ~sum;
    }
}
