using System.Reflection;
using GpuDiag.Cli.Options;
using GpuDiag.Reports;

namespace GpuDiag.Cli.Commands;

/// <summary><c>gpudiag demo</c>: unpacks a real small dataset, shows the command that scans it, and runs it.</summary>
internal static class DemoCommand
{
    private const string File = "digits_test.parquet";

    public static int Run(OptionValues values, Session session)
    {
        string folder = values.Text(OptionCatalog.Out.Name) ?? "gpudiag-demo";
        string data = Path.Combine(folder, File);
        string[] args = [data, "--segment", "stroke", "--segment", "slant", "--segment", "label*slant", "--out", folder];
        string commandLine = string.Join(' ', args.Select(Session.Quoted).Prepend("gpudiag scan"));

        using (var unpacked = new OutputFolder(folder))
        {
            unpacked.Write(File, stream =>
            {
                using Stream resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(File)!;
                resource.CopyTo(stream);
            });
            unpacked.Commit();
        }

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
                  Your own data: gpudiag scan predictions.parquet   (columns label, pred, probs or confidence)

                """);
        }
        return code;
    }
}
