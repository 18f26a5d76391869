using GpuDiag.Engine.Labels;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Devices;

/// <summary>ConfidentJoint on one case, counted here row by row: what is wrong with the backend's state, or null.</summary>
internal static class CheckLabels
{
    public static string? ConfidentJoint(Backend backend, CheckCase data)
    {
        int classes = data.ClassCount;
        double[] least = [.. Enumerable.Range(0, classes).Select(k => k % 7 == 6 ? double.PositiveInfinity : 1.0 / (1 + (k % 5)) / (1 + (classes / 20)))];
        var plan = new ConfidentJointPlan(data.Classes, data.ClassCodes, least);
        var expected = new ConfidentJointState(plan);
        for (int row = 0; row < data.Rows; row++)
        {
            int label = data.Label[row] - 1, count = 0, last = -1, best = 0;
            double[] values = new double[classes];
            for (int k = 0; k < classes; k++)
            {
                values[k] = CheckOperations.Value(data, row, k);
                (count, last) = values[k] >= least[k] ? (count + 1, k) : (count, last);
                best = values[k] > values[best] ? k : best;
            }

            if (label >= 0 && values.All(RowRule.IsValid))
            {
                expected.Add(label, Confident.Guess(count, last, best), Confident.IsDisputed(values[label], values[best], best, label));
            }
        }

        return CheckOperations.Compare(expected, CheckOperations.Fold(backend.ConfidentJoint(plan), new ConfidentJointBatch(data.Rows, data.Matrix, data.Label)));
    }
}
