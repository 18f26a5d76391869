using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using GpuDiag.Columns;
using GpuDiag.Columns.Npy;

namespace GpuDiag.Tests.Columns;

public sealed class NpyTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Writes a file as numpy.save does.</summary>
    internal static void Write<T>(string path, string descr, string shape, T[] values, int version = 1, string order = "False")
        where T : unmanaged
    {
        string header = $"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}";
        int prefix = version == 1 ? 10 : 12;
        header = header.PadRight(((prefix + header.Length + 1 + 63) / 64 * 64) - prefix - 1) + "\n";
        byte[] start = new byte[prefix];
        start[0] = 0x93;
        "NUMPY"u8.CopyTo(start.AsSpan(1));
        start[6] = (byte)version;
        if (version == 1)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(start.AsSpan(8), (ushort)header.Length);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(start.AsSpan(8), (uint)header.Length);
        }

        File.WriteAllBytes(path, [.. start, .. Encoding.UTF8.GetBytes(header), .. MemoryMarshal.AsBytes<T>(values)]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Matrix_OfEveryVersionIsRead(int version)
    {
        Write(folder["m.npy"], "<f8", "(3, 2)", [1.0, 2, 3, 4, 5, double.NaN], version);
        using NpyFile file = new(folder["m.npy"]);
        Assert.Equal((3, 2), (file.Rows, file.Width));
        using MatrixColumn matrix = new();
        new NpyReader(file, new ColumnRequest("m", ColumnForm.Matrix)).Read(matrix, 1, 2);
        Assert.True(matrix.IsDouble);
        Assert.Equal([3, 4, 5, double.NaN], matrix.Doubles(2).ToArray());
    }

    [Fact]
    public void Halves_AreWidenedAndVectorsAreNumbers()
    {
        Write(folder["h.npy"], "<f2", "(2, 2)", [(Half)0.5, (Half)1, (Half)2, Half.NaN]);
        using NpyFile halves = new(folder["h.npy"]);
        using MatrixColumn matrix = new();
        new NpyReader(halves, new ColumnRequest("h", ColumnForm.Matrix)).Read(matrix, 0, 2);
        Assert.Equal([0.5f, 1, 2, float.NaN], matrix.Floats(2).ToArray());
        Write(folder["v.npy"], "<f4", "(3,)", [1f, 2, 3]);
        using NpyFile vector = new(folder["v.npy"]);
        Assert.Equal(FieldType.Float32, vector.Field("v").Type);
        using NumberColumn numbers = new(2);
        new NpyReader(vector, new ColumnRequest("v", ColumnForm.Numbers)).Read(numbers, 1, 2);
        Assert.Equal([2f, 3f], numbers.Floats[..2].ToArray());
        using TextColumn text = new(1);
        new NpyReader(vector, new ColumnRequest("v", ColumnForm.Text)).Read(text, 2, 1);
        Assert.Equal("3", text.Values[0]);
    }

    [Theory]
    [InlineData("<i8", "(2,)", "False", "values are '<i8'")]
    [InlineData(">f4", "(4,)", "False", "values are '>f4'")]
    [InlineData("<f4", "(2, 2)", "True", "Fortran order")]
    [InlineData("<f4", "(2, 2, 1)", "False", "the shape is (2, 2, 1)")]
    [InlineData("<f4", "()", "False", "the shape is ()")]
    [InlineData("<f4", "(3, 2)", "False", "announces 24 bytes of values, but 16 follow")]
    [InlineData("<f4", "(9223372036854775807, 2147483647)", "False", "but 16 follow")]
    [InlineData("<f4", "(-1,)", "False", "the header is damaged")]
    public void Headers_OfOtherArraysAreRefused(string descr, string shape, string order, string message)
    {
        Write(folder["x.npy"], descr, shape, new float[4], order: order);
        InputException error = Assert.Throws<InputException>(() => new NpyFile(folder["x.npy"]));
        Assert.Equal(folder["x.npy"], error.File);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedHeaders_AreInputErrors()
    {
        Write(folder["good.npy"], "<f4", "(4,)", new float[4]);
        byte[] good = File.ReadAllBytes(folder["good.npy"]);
        Random random = new(7);
        for (int i = 0; i < 300; i++)
        {
            byte[] bad = [.. good[..random.Next(good.Length)], .. good[..random.Next(20)]];
            bad = i % 2 == 0 ? bad : (byte[])good.Clone();
            for (int flips = random.Next(1, 4); flips > 0 && bad.Length > 0; flips--)
            {
                bad[random.Next(Math.Min(bad.Length, 70))] ^= (byte)(1 << random.Next(8));
            }

            File.WriteAllBytes(folder["bad.npy"], bad);
            Exception? error = Record.Exception(() => new NpyFile(folder["bad.npy"]).Dispose());
            Assert.True(error is null or InputException, error?.ToString());
        }
    }
}
