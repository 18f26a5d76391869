using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Scoring;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag score</c>: a model's predictions on data, as a dataset to scan.</summary>
internal static class ScoreCommand
{
    public static int Run(OptionValues values, Session session)
    {
        var request = ScoreRequest.From(values, CommandCatalog.Score);
        using var folder = new OutputFolder(request.Out);
        var progress = request.Quiet ? null : new ProgressLine(session.Errors, Session.IsTerminal);
        try
        {
            var result = Score.Run(request.Options, folder.Path, Application.Version, progress, session.Cancellation);
            if (result.Classes is { } names)
                folder.Write(ScoreSummary.ClassFile, stream => ClassList.Write(stream, names));
            else
                folder.Remove(ScoreSummary.ClassFile);
            folder.Write("run.json", stream => RunJson.Write(stream, ScoreSummary.Run(result, Application.Version, session.Command) with { Started = session.Started }));
            folder.Write("summary.json", stream => ScoreSummary.WriteJson(stream, result));
            folder.Commit();
            progress?.Clear();
            Tell(request, session, result, folder.Path);
            return result.Skipped.Count > 0 || result.Damaged > 0 ? ExitCode.InputsSkipped : ExitCode.Done;
        }
        catch (OperationCanceledException)
        {
            progress?.Clear();
            session.Errors.WriteLine("gpudiag: what is scored so far is kept: the same command with --resume goes on there");
            throw;
        }
        finally
        {
            progress?.Clear();
        }
    }

    private static void Tell(ScoreRequest request, Session session, ScoreResult result, string folder)
    {
        if (request.Json || request.Quiet)
        {
            foreach (var skipped in result.Skipped)
                session.Errors.WriteLine($"gpudiag: skipped {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}");
            if (result.Mixing > ScoreResult.MostMixing)
                session.Errors.WriteLine("gpudiag: the model mixes rows: its predictions depend on which rows come together");
        }
        if (request.Json)
            ScoreSummary.WriteJson(session.Output.BaseStream, result);
        else if (!request.Quiet)
            ScoreSummary.WriteText(session.Output, Session.Palette, result, request.Options.Model, folder, session.Elapsed);
    }
}
