namespace GpuDiag.Columns.Arrow;

/// <summary>The dictionaries of one field for one thread: which one holds at a record batch, read when it is first needed.</summary>
internal sealed class ArrowDictionaries(MappedFile file, ArrowIndex index, ArrowField field, long id)
{
    private (int First, int Last) held = (-1, -1);
    private ArrowDictionary current = new([]);

    /// <summary>The dictionary that holds at a chunk: the last whole one before it and what was added since.</summary>
    internal ArrowDictionary At(int chunk)
    {
        int first = -1;
        int last = -1;
        for (int i = 0; i < index.Dictionaries.Count; i++)
        {
            ArrowDictionaryBlock block = index.Dictionaries[i];
            if (block.Id == id && block.Before <= chunk)
            {
                first = block.IsDelta && first >= 0 ? first : i;
                last = i;
            }
        }

        if (first < 0)
        {
            throw new InvalidDataException($"the dictionary of column '{field.Name}' is missing");
        }

        if (held != (first, last))
        {
            List<string?> texts = [];
            for (int i = first; i <= last; i++)
            {
                if (index.Dictionaries[i].Id == id)
                {
                    Append(texts, index.Dictionaries[i].Block);
                }
            }

            (current, held) = (new ArrowDictionary(texts), (first, last));
        }

        return current;
    }

    private void Append(List<string?> texts, ArrowBlock block)
    {
        ArrowField values = field with { Dictionary = null, Index = null };
        FlatTable batch = index.Message(block).Table(2).Table(1);
        List<AlignedMemory> memory = [];
        try
        {
            ArrowVector vector = ArrowBody.Find(file, block, batch, [values], 0, memory);
            IArrowColumn column = ArrowColumns.Scalar(values, new ColumnRequest(field.Name, ColumnForm.Text));
            column.Start(vector, 0);
            using TextColumn text = new(1024);
            for (long row = 0; row < vector.Length; row += text.Values.Length)
            {
                int rows = (int)Math.Min(text.Values.Length, vector.Length - row);
                column.Read(text, row, rows);
                texts.AddRange(text.Values.AsSpan(0, rows));
            }
        }
        finally
        {
            memory.ForEach(m => m.Dispose());
        }
    }
}
