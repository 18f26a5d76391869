using GpuDiag.Columns;
using GpuDiag.Columns.Parquet.Pages;

namespace GpuDiag.Tests.Columns.Pages;

/// <summary>Every instruction set's unpacker equals the obvious loop, and writes nothing beyond what it may.</summary>
public unsafe class IndexUnpackerTests
{
    private const int Room = 512;

    public static TheoryData<int> Unpackers => [.. Enumerable.Range(0, UnpackerCatalog.Available.Count)];

    [Theory, MemberData(nameof(Unpackers))]
    public void Map_EqualsTheObviousLoop(int which)
    {
        IndexUnpacker unpacker = UnpackerCatalog.Available[which];
        Random random = new(which);
        using AlignedMemory source = new();
        using AlignedMemory table = new();
        source.Reserve(Room);
        table.Reserve(256);
        random.NextBytes(source.Span<byte>(Room));
        random.NextBytes(table.Span<byte>(256));
        byte[] packed = source.Span<byte>(Room).ToArray();
        byte[] map = table.Span<byte>(256).ToArray();
        for (int width = 1; width <= 8; width++)
        {
            for (int count = 1; count <= 300; count++)
            {
                int[] indices = [.. Enumerable.Range(0, count).Select(i => Index(packed, i, width))];
                byte[] target = new byte[Room];
                fixed (byte* t = target)
                {
                    Assert.Equal(indices.Max(), unpacker.Map((byte*)source.Pointer, width, t, count, (byte*)table.Pointer));
                }

                Assert.Equal(indices.Select(i => map[i]), target.Take(count));
                Assert.All(target.Skip(count + 63), b => Assert.Equal(0, b));
            }
        }
    }

    [Theory, MemberData(nameof(Unpackers))]
    public void Expand_GivesEachPresentRowTheNextValue(int which)
    {
        IndexUnpacker unpacker = UnpackerCatalog.Available[which];
        Random random = new(which);
        using AlignedMemory dense = new();
        dense.Reserve(Room);
        random.NextBytes(dense.Span<byte>(Room));
        for (int rows = 1; rows <= 300; rows++)
        {
            bool[] present = [.. Enumerable.Range(0, rows).Select(_ => random.Next(3) > 0)];
            ulong[] bits = new ulong[(rows / 64) + 1];
            byte[] expected = new byte[rows];
            for (int row = 0, taken = 0; row < rows; row++)
            {
                bits[row / 64] |= (present[row] ? 1UL : 0) << (row % 64);
                expected[row] = present[row] ? dense.Span<byte>(Room)[taken++] : (byte)0;
            }

            byte[] target = new byte[Room];
            fixed (byte* t = target)
            {
                fixed (ulong* b = bits)
                {
                    unpacker.Expand((byte*)dense.Pointer, b, rows, t);
                }
            }

            Assert.Equal(expected, target.Take(rows));
        }
    }

    [Theory]
    [InlineData("scalar", typeof(ScalarUnpacker))]
    [InlineData("128", typeof(Vector128Unpacker))]
    public void Catalog_TakesTheOneAskedFor(string name, Type type) => Assert.IsType(type, UnpackerCatalog.Choose(name));

    private static int Index(byte[] packed, int i, int width)
    {
        int index = 0;
        for (int bit = 0; bit < width; bit++)
        {
            int at = (i * width) + bit;
            index |= (packed[at / 8] >> (at % 8) & 1) << bit;
        }

        return index;
    }
}
