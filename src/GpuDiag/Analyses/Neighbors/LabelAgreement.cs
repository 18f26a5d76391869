using GpuDiag.Analyses.Embeddings;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>
/// What the labels of a row's neighbours say of the row. Shares are of the neighbours that have a label; NaN where none
/// has one, or where the row lacks what is compared. Time: k per row asked for.
/// </summary>
internal sealed class LabelAgreement(NeighborGraph graph, RowFacts facts)
{
    /// <summary>Shares up to and from which neighbours contradict a label.</summary>
    private const double MostForLabel = 0.2, LeastForPrediction = 0.8;

    /// <summary>The share of neighbours labelled as the row is labelled.</summary>
    public double WithLabel(long row) => Share(row, facts.Label[row]);

    /// <summary>The share of neighbours labelled as the row is predicted.</summary>
    public double WithPrediction(long row) => Share(row, facts.Prediction[row]);

    /// <summary>
    /// Model and neighbours agree against the label: at most a fifth of the neighbours has the row's label, and at least
    /// four fifths have its prediction.
    /// </summary>
    public bool IsContradicted(long row) =>
        facts.IsError(row) && WithLabel(row) <= MostForLabel && WithPrediction(row) >= LeastForPrediction;

    /// <summary>More than a fifth of the neighbours has the row's label; false where none has a label.</summary>
    public bool Supports(long row) => WithLabel(row) > MostForLabel;

    /// <summary>No label is held by four fifths of the neighbours that have one; null where none has one.</summary>
    public bool? IsDivided(long row)
    {
        ReadOnlySpan<int> neighbors = graph.Neighbors(row);
        int labelled = 0, most = 0;
        foreach (int neighbor in neighbors)
        {
            int label = facts.Label[neighbor];
            if (label != Domain.Null)
            {
                labelled++;
                int same = 0;
                foreach (int other in neighbors)
                {
                    same += facts.Label[other] == label ? 1 : 0;
                }

                most = Math.Max(most, same);
            }
        }

        return labelled == 0 ? null : 5L * most < 4L * labelled;
    }

    private double Share(long row, int code)
    {
        int labelled = 0, same = 0;
        foreach (int neighbor in graph.Neighbors(row))
        {
            int label = facts.Label[neighbor];
            labelled += label != Domain.Null ? 1 : 0;
            same += label == code ? 1 : 0;
        }

        return code == Domain.Null || labelled == 0 ? double.NaN : (double)same / labelled;
    }
}
