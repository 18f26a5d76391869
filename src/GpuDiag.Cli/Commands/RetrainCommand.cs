using GpuDiag.Cli.Options;
using GpuDiag.Reports;
using GpuDiag.Reports.Html;
using GpuDiag.Scoring;
using GpuDiag.Scoring.Heads;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag retrain</c>: a new linear head on embeddings, from old rows and newly labelled ones.</summary>
internal static class RetrainCommand
{
    public static CommandSpec Spec { get; } = new("retrain", "", "Fit a linear head with the newly labelled rows")
    {
        Details = "Multinomial logistic regression with an L2 penalty on embeddings, its strength by cross-validation; the optimum is that of scikit-learn's LogisticRegression. Writes the head as ONNX, and predictions of the test data and, out of fold, of the training rows, for gpudiag scan. The same bytes for any threads and any cut into files.",
        Groups = [RetrainOptionGroups.Data, RetrainOptionGroups.Fit, RetrainOptionGroups.Roles, RetrainOptionGroups.Files, RetrainOptionGroups.Machinery],
        Examples =
        [
            ("gpudiag retrain --train train.parquet --labels labels.parquet --pool pool.parquet --cases gpudiag-out", "What a labelling team sent back; then how the scan's failures fare"),
            ("gpudiag retrain --train train.parquet --labels labels.parquet --pool pool.parquet --warm gpudiag-retrain/head.onnx --out again", "More labels came: on from the earlier head, at its C"),
            ("gpudiag retrain --train train.parquet --test test.parquet --c 1 --class-weight balanced", "A head of given strength, every class alike"),
        ],
        Run = Run,
    };

    public static int Run(OptionValues values, Session session) => Run(RetrainRequest.From(values, Spec), session, session.Command);

    public static int Run(RetrainRequest request, Session session, string commandLine)
    {
        using var folder = new OutputFolder(request.Out);
        var progress = request.Quiet ? null : new ProgressLine(session.Errors, Session.IsTerminal);
        try
        {
            using var retrain = Retrain.Open(request.Options, progress, session.Cancellation);
            var result = retrain.Fit();
            folder.Write("head.onnx", stream => LinearHeadModel.Write(stream, result.Head.Weights(), result.Head.Bias(), result.Head.Classes, result.C));
            if (retrain.HasTest)
                folder.Write("test.parquet", retrain.WriteTest);
            else
                folder.Remove("test.parquet");
            folder.Write("train.parquet", retrain.WriteTrain);
            folder.Write("classes.txt", stream => ClassList.Write(stream, result.Head.Classes));
            var run = RetrainSummary.Run(result, Application.Version, commandLine, request.Options) with { Started = session.Started };
            folder.Write("run.json", stream => RunJson.Write(stream, run));
            folder.Write("summary.json", stream => RetrainSummary.WriteJson(stream, result, run));
            HtmlReport.Write(folder, session.Cancellation);
            session.Cancellation.ThrowIfCancellationRequested();
            folder.Commit();
            progress?.Clear();
            if (request.Json || request.Quiet)
            {
                foreach (var skipped in result.Skipped)
                    session.Errors.WriteLine($"gpudiag: skipped {Plain.Name(skipped.Path)}: {Plain.Name(skipped.Reason)}");
                if (result.Unknown > 0)
                    session.Errors.WriteLine($"gpudiag: left out {Plain.Count(result.Unknown)} labels of ids that neither pool nor training set has");
            }
            if (request.Json)
                RetrainSummary.WriteJson(session.Output.BaseStream, result, run);
            else if (!request.Quiet)
                RetrainSummary.WriteText(session.Output, Session.Palette, result, folder.Path, session.Elapsed);
            return result.Skipped.Count > 0 || result.Unknown > 0 ? ExitCode.InputsSkipped : ExitCode.Done;
        }
        finally
        {
            progress?.Clear();
        }
    }
}
