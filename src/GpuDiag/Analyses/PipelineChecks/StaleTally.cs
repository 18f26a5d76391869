using GpuDiag.Analyses.Embeddings;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>
/// Rows whose vector is that of an earlier row, value by value, and whether the model nonetheless answers otherwise. Time: a
/// hash of each vector and a sort of the hashes, beside a search of neighbours that takes far longer.
/// </summary>
/// <param name="Column">The embedding.</param>
/// <param name="Rows">Rows with a vector of numbers.</param>
/// <param name="Repeated">Rows whose vector an earlier row has.</param>
/// <param name="Contradicting">Those with another prediction than the first row of the vector.</param>
/// <param name="Largest">Rows of the commonest vector.</param>
/// <param name="Lag">The commonest distance, in rows, to the previous row of the same vector; 0 for none.</param>
/// <param name="LagRows">Rows at that distance.</param>
internal sealed record StaleTally(string Column, long Rows, long Repeated, long Contradicting, long Largest, long Lag, long LagRows)
{
    public static StaleTally Of(EmbeddedRows rows, int threads)
    {
        int[] first = Duplicates.EqualVectors.FirstEqual(rows.Vectors.Block, threads);
        RowFacts facts = rows.Facts;
        Dictionary<int, (long Rows, int Last)> sets = [];
        Dictionary<long, long> lags = [];
        long usable = 0, repeated = 0, contradicting = 0;
        for (int row = 0; row < first.Length; row++)
        {
            if (first[row] < 0)
            {
                continue;
            }

            usable++;
            (long count, int last) = sets.GetValueOrDefault(first[row]);
            sets[first[row]] = (count + 1, row);
            if (count > 0)
            {
                repeated++;
                lags[row - last] = lags.GetValueOrDefault(row - last) + 1;
                int mine = facts.Prediction[row], theirs = facts.Prediction[first[row]];
                contradicting += mine != theirs && mine != Domain.Null && theirs != Domain.Null ? 1 : 0;
            }
        }

        KeyValuePair<long, long> lag = lags.OrderByDescending(l => l.Value).ThenBy(l => l.Key).FirstOrDefault();
        return new StaleTally(rows.Column, usable, repeated, contradicting, sets.Values.Select(s => s.Rows).DefaultIfEmpty(0).Max(), lag.Key, lag.Value);
    }
}
