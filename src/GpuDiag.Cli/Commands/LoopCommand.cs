using System.Globalization;
using GpuDiag.Cli.Options;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Reports;
using GpuDiag.Reports.Html;
using GpuDiag.Reports.Tables;
using GpuDiag.Scoring.Heads;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag loop</c>: scan, mine and, when labels are there, retrain, scan again and say what came of it. Its steps are the commands themselves.</summary>
internal static class LoopCommand
{
    public static CommandSpec Spec { get; } = new("loop", "", "Scan, mine, take labels, retrain, compare, and say what came of it")
    {
        Details = "Without --labels it scans the test data and mines the pool: mine/mined.csv are the rows to label. The same command with --labels then fits two heads, one on the training set and one with the new labels too, and compares both on the test data, on its failures and by segment. Each step is a command of its own, written to the folder's loop.json.",
        Groups = [LoopOptionGroups.Data, LoopOptionGroups.Files, LoopOptionGroups.Machinery],
        Examples =
        [
            ("gpudiag loop --test test.parquet --train train.parquet --pool pool.parquet --budget 60", "What to label"),
            ("gpudiag loop --test test.parquet --train train.parquet --pool pool.parquet --budget 60 --labels labels.csv", "What came of it"),
        ],
        Run = Run,
    };

    public static int Run(OptionValues values, Session session)
    {
        var request = LoopRequest.From(values, Spec);
        using (var folder = new OutputFolder(request.Out))
            folder.Commit();
        Steps steps = new(request, session);
        string scan = steps.Path("scan"), mine = steps.Path("mine"), before = steps.Path("head-before"), after = steps.Path("head"), again = steps.Path("scan-after");
        steps.Do(CommandCatalog.Scan, [.. request.Test, .. Each("train", request.Train), .. Each("segment", request.Segments), .. request.Common, "--out", scan]);
        steps.Do(MineCommand.Spec, ["--cases", scan, .. Each("pool", request.Pool), .. Each("train", request.Train), "--budget", $"{request.Budget}", "--strategy", request.Strategy, "--export", "csv", .. request.Common, "--out", mine]);
        if (request.Labels.Count == 0)
            return steps.Tell(LoopStory.Waiting(request, mine));
        string labels = steps.Path("labels.parquet");
        long labelled = WriteLabels(request, mine, labels, session.Cancellation);
        string[] fit = [.. Each("train", request.Train), "--cases", scan, .. request.C is null ? Array.Empty<string>() : ["--c", request.C], .. request.Common];
        steps.Do(RetrainCommand.Spec, [.. fit, "--out", before]);
        steps.Do(RetrainCommand.Spec, [.. fit, "--labels", labels, .. Each("pool", request.Pool), "--out", after]);
        steps.Do(CommandCatalog.Scan, [$"{after}/test.parquet", "--classes", $"{after}/classes.txt", "--train", $"{after}/train.parquet", .. Each("segment", request.Segments), .. request.Common, "--out", again]);
        steps.Do(CommandCatalog.Scan, [$"{before}/test.parquet", "--classes", $"{before}/classes.txt", "--embedding", "none", .. Each("segment", request.Segments), .. request.Common, "--out", steps.Path("scan-before")]);
        steps.Do(CommandCatalog.Compare, [$"{before}/test.parquet", $"{after}/test.parquet", "--cases", scan, "--classes", $"{after}/classes.txt", .. Each("segment", request.Segments), .. request.Common, "--out", steps.Path("compare")]);
        return steps.Tell(LoopStory.Of(request, labelled));
    }

    private static IEnumerable<string> Each(string option, IEnumerable<string> values) => values.SelectMany(v => new[] { $"--{option}", v });

    /// <summary>The labels of mined rows, in the order of the mining; gives how many there are.</summary>
    private static long WriteLabels(LoopRequest request, string mine, string file, CancellationToken cancel)
    {
        using var mined = Dataset.Open([$"{mine}/mined.parquet"]);
        string?[] ids = AllTexts.Read(mined, mined.Fields.First(f => f.Name == "id"), new Pipeline(mined, 1, null, cancel));
        var labels = LabelSet.Read(request.Labels, new RetrainOptions { Train = [] }, cancel);
        (string Id, string? Label)[] rows = [.. ids.Select(i => (i!, labels.ByName.GetValueOrDefault(i!)))];
        if (rows.All(r => r.Label is null))
            throw new InputException("none of the labels is of a row that was mined", labels.File, remedy: $"Label the rows of {mine}/mined.csv, and leave --budget, --strategy and --seed as they were then.");
        using var folder = new OutputFolder(Path.GetDirectoryName(file)!);
        var table = new Table<(string Id, string? Label)>().Text("id", r => r.Id).Text("label", r => r.Label);
        folder.Write(Path.GetFileName(file), stream => table.Write(stream, rows, cancel));
        folder.Commit();
        return rows.LongCount(r => r.Label is not null);
    }

    /// <summary>Runs the commands and keeps their lines.</summary>
    private sealed class Steps(LoopRequest request, Session session)
    {
        private readonly List<string> lines = [];

        public string Path(string name) => $"{request.Out}/{name}";

        public void Do(CommandSpec command, string[] args)
        {
            string line = string.Join(' ', args.Select(Session.Quoted).Prepend($"gpudiag {command.Name}"));
            lines.Add(line);
            if (!request.Quiet)
                session.Errors.WriteLine(line);
            var values = ArgumentParser.Parse(command, [.. args, "--quiet"]);
            int code = command.Run(values, session);
            if (code != ExitCode.Done)
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"this step ended with exit code {code}: {line}"), remedy: "Run it alone to see why.");
        }

        public int Tell(LoopStory story)
        {
            using var folder = new OutputFolder(request.Out);
            folder.Write("loop.json", stream => story.WriteJson(stream, lines));
            folder.Write(HtmlReport.StoryName, stream => HtmlReport.Write(stream, ResultFiles.Loop(folder.Staged), session.Cancellation), placeFirst: true);
            folder.Commit();
            if (request.Json)
                story.WriteJson(session.Output.BaseStream, lines);
            else if (!request.Quiet)
                story.WriteText(session.Output, Session.Palette, session.Elapsed);
            return ExitCode.Done;
        }
    }
}
