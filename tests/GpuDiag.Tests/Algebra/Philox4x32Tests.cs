using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Algebra;

public class Philox4x32Tests
{
    /// <summary>The known-answer vectors published with Random123.</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0xa4093822u, 0x299f31d0u, 0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void At_GivesThePublishedAnswers(uint key0, uint key1, uint x, uint y, uint z, uint w, uint a, uint b, uint c, uint d)
    {
        var block = Philox4x32.At(key0, key1, x, y, z, w);
        Assert.Equal((a, b, c, d), (block.X, block.Y, block.Z, block.W));
        Assert.Equal(a | ((ulong)b << 32), block.First);
        Assert.Equal(c | ((ulong)d << 32), block.Second);
    }

    [Fact]
    public void At_LaysOutSeedCounterAndStream()
    {
        var keyed = Philox4x32.At(0x299f31d0_a4093822, stream: 0x03707344_13198a2e, counter: 0x85a308d3_243f6a88);
        Assert.Equal(0x94fdcceb_d16cfe09UL, keyed.First);
        Assert.Equal(0x24126ea1_5001e420UL, keyed.Second);
    }

    [Fact]
    public void Units_StayInsideTheirIntervals()
    {
        Assert.Equal(0.0, Philox4x32.UnitHalfOpen(0));
        Assert.Equal(1.0 - Math.ScaleB(1.0, -53), Philox4x32.UnitHalfOpen(ulong.MaxValue));
        Assert.Equal(Math.ScaleB(1.0, -53), Philox4x32.UnitOpen(0));
        Assert.Equal(1.0 - Math.ScaleB(1.0, -53), Philox4x32.UnitOpen(ulong.MaxValue));
    }
}
