using System.Text;
using GpuDiag.Columns.Parquet.Pages;

namespace GpuDiag.Reports.Tables;

/// <summary>Text that may be null: by a dictionary where values repeat, else as it is.</summary>
internal sealed class TextTableColumn<TRow>(string name, Func<TRow, string?> value)
    : TableColumn<TRow>(new TableField(name, TableType.Text, Optional: true))
{
    public override ColumnEncoder<TRow> Encoder(int rows) => new Texts(value, rows);

    private sealed class Texts : ColumnEncoder<TRow>
    {
        /// <summary>Distinct values above which a row group has no dictionary: an index is two bytes at most.</summary>
        private const int MostEntries = 1 << 16;

        private readonly Func<TRow, string?> value;
        private readonly ColumnChunk chunk;
        private readonly Dictionary<string, int> codes = [];
        private readonly ByteBuffer texts = new(1 << 10);
        private readonly int[] indices;
        private readonly int most;
        private int count;
        private bool plain;

        public Texts(Func<TRow, string?> value, int capacity)
        {
            this.value = value;
            chunk = new ColumnChunk(capacity, optional: true);
            indices = new int[capacity];
            // Half as many values as rows is where a dictionary ceases to pay; a few rows may always have one.
            most = Math.Min(MostEntries, Math.Max(16, capacity / 2));
        }

        public override void Add(ReadOnlySpan<TRow> rows)
        {
            foreach (var row in rows)
            {
                string? text = value(row);
                chunk.Mark(text is not null);
                if (text is not null)
                    Add(text);
            }
        }

        public override ColumnChunk Finish()
        {
            if (plain)
            {
                chunk.AddData(PageEncoding.Plain, texts.Span);
            }
            else
            {
                chunk.AddDictionary(codes.Count, texts.Span);
                using var packed = Packed();
                chunk.AddData(PageEncoding.RleDictionary, packed.Span);
            }
            return chunk;
        }

        public override void Dispose() => texts.Dispose();

        private void Add(string text)
        {
            if (!plain && !codes.ContainsKey(text) && codes.Count == most)
                GiveUpDictionary();
            if (plain)
            {
                Put(text);
                return;
            }
            if (!codes.TryGetValue(text, out int code))
            {
                codes.Add(text, code = codes.Count);
                Put(text);
            }
            indices[count++] = code;
        }

        private void GiveUpDictionary()
        {
            var entries = new string[codes.Count];
            foreach (var (text, code) in codes)
                entries[code] = text;
            texts.Clear();
            foreach (int index in indices.AsSpan(0, count))
                Put(entries[index]);
            codes.Clear();
            plain = true;
        }

        private void Put(string text)
        {
            int length = Encoding.UTF8.GetByteCount(text);
            texts.Add(length);
            Encoding.UTF8.GetBytes(text, texts.Take(length));
        }

        /// <summary>The width of an index, then one run of bits, filled up to a multiple of eight indices.</summary>
        private ByteBuffer Packed()
        {
            int width = Math.Max(1, 32 - int.LeadingZeroCount(codes.Count - 1)), groups = (count + 7) / 8;
            ByteBuffer packed = new((groups * width) + 16);
            packed.AddByte((byte)width);
            if (groups == 0)
                return packed;
            packed.Varint(((ulong)groups << 1) | 1);
            ulong bits = 0;
            int filled = 0;
            for (int i = 0; i < groups * 8; i++)
            {
                bits |= (ulong)(i < count ? indices[i] : 0) << filled;
                for (filled += width; filled >= 8; filled -= 8)
                {
                    packed.AddByte((byte)bits);
                    bits >>= 8;
                }
            }
            return packed;
        }
    }
}
