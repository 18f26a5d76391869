using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Drift;

/// <summary>
/// Cells of columns without categories, from all of the reference: bins of numbers where <c>--bin</c> asks for them, and where there is nothing else to tell the
/// change of accuracy by, bins of every number that is compared and clusters of the embedding. They take one more reading of the reference; whatever is
/// compared with it is then counted in its one reading.
/// </summary>
internal sealed class DriftCuts(SavedState reference, IReadOnlyList<BinOption> asked, bool segmentsAsked)
{
    /// <summary>Columns that become bins unasked at most: each is counted by class in every thread.</summary>
    private const int MostColumns = 64;

    private const int Tenths = 10;

    /// <summary>The reference as it was, where it needs no cells or has none to make.</summary>
    /// <param name="datasets">All of the reference.</param>
    /// <param name="open">Opens one.</param>
    /// <param name="clusters">Makes clusters.</param>
    /// <param name="backend">Counts.</param>
    /// <param name="reader">Reads.</param>
    /// <param name="rounds">What is known of the passes already.</param>
    /// <param name="clock">Times the passes.</param>
    public SavedState Run(IReadOnlyList<string> datasets, Func<string, Dataset> open, DriftClusters clusters, Backend backend, Func<Dataset, Pipeline> reader, Rounds rounds, StageClock clock)
    {
        DriftState state = reference.State;
        bool nothingElse = asked.Count == 0 && !segmentsAsked && state.Segments.Skip(1).All(s => s.TooMany);
        if (state.Segments.Count == 0 || (asked.Count == 0 && !nothingElse))
        {
            return reference;
        }

        List<DriftSegment> cuts = [.. asked.Select(b => Bins(b.Column, b.Count, true)).OfType<DriftSegment>()];
        if (nothingElse)
        {
            cuts.AddRange(state.Columns.Where(c => c is { Kind: DriftKind.Numeric, Form: DriftForm.Numbers }).Take(MostColumns).Select(c => Bins(c.Name, Tenths, false)).OfType<DriftSegment>());
            if (state.Columns.FirstOrDefault(c => c.Form == DriftForm.Vectors) is { } embedding)
            {
                Each("sample reference", (_, data, pipeline, done) => clusters.Add(data, embedding.Name, pipeline, done));
                if (clock.Time("cluster reference", clusters.Cut) is { } cut)
                {
                    cuts.Add(new DriftSegment([embedding.Name], false) { Cut = cut });
                }
            }
        }

        if (cuts.Count == 0)
        {
            return reference;
        }

        DriftState? counted = null;
        Each("cut reference", (number, data, pipeline, done) =>
        {
            DriftState more = DriftSide.CountMore(data, state.Columns, cuts, clusters, backend, pipeline, rounds, FormattableString.Invariant($"cut reference {number}"), done);
            if (counted is null)
            {
                counted = more;
            }
            else
            {
                counted.Merge(more);
            }
        });
        return reference with { State = state.With(counted!) };

        void Each(string stage, Action<int, Dataset, Pipeline, Action<long>> read)
        {
            for (int i = 0; i < datasets.Count; i++)
            {
                using Dataset data = open(datasets[i]);
                clock.Pass(stage, "reading the reference again", data.Rows, done => read(i + 1, data, reader(data), done));
            }
        }
    }

    private DriftSegment? Bins(string column, int count, bool isAsked)
    {
        DriftState state = reference.State;
        int at = Enumerable.Range(0, state.Columns.Count).First(i => state.Columns[i].Name == column && state.Columns[i].Form == DriftForm.Numbers);
        KeyHistogram values = ((NumberTally)state.Tallies[at]).Values;
        return values.Count > 0 && DriftCut.AtQuantiles(values, count) is { } cut ? new DriftSegment([column], isAsked) { Cut = cut } : null;
    }
}
