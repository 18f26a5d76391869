using GpuDiag.Reports;
using ParquetSharp;

namespace GpuDiag.Tests.Reports;

/// <summary>What is got ready while rows are read is what the tables need, and goes through by itself.</summary>
public class ReportPreparationTests
{
    [Fact]
    public async Task Preparation_Succeeds() => await ReportPreparation.Start();

    [Fact]
    public void Progress_IsToldFurther()
    {
        var told = new Heard();
        var preparation = new ReportPreparation(told);
        preparation.Report(new("read", 1, 2));
        preparation.Report(new("read", 2, 2));
        Assert.Equal([1, 2], told.Done);
        new ReportPreparation(null).Report(new("read", 2, 2));
    }

    private sealed class Heard : IProgress<GpuDiag.Analyses.Scan.ScanProgress>
    {
        public List<long> Done { get; } = [];

        public void Report(GpuDiag.Analyses.Scan.ScanProgress value) => Done.Add(value.RowsDone);
    }

    [Fact]
    public void ItsTable_HasTheKindsOfColumnsOfAScan()
    {
        HashSet<(PhysicalType, Repetition)> Kinds(Action<Stream> write)
        {
            using var stream = new MemoryStream();
            write(stream);
            using var reader = new ParquetFileReader(new MemoryStream(stream.ToArray()));
            var schema = reader.FileMetaData.Schema;
            return [.. Enumerable.Range(0, schema.NumColumns).Select(i => schema.Column(i)).Select(c => (c.PhysicalType, c.SchemaNode.Repetition))];
        }

        var ready = Kinds(stream => ReportPreparation.KindsOfColumns().Write(stream, [""], default));
        foreach (var report in ReportCatalog.All.Where(r => r.FileName.EndsWith(".parquet", StringComparison.Ordinal) && r.Applies(SampleOutcome.Outcome)))
            Assert.Subset(ready, Kinds(stream => report.Write(stream, SampleOutcome.Outcome, default)));
    }
}
