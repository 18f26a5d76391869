using GpuDiag.Analyses.Neighbors;
using GpuDiag.Reports;

namespace GpuDiag.Cli.Commands;

/// <summary>Keeps the pieces of a long search in the output folder until its results are there, and goes on from them with <c>--resume</c>.</summary>
internal sealed class SearchKeeping : IDisposable
{
    private readonly TextWriter? told;

    public SearchKeeping(OutputFolder folder, bool resume, bool quiet, TextWriter errors)
    {
        told = quiet ? null : errors;
        Log = PieceLog.Open(Path.Combine(folder.Path, PieceLog.FileName), resume);
        folder.Remove(PieceLog.FileName);
        if (resume && Log.Known == 0)
            told?.WriteLine("gpudiag: nothing was kept of an earlier run: starting at the beginning");
    }

    public PieceLog Log { get; }

    /// <summary>The results are written: the file is about to go.</summary>
    public void Finish()
    {
        if (Log is { Known: > 0, Taken: 0 })
            told?.WriteLine("gpudiag: what an earlier run kept is of other data, options or another version: all was searched anew");
        Log.Dispose();
    }

    /// <summary>To be told when a run is cancelled.</summary>
    public void Tell()
    {
        if (Log.HasPieces)
            told?.WriteLine("gpudiag: what was found so far is kept: the same command with --resume goes on there");
    }

    public void Dispose() => Log.Dispose();
}
