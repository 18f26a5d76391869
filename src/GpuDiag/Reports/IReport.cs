using GpuDiag.Analyses.Scan;

namespace GpuDiag.Reports;

/// <summary>One file of the output folder.</summary>
internal interface IReport
{
    /// <summary>The file's name, without a folder.</summary>
    string FileName { get; }

    /// <summary>One line for people: what is in it.</summary>
    string Holds { get; }

    void Write(Stream stream, ScanOutcome outcome, CancellationToken cancellation);
}
