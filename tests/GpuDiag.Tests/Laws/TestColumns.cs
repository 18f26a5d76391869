using GpuDiag.Columns;

namespace GpuDiag.Tests.Laws;

/// <summary>Columns made of plain arrays.</summary>
internal static class TestColumns
{
    /// <summary>Codes of texts in a domain; null is null. At least <paramref name="width"/> bytes each.</summary>
    public static CodeColumn Codes(Domain domain, IReadOnlyList<string?> texts, int width)
    {
        int[] codes = [.. texts.Select(t => t is null ? Domain.Null : domain.Code(t))];
        CodeColumn column = new(domain, Math.Max(1, codes.Length));
        int needed = domain.Count <= 256 ? 1 : domain.Count <= 65536 ? 2 : 4;
        column.SetWidth(Math.Max(width, needed), domain.Count);
        for (int i = 0; i < codes.Length; i++)
        {
            switch (column.Width)
            {
                case 1: column.Bytes[i] = (byte)codes[i]; break;
                case 2: column.Shorts[i] = (ushort)codes[i]; break;
                default: column.Ints[i] = codes[i]; break;
            }
        }

        return column;
    }

    public static NumberColumn Numbers(IReadOnlyList<double> values, bool isDouble)
    {
        NumberColumn column = new(Math.Max(1, values.Count));
        column.SetPrecision(isDouble);
        for (int i = 0; i < values.Count; i++)
        {
            if (isDouble)
            {
                column.Doubles[i] = values[i];
            }
            else
            {
                column.Floats[i] = (float)values[i];
            }
        }

        return column;
    }
}
