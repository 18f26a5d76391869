using System.Reflection;
using GpuDiag.Cli.Options;
using GpuDiag.Reports;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag demo</c>: unpacks a real small dataset, shows the command that scans it, or closes the loop on it, and runs it.</summary>
internal static class DemoCommand
{
    private const string Test = "digits_test.parquet", Train = "digits_train.parquet", Pool = "digits_pool.parquet", Labels = "digits_pool_labels.parquet";

    public static OptionSpec Loop { get; } = OptionSpec.Flag("loop", "Mine rows to label from a pool, take their labels, retrain and compare, on the same digits (some ten seconds)");

    public static int Run(OptionValues values, Session session)
    {
        string folder = values.Text(OptionCatalog.Out.Name) ?? "gpudiag-demo";
        return values.Flag(Loop.Name) ? Close(values, session, folder) : Scan(values, session, folder);
    }

    private static int Scan(OptionValues values, Session session, string folder)
    {
        string[] args = [Path.Combine(folder, Test), "--segment", "stroke", "--segment", "slant", "--segment", "label*slant", "--out", folder];
        string commandLine = Line("scan", args);
        Unpack(folder, Test);
        var scanned = ArgumentParser.Parse(CommandCatalog.Scan, args);
        scanned.Underlay(values);
        var request = ScanRequest.From(scanned, CommandCatalog.Scan);
        if (!request.Quiet && !request.Json)
            session.Output.Write($"652 handwritten digits, and what a small model makes of them.\nRunning: {commandLine}\n\n");
        int code = ScanCommand.Run(request, session, commandLine);
        if (!request.Quiet && !request.Json)
        {
            session.Output.Write($"""

                What to look at next
                  The findings: ones slanted to the left and eights slanted to the right were rare in training.
                  {folder}/rows.parquet, sorted by loss: the most confident mistakes; some are wrong labels.
                  What mending them takes: gpudiag demo --loop   (rows to label, labels, a new head, the gain)
                  Your own data: gpudiag scan predictions.parquet   (columns label, pred, probs or confidence)

                """);
        }
        return code;
    }

    private static int Close(OptionValues values, Session session, string folder)
    {
        string[] args =
        [
            "--test", Path.Combine(folder, Test), "--train", Path.Combine(folder, Train), "--pool", Path.Combine(folder, Pool), "--budget", "60",
            "--labels", Path.Combine(folder, Labels), "--segment", "label*slant", "--out", Path.Combine(folder, "loop"),
        ];
        Unpack(folder, Test, Train, Pool, Labels);
        var looped = ArgumentParser.Parse(LoopCommand.Spec, args);
        looped.Underlay(values);
        bool told = !values.Flag(OptionCatalog.Quiet.Name) && values.Text(OptionCatalog.Format.Name) != "json";
        if (told)
            session.Output.Write($"652 handwritten digits that a small model was tested on, 524 that it was trained on, 633 without labels: which 60 of these are worth a label?\nRunning: {Line("loop", args)}\n\n");
        int code = LoopCommand.Run(looped, session);
        if (told)
        {
            session.Output.Write($"""

                What to look at next
                  {folder}/loop/story.html: what came of it; {folder}/loop/mine/mined.csv: the rows that were chosen, and why.
                  Your own data: gpudiag loop --test test.parquet --train train.parquet --pool pool.parquet --budget 60

                """);
        }
        return code;
    }

    private static string Line(string command, string[] args) => string.Join(' ', args.Select(Session.Quoted).Prepend($"gpudiag {command}"));

    private static void Unpack(string folder, params string[] files)
    {
        using var unpacked = new OutputFolder(folder);
        foreach (string file in files)
        {
            unpacked.Write(file, stream =>
            {
                using Stream resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!;
                resource.CopyTo(stream);
            });
        }
        unpacked.Commit();
    }
}
