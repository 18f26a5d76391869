using System.Text;
using GpuDiag.Columns;
using GpuDiag.Columns.Parquet.Pages;

namespace GpuDiag.Tests.Columns.Pages;

public unsafe class ShortTextsTests
{
    [Fact]
    public void Texts_ThatDifferInLengthOrZeroBytesHaveTheirOwnCodes()
    {
        Domain domain = new("d");
        ShortTexts texts = new(new TextCodes(domain, null));
        string[] values = [.. Enumerable.Range(0, 40).SelectMany(n => new[] { new string('a', n), new string('\0', n), new string('a', n) + "\0" }).Distinct()];
        Assert.Equal(Enumerable.Range(1, values.Length), values.Select(v => Code(texts, v)));
        Assert.Equal(Enumerable.Range(1, values.Length), values.Select(v => Code(texts, v)));
        Assert.Equal(values, Enumerable.Range(1, values.Length).Select(domain.Text));
    }

    [Fact]
    public void Texts_KeepTheirCodesPastTheCache()
    {
        Domain domain = new("d");
        ShortTexts texts = new(new TextCodes(domain, null));
        const int Many = (1 << 20) + 5000;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < Many; i++)
            {
                Assert.True(Code(texts, $"{i}") == i + 1, $"{i}");
            }
        }
    }

    private static int Code(ShortTexts texts, string value)
    {
        byte* bytes = stackalloc byte[64];
        return texts.Code(bytes, Encoding.UTF8.GetBytes(value, new Span<byte>(bytes, 64)));
    }
}
