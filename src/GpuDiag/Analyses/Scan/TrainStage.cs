using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Analyses.Scan;

/// <summary>What a scan reads of the training set to relate the data to it.</summary>
/// <param name="Set">The training set, for further columns of it.</param>
/// <param name="Labels">
/// Per row, in codes of the data's classes; a class that the data does not have has a code below 0; 0 without a label.
/// </param>
/// <param name="Rows">Its rows; null where the data has no embedding.</param>
/// <param name="Result">What there is, and what was left out.</param>
internal sealed record TrainStage(TrainSet Set, int[] Labels, TrainRows? Rows, TrainResult Result) : IDisposable
{
    /// <param name="train">The training set; null for none.</param>
    /// <param name="embedded">The data; null without an embedding.</param>
    /// <param name="columns">The data's columns, their classes complete.</param>
    /// <param name="labelled">Codes of the classes that rows of the data have.</param>
    /// <param name="room">Memory for copies of vectors.</param>
    /// <param name="pipeline">Reads the training set.</param>
    /// <param name="threads">Threads that may work.</param>
    /// <param name="clock">Times the stages.</param>
    /// <returns>Null without a training set.</returns>
    /// <exception cref="InputException">Its vectors have another width than the data's, or no label is of the data's classes.</exception>
    public static TrainStage? Read(
        TrainSet? train,
        EmbeddedRows? embedded,
        ScanColumns columns,
        IReadOnlyCollection<int> labelled,
        VectorRoom room,
        Func<Dataset, Pipeline> pipeline,
        int threads,
        StageClock clock)
    {
        if (train is null)
        {
            return null;
        }

        TrainLabels labels = clock.Time("train labels", () => TrainLabels.Read(train, columns.Classes, columns.Roles.Label, labelled, pipeline(train.Data)));
        if (embedded is null)
        {
            return new TrainStage(train, labels.Codes, null, labels.Result);
        }

        VectorStore? vectors = null;
        if (train.Roles.Embedding is { } field)
        {
            clock.Pass("train embeddings", "reading embeddings of the training set", train.Data.Rows, done =>
                vectors = VectorStore.Read(train.Data, field.Name, pipeline(train.Data), done, room));
            CheckWidth(vectors!, train, field, embedded);
        }

        TrainRows rows = new(labels.Codes, vectors, embedded.Metric, threads);
        return new TrainStage(train, labels.Codes, rows, rows.Count(labels.Result));
    }

    public void Dispose() => Rows?.Dispose();

    private static void CheckWidth(VectorStore vectors, TrainSet train, Field field, EmbeddedRows data)
    {
        if (vectors.Width != data.Vectors.Width)
        {
            int width = vectors.Width;
            vectors.Dispose();
            throw new InputException(
                width == 0 ? "every vector of the training set is null" : $"has vectors of {width} dimensions, but the data's '{data.Column}' has {data.Vectors.Width}",
                train.File,
                field.Name,
                "Give both embeddings of one model, or name the training set's with --train-embedding.");
        }
    }
}
