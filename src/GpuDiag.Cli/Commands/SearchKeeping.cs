using GpuDiag.Analyses.Neighbors;
using GpuDiag.Analyses.Shards;
using GpuDiag.Reports;

namespace GpuDiag.Cli.Commands;

/// <summary>Keeps the pieces of a long search until its results are there, and goes on from them with <c>--resume</c>.</summary>
internal sealed class SearchKeeping : IDisposable
{
    private readonly TextWriter? told;

    private SearchKeeping(string path, bool resume, bool quiet, TextWriter errors)
    {
        told = quiet ? null : errors;
        Log = PieceLog.Open(path, resume);
        if (resume && Log.Known == 0)
            told?.WriteLine("gpudiag: nothing was kept of an earlier run: starting at the beginning");
    }

    public PieceLog Log { get; }

    /// <summary>In the output folder; gone when that is committed.</summary>
    public static SearchKeeping In(OutputFolder folder, bool resume, bool quiet, TextWriter errors)
    {
        folder.Remove(PieceLog.FileName);
        return new SearchKeeping(Path.Combine(folder.Path, PieceLog.FileName), resume, quiet, errors);
    }

    /// <summary>Makes a part, and keeps pieces beside its state until that is written.</summary>
    public static int WhilePart(string state, bool resume, bool quiet, Session session, Func<ProgressLine?, PieceLog, StateBook> make)
    {
        string path = state + ".pieces";
        using var keeping = new SearchKeeping(path, resume, quiet, session.Errors);
        try
        {
            int code = PartCommand.Write(state, quiet, session, progress => make(progress, keeping.Log));
            keeping.Finish();
            File.Delete(path);
            return code;
        }
        catch (OperationCanceledException)
        {
            keeping.Tell();
            throw;
        }
    }

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
