using System.Globalization;
using System.Runtime.CompilerServices;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>Values as text, a string per dictionary entry or plain row: for the few rows that are shown.</summary>
internal sealed unsafe class TextValues(ValueKind kind, Func<long, string>? longText, BytesText? bytesText) : PageValues(kind)
{
    private string[] entries = kind == ValueKind.Boolean ? ["false", "true"] : new string[16];

    public override void Begin(Column target)
    {
    }

    public override void Read(Column target, int offset, int rows, int present, Presence presence)
    {
        Span<string?> values = ((TextColumn)target).Values.AsSpan(offset, rows);
        uint index;
        for (int i = 0; i < rows; i++)
        {
            if (present < rows && (presence.Bits[i >> 6] >> (i & 63) & 1) == 0)
            {
                values[i] = null;
            }
            else if (Coded)
            {
                ReadIndices(&index, 1);
                values[i] = entries[index];
            }
            else
            {
                values[i] = PlainText();
            }
        }
    }

    public override void Dispose()
    {
    }

    protected override void LoadEntries(int count)
    {
        if (entries.Length < count)
        {
            entries = new string[Math.Max(count, entries.Length * 2)];
        }

        for (int i = 0; i < count; i++)
        {
            entries[i] = PlainText();
        }
    }

    private string PlainText() => Kind switch
    {
        ValueKind.Bytes => bytesText is null ? ValueText.Utf8(Plain.TakeText()) : bytesText(Plain.TakeText()),
        ValueKind.Float => ValueText.Number(Unsafe.ReadUnaligned<float>(Plain.Take(1, sizeof(float)))),
        ValueKind.Double => ValueText.Number(Unsafe.ReadUnaligned<double>(Plain.Take(1, sizeof(double)))),
        _ => longText is null
            ? Plain.TakeInteger(Kind).ToString(CultureInfo.InvariantCulture)
            : longText(Plain.TakeInteger(Kind)),
    };
}
