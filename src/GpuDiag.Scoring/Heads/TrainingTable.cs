using GpuDiag.Analyses.Mining;
using GpuDiag.Analyses.Neighbors;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Scoring.Heads;

/// <summary>The rows to learn from, old and new, side by side in memory.</summary>
internal sealed unsafe class TrainingTable : IDisposable
{
    private readonly AlignedMemory memory = new();

    private TrainingTable()
    {
    }

    public VectorBlock Block { get; private set; }

    public int[] Labels { get; private set; } = [];

    public IReadOnlyList<string> Classes { get; private set; } = [];

    /// <summary>Per row; the number of an old row without one.</summary>
    public IReadOnlyList<string> Ids { get; private set; } = [];

    /// <summary>Rows from here on are newly labelled.</summary>
    public int FirstNew { get; private set; }

    public long Relabelled { get; private set; }

    public long Excluded { get; private set; }

    public long Unknown { get; private set; }

    public IReadOnlyList<string> NewClasses { get; private set; } = [];

    /// <summary>Puts the rows together.</summary>
    /// <param name="train">Read.</param>
    /// <param name="labels">The new labels.</param>
    /// <param name="source">Where the vectors of new rows are; null where there is none but the training set.</param>
    /// <param name="options">Columns, and whether unknown ids are left out.</param>
    /// <param name="threads">Threads that may work.</param>
    /// <param name="cancel">Stops it.</param>
    public static TrainingTable Make(VectorInput train, LabelSet labels, Dataset? source, RetrainOptions options, int threads, CancellationToken cancel)
    {
        Pipeline pipeline = new(train.Data, threads, options.Memory, cancel);
        var label = HeadColumns.Label(train.Data, options.Label)
            ?? throw new InputException("the training set has no column of labels", train.File, remedy: $"Name it with --label. The columns are: {HeadColumns.Names(train.Data)}.");
        string?[] given = AllTexts.Read(train.Data, label, pipeline), ids = AllTexts.Read(train.Data, train.Id, pipeline);
        TrainingTable table = new();
        HashSet<string> met = new(StringComparer.Ordinal), old = [.. given.OfType<string>()];
        List<(long Row, string Label, string Id)> rows = [];
        for (long row = 0; row < given.LongLength; row++)
        {
            string? value = given[row];
            if (ids[row] is { } id && labels.ByName.TryGetValue(id, out string? corrected))
            {
                met.Add(id);
                table.Relabelled += corrected != value ? 1 : 0;
                value = corrected;
            }
            if (value is null || !IsFinite(train.Vectors.Block, row))
                table.Excluded++;
            else
                rows.Add((row, value, ids[row] ?? System.FormattableString.Invariant($"{row}")));
        }
        string[] wanted = [.. labels.ByName.Keys.Where(k => !met.Contains(k))];
        using var fresh = New(table, wanted, labels, source, options, threads, cancel, out var freshIds);
        if (fresh is not null && fresh.Width != train.Vectors.Width)
            throw new InputException($"has vectors of {fresh.Width} dimensions, but the training set in {train.File} has {train.Vectors.Width}", source!.Files[0].Path, null, "Give both embeddings of one model, or name another column with --embedding.");
        table.Fill(train, rows, fresh, freshIds, labels, old);
        return table;
    }

    public void Dispose() => memory.Dispose();

    private static bool IsFinite(VectorBlock block, long row)
    {
        for (int d = 0; d < block.Width; d++)
        {
            if (!float.IsFinite(block.Row(row)[d]))
                return false;
        }
        return true;
    }

    /// <summary>Vectors of the labelled rows that the training set does not have; null where there are none.</summary>
    private static GatheredVectors? New(
        TrainingTable table, string[] wanted, LabelSet labels, Dataset? source, RetrainOptions options, int threads, CancellationToken cancel, out List<string> ids)
    {
        ids = [];
        if (wanted.Length == 0)
            return null;
        SortedDictionary<long, string> found = [];
        VectorRoles? roles = null;
        Pipeline? pipeline = null;
        if (source is not null && HeadColumns.Id(source, options.Id) is { } id)
        {
            roles = new VectorRoles(source.Fields, source.Files[0].Path);
            pipeline = new Pipeline(source, threads, options.Memory, cancel);
            HashSet<string> missing = new(wanted, StringComparer.Ordinal);
            string?[] all = AllTexts.Read(source, id, pipeline);
            for (long row = 0; row < all.LongLength; row++)
            {
                if (all[row] is { } name && labels.ByName.ContainsKey(name) && missing.Remove(name))
                    found.Add(row, name);
            }
        }
        table.Unknown = wanted.Length - found.Count;
        if (table.Unknown > 0 && !options.Skip)
        {
            HashSet<string> there = [.. found.Values];
            string where = source is null ? "the training set does not have; no --pool is given to find them in" : $"neither {source.Files[0].Path} nor the training set has";
            throw new InputException(
                $"{table.Unknown} of {labels.ByName.Count} labels are for ids that {where}, the first is '{wanted.First(w => !there.Contains(w))}'",
                labels.File, null, "Name the pool that the rows came from with --pool, or leave such labels out with --on-error skip.");
        }
        if (found.Count == 0)
            return null;
        ids.AddRange(found.Values);
        return GatheredVectors.Read(roles!.Embedding(options.Embedding).Name, [.. found.Keys], pipeline!);
    }

    private void Fill(VectorInput train, List<(long Row, string Label, string Id)> rows, GatheredVectors? fresh, List<string> freshIds, LabelSet labels, HashSet<string> old)
    {
        int width = train.Vectors.Width;
        int[] usable = fresh is null ? [] : [.. Enumerable.Range(0, freshIds.Count).Where(i => IsFinite(fresh.Block, i))];
        Excluded += freshIds.Count - usable.Length;
        int count = rows.Count + usable.Length;
        if (count == 0)
            throw new InputException("no row has a label and a usable vector", train.File, null, "Name other columns with --label and --embedding.");
        memory.Reserve(checked((nuint)count * (nuint)width * sizeof(float)), clear: false);
        Block = new VectorBlock(memory.Pointer, count, width, 0);
        Domain classes = new("class");
        string[] texts = new string[count], ids = new string[count];
        for (int i = 0; i < count; i++)
        {
            bool isOld = i < rows.Count;
            int at = isOld ? -1 : usable[i - rows.Count];
            float* from = isOld ? train.Vectors.Block.Row(rows[i].Row) : fresh!.Block.Row(at);
            new ReadOnlySpan<float>(from, width).CopyTo(new Span<float>(Block.Row(i), width));
            ids[i] = isOld ? rows[i].Id : freshIds[at];
            texts[i] = isOld ? rows[i].Label : labels.ByName[ids[i]];
            classes.Code(texts[i]);
        }
        int[] order = classes.SortedCodes();
        if (order.Length < 2)
            throw new InputException($"every row is of class '{classes.Text(order[0])}'", train.File, null, "A head tells classes apart: give rows of two or more.");
        Classes = [.. order.Select(classes.Text)];
        int[] place = new int[classes.Count];
        for (int k = 0; k < order.Length; k++)
            place[order[k]] = k;
        Labels = [.. texts.Select(t => place[classes.Find(t)])];
        NewClasses = [.. Classes.Where(c => !old.Contains(c))];
        (Ids, FirstNew) = (ids, rows.Count);
    }
}
