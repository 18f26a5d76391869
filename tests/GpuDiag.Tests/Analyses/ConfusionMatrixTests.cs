using GpuDiag.Analyses.Metrics;

namespace GpuDiag.Tests.Analyses;

public class ConfusionMatrixTests
{
    /// <summary>Few and many classes, near and far apart; cells in any order.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(40, 7)]
    [InlineData(500, 130)]
    [InlineData(700, 900_000)]
    public void Cells_ComeInOrder_OverTheClassesThatOccur(int count, int classes)
    {
        Random random = new(count);
        ClassCell[] cells = [.. Enumerable.Range(0, count)
            .Select(_ => (Label: random.Next(classes), Prediction: random.Next(classes))).Distinct()
            .Select(c => new ClassCell(c.Label, c.Prediction, random.Next(1, 9)))];
        ConfusionMatrix matrix = new(cells);

        Assert.Equal(cells.SelectMany(c => (int[])[c.Label, c.Prediction]).Distinct().Order(), matrix.Classes);
        Assert.Equal(
            cells.OrderBy(c => c.Label).ThenBy(c => c.Prediction),
            matrix.Cells.Select(c => new ClassCell(matrix.Classes[c.Label], matrix.Classes[c.Prediction], c.Count)));
        Assert.Equal(matrix.Classes.Select(k => cells.Where(c => c.Label == k).Sum(c => c.Count)), matrix.Support);
        Assert.Equal(matrix.Classes.Select(k => cells.Where(c => c.Prediction == k).Sum(c => c.Count)), matrix.Predicted);
        Assert.Equal(matrix.Classes.Select(k => cells.Where(c => c.Label == k && c.Prediction == k).Sum(c => c.Count)), matrix.Hits);
        Assert.Equal((cells.Sum(c => c.Count), matrix.Hits.Sum()), (matrix.Rows, matrix.Correct));
    }
}
