using GpuDiag.Analyses.Scan;
using GpuDiag.Cli.Options;
using GpuDiag.Reports.Explain;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag explain</c>: one prediction on one screen, from the files of an earlier scan where they hold it, else from a scan of its own.</summary>
internal static class ExplainCommand
{
    public static int Run(OptionValues values, Session session)
    {
        var request = ScanRequest.From(values, CommandCatalog.Explain);
        string name = values.Text(OptionCatalog.Row.Name)
            ?? throw new InputException("no row is given", remedy: "Name it: gpudiag explain predictions.parquet --row ID, or --row '#17' for a row number.");
        var row = OneRow.Read(request.Options, name, session.Cancellation);
        var explanation = Explainer.Explain(View(values, request, row.Row, session), row);
        if (request.Json)
            ExplanationJson.Write(session.Output.BaseStream, explanation);
        else
            new ExplanationText(session.Output, Session.Palette).Write(explanation);
        return ExitCode.Done;
    }

    private static ScanView View(OptionValues values, ScanRequest request, long row, Session session)
    {
        string? named = values.Text(OptionCatalog.EarlierScan.Name);
        string path = named ?? "gpudiag-out";
        var folder = new ScanFolder(path);
        bool fits = folder.IsOf(request.Options.Inputs, request.Options.Train);
        if (named is not null && !fits)
            throw new InputException("holds no scan of this data as it is now", named, remedy: "Scan the data again into this folder, or leave --scan out.");
        if (fits && folder.Find(row, session.Cancellation) is { } kept)
            return kept;

        if (!request.Quiet)
            session.Errors.WriteLine(fits ? $"gpudiag: the scan in {path} did not keep this row: scanning" : "gpudiag: scanning first; after gpudiag scan an explanation takes its files");
        var outcome = ScanCommand.Diagnose(request with { Options = request.Options with { ShownRow = row, AllRows = false, Gallery = 0, MapRows = 0 } }, session);
        return ScanView.Of(outcome, row);
    }
}
