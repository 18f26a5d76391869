using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>One side of a search: a dataset, the column of its vectors, its ids.</summary>
internal sealed class VectorInput : IDisposable
{
    private readonly Dataset data;
    private readonly Field embedding;
    private readonly Field? id;
    private VectorStore? vectors;

    private VectorInput(Dataset data, Field embedding, Field? id, IReadOnlyList<RoleTaken> taken) =>
        (this.data, this.embedding, this.id, Taken) = (data, embedding, id, taken);

    public IReadOnlyList<RoleTaken> Taken { get; }

    public IEnumerable<InputFile> Files => data.Files.Select(f => new InputFile(f.Path, f.Bytes, f.Rows));

    public IEnumerable<SkippedFile> Skipped => data.Skipped.Select(s => new SkippedFile(s.Path, s.Reason));

    public string File => data.Files[0].Path;

    /// <exception cref="InputException">A file is not what it was when it was opened.</exception>
    public void CheckUnchanged() => data.CheckUnchanged();

    public string Column => embedding.Name;

    public VectorStore Vectors => vectors!;

    /// <summary>The dataset that the columns are of.</summary>
    public Dataset Data => data;

    /// <summary>The column of ids; null for row numbers.</summary>
    public Field? Id => id;

    /// <summary>Null: row numbers, or not read.</summary>
    public IdTable? Ids { get; private set; }

    /// <summary>Opens files and finds the columns.</summary>
    /// <param name="files">Files, globs and directories.</param>
    /// <param name="column">A column, or a <c>.npy</c> file beside the data; null: found.</param>
    /// <param name="idColumn">A column, <c>none</c>, or null: found.</param>
    /// <param name="skipUnreadable">Leave out files that cannot be opened instead of failing.</param>
    /// <param name="quarantine">Files that are known to be unreadable.</param>
    public static VectorInput Open(IReadOnlyList<string> files, string? column, string? idColumn, bool skipUnreadable, Quarantine? quarantine = null)
    {
        Dataset data = Dataset.Open(files, skipUnreadable, quarantine);
        try
        {
            string file = data.Files[0].Path;
            if (data.Rows == 0)
            {
                throw new InputException("there are no rows", file, null, "Check that the data was written completely.");
            }

            if (column is not null && IsNpy(column))
            {
                data.Attach(column, Path.GetFileName(column));
                column = Path.GetFileName(column);
            }

            VectorRoles roles = new(data.Fields, file);
            Field embedding = roles.Embedding(column);
            return new VectorInput(data, embedding, roles.Id(idColumn), roles.Taken);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    public static bool IsNpy(string name) => name.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads vectors and, unless told not to, ids.</summary>
    public void Read(int threads, long? memory, VectorRoom room, Action<long, long> progress, CancellationToken cancel, bool ids = true)
    {
        Pipeline pipeline = new(data, threads, memory, cancel);
        vectors = VectorStore.Read(data, embedding.Name, pipeline, done => progress(done, data.Rows), room);
        if (vectors.Width == 0)
        {
            throw new InputException("every vector is null", File, Column, "Name another column with --embedding.");
        }

        if (ids)
        {
            ReadIds(pipeline);
        }
    }

    /// <summary>Reads ids, where there are any, and no vectors.</summary>
    public void ReadIds(Pipeline pipeline) => Ids = id is null ? null : IdTable.Read(data, id.Name, pipeline);

    public void Dispose()
    {
        vectors?.Dispose();
        data.Dispose();
    }
}
