using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>One thread that reads AFTER and notes what it says under the rows of BEFORE.</summary>
internal sealed class AfterPass(CompareSide side, ScanPass pass, int capacity, JoinMap map, AfterRows rows) : IBatchWorker
{
    private readonly RowColumns columns = new(side.Rows, pass, capacity);

    /// <param name="side">AFTER.</param>
    /// <param name="reader">Reads all of it or some.</param>
    /// <param name="map">Which rows of BEFORE its rows are.</param>
    /// <param name="rows">Receives them.</param>
    /// <param name="clock">Times the pass.</param>
    public static void Run(CompareSide side, Pipeline reader, JoinMap map, AfterRows rows, StageClock clock)
    {
        ScanPass pass = side.Pass();
        int rowBytes = pass.RowBytes(side.Rows.ClassCodes.Length);
        clock.Pass("after", "reading after", side.Data.Rows, done =>
            reader.Run(pass.Requests, () => new AfterPass(side, pass, reader.BatchRows(rowBytes), map, rows), rowBytes, done));
    }

    public void Accept(Batch batch)
    {
        columns.Take(batch);
        for (int i = 0; i < batch.Rows; i++)
        {
            long row = map[batch.FirstRow + i];
            if (rows.Has(row))
            {
                rows.Set(row, columns.Label[i], columns.Prediction[i]);
                if (rows.HasConfidence)
                {
                    rows.SetConfidence(row, columns.Confidence![i]);
                }

                if (rows.Width > 0)
                {
                    rows.SetProbabilities(row, columns.Probabilities!, i);
                }
            }
        }
    }

    public void Finish()
    {
    }

    public void Dispose() => columns.Dispose();
}
