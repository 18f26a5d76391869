using GpuDiag.Analyses.Scan;

namespace GpuDiag.Reports;

/// <summary>One file of the output folder.</summary>
internal interface IReport
{
    /// <summary>The file's name, without a folder.</summary>
    string FileName { get; }

    /// <summary>One line for people: what is in it.</summary>
    string Holds { get; }

    /// <summary>The outcome has something to put into it.</summary>
    bool Applies(ScanOutcome outcome);

    void Write(Stream stream, ScanOutcome outcome, CancellationToken cancellation);
}
