using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>Packs codes that were computed in 32 bits into a column of the narrowest width.</summary>
internal static class CodeNarrowing
{
    public static void Fill(CodeColumn column, ReadOnlySpan<int> codes)
    {
        column.SetLimit(column.Domain.Count);
        switch (column.Width)
        {
            case 1:
                Span<byte> bytes = column.Bytes;
                for (int i = 0; i < codes.Length; i++)
                {
                    bytes[i] = (byte)codes[i];
                }

                break;
            case 2:
                Span<ushort> shorts = column.Shorts;
                for (int i = 0; i < codes.Length; i++)
                {
                    shorts[i] = (ushort)codes[i];
                }

                break;
            default:
                codes.CopyTo(column.Ints);
                break;
        }
    }
}
