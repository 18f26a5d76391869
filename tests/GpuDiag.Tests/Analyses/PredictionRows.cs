using System.Globalization;
using GpuDiag.Columns;
using GpuDiag.Tests.Algebra;

namespace GpuDiag.Tests.Analyses;

/// <summary>Rows in memory: label, prediction, and where present probabilities, confidence and segments.</summary>
internal sealed class PredictionRows(Domain classes)
{
    public Domain Classes { get; } = classes;

    public List<int> Labels { get; } = [];

    public List<int> Predictions { get; } = [];

    public List<double> Confidences { get; } = [];

    public List<double[]> Probabilities { get; } = [];

    public List<Domain> Segments { get; } = [];

    public List<int[]> SegmentCodes { get; } = [];

    public int[] ClassCodes { get; set; } = [];

    /// <summary>A golden dataset: label, pred, then confidence or p0 …, then segment columns.</summary>
    public static PredictionRows Golden(string name, IEnumerable<string> probabilityClasses)
    {
        string[] lines = GoldenData.Lines($"metrics_{name}.csv");
        string[] header = lines[0].Split(',');
        PredictionRows rows = new(new Domain("classes"));
        int columns = header.Count(h => h[0] == 'p' && char.IsAsciiDigit(h[1]));
        bool confidence = header.Contains("confidence");
        int firstSegment = 2 + columns + (confidence ? 1 : 0);
        rows.Segments.AddRange(header[firstSegment..].Select(h => new Domain(h)));
        foreach (string line in lines[1..])
        {
            string[] parts = line.Split(',');
            double[] numbers = [.. parts[2..firstSegment].Select(p => (double)float.Parse(p, CultureInfo.InvariantCulture))];
            rows.Labels.Add(rows.Classes.Code(parts[0]));
            rows.Predictions.Add(rows.Classes.Code(parts[1]));
            rows.SegmentCodes.Add([.. rows.Segments.Select((s, i) => s.Code(parts[firstSegment + i]))]);
            if (columns > 0)
            {
                rows.Probabilities.Add(numbers);
                rows.Confidences.Add(numbers.Max());
            }
            else if (confidence)
            {
                rows.Confidences.Add(numbers[0]);
            }
        }

        rows.ClassCodes = columns > 0 ? [.. probabilityClasses.Select(rows.Classes.Code)] : [];
        return rows;
    }
}
