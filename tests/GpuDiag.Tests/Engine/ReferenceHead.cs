using GpuDiag.Engine.Heads;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Engine;

/// <summary>A head's loss and gradient, row by row and entry by entry.</summary>
internal sealed unsafe class ReferenceHead(HeadPlan plan) : IHeadGradient
{
    private readonly int width = plan.Rows.Width, classes = plan.Present.Count, rows = (int)plan.Rows.Rows;

    public int Length => LinearRows.Padded(width + 1) * LinearRows.Padded(classes);

    public double Evaluate(double[] weights, double[] gradient)
    {
        Array.Clear(gradient);
        double loss = 0;
        for (int first = 0; first < rows; first += 2048)
        {
            int[] block = [.. Enumerable.Range(first, Math.Min(2048, rows - first))];
            double[][] residuals = new double[block.Length][];
            double lost = 0;
            foreach (int row in block)
            {
                double[] z = [.. Enumerable.Range(0, classes).Select(k => Chain(Enumerable.Range(0, width + 1), d => (X(row, d), weights[At(d, k)])))];
                double most = Enumerable.Range(0, classes).Where(k => plan.Present[k]).Max(k => z[k]), s = plan.SampleWeights[row];
                double[] e = [.. Enumerable.Range(0, classes).Select(k => plan.Present[k] ? Deterministic.Exp(z[k] - most) : 0)], lanes = new double[8];
                for (int k = 0; k < classes; k++)
                {
                    lanes[k % 8] += e[k];
                }

                double total = (lanes[0] + lanes[4] + (lanes[2] + lanes[6])) + (lanes[1] + lanes[5] + (lanes[3] + lanes[7]));
                residuals[row - first] = [.. e.Select((v, k) => s * ((v / total) - (k == plan.Labels[row] ? 1 : 0)))];
                lost = Math.FusedMultiplyAdd(s, most - z[plan.Labels[row]] + Deterministic.Log(total), lost);
            }

            loss += lost;
            for (int d = 0; d <= width; d++)
            {
                for (int k = 0; k < classes; k++)
                {
                    int dimension = d, label = k;
                    gradient[At(d, k)] += Chain(block, row => (X(row, dimension), residuals[row - first][label]));
                }
            }
        }

        return loss;
    }

    public void Dispose()
    {
    }

    private int At(int d, int k) => (((k / 8 * LinearRows.Padded(width + 1)) + d) * 8) + (k % 8);

    private double X(int row, int d) => d == width ? 1 : plan.Rows.Row(row)[d];

    private static double Chain(IEnumerable<int> over, Func<int, (double A, double B)> at) => over.Aggregate(0.0, (sum, i) => at(i) is var (a, b) ? Math.FusedMultiplyAdd(a, b, sum) : sum);
}
