using System.Globalization;
using System.Text;
using System.Xml;
using GpuDiag.Reports.Gates;

namespace GpuDiag.Reports.Monitoring;

/// <summary>
/// A run as JUnit XML, the form that build servers read: one suite, with a case for the scan itself, one for files that were
/// skipped where there are such, and one per gate. A gate that does not hold is a failure; a run without an outcome, and
/// skipped files, are errors.
/// </summary>
internal static class JUnitXml
{
    /// <summary>The same in every run, so that a build server sees one test over time.</summary>
    private const string Suite = "gpudiag.scan";

    public static void Write(Stream stream, WatchedRun run)
    {
        var skipped = run.Outcome?.Run.Skipped ?? [];
        int failures = run.Verdicts.Count(v => !v.Passed);
        int errors = (run.Fault is null ? 0 : 1) + (skipped.Count > 0 ? 1 : 0);
        int tests = 1 + (skipped.Count > 0 ? 1 : 0) + run.Verdicts.Count;
        string time = run.Elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
        using (var xml = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) }))
            Suites(xml);
        stream.WriteByte((byte)'\n');

        void Suites(XmlWriter xml)
        {
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            Attributes(xml, ("name", Suite), ("tests", Text(tests)), ("failures", Text(failures)), ("errors", Text(errors)), ("skipped", "0"), ("time", time),
                ("timestamp", RunJson.Text(run.Started)[..^1]));
            xml.WriteStartElement("properties");
            Property(xml, "version", run.Version);
            if (run.Outcome is { } outcome)
            {
                Property(xml, "rows", outcome.Result.Rows.ToString(CultureInfo.InvariantCulture));
                foreach (var (name, estimate) in outcome.Result.Metrics.Where(m => m.Value.Value is not null))
                    Property(xml, name, Json.Text(estimate.Value));
            }
            xml.WriteEndElement();
            Case(xml, "scan", time, run.Fault is null ? null : ("error", run.Fault));
            if (skipped.Count > 0)
                Case(xml, "every file is read", "0", ("error", $"{skipped.Count} files were skipped:\n{string.Join('\n', skipped.Select(s => $"{s.Path}: {s.Reason}"))}"));
            foreach (var verdict in run.Verdicts)
                Case(xml, verdict.Gate.Text, "0", verdict.Passed ? null : ("failure", Reason(verdict)));
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
    }

    private static string Reason(GateVerdict verdict) => verdict.Reason ?? $"it is {Json.Text(verdict.Actual)}";

    private static void Case(XmlWriter xml, string test, string time, (string Kind, string Message)? fault)
    {
        xml.WriteStartElement("testcase");
        Attributes(xml, ("classname", Suite), ("name", test), ("time", time));
        if (fault is var (kind, message))
        {
            xml.WriteStartElement(kind);
            Attributes(xml, ("message", message.Split('\n')[0]), ("type", kind == "failure" ? "gate" : "run"));
            xml.WriteString(Safe(message));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void Property(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement("property");
        Attributes(xml, ("name", name), ("value", value));
        xml.WriteEndElement();
    }

    private static void Attributes(XmlWriter xml, params (string Name, string Value)[] pairs)
    {
        foreach (var (name, value) in pairs)
            xml.WriteAttributeString(name, Safe(value));
    }

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>Without what XML can't hold: most control characters, and halves of characters.</summary>
    private static string Safe(string text)
    {
        var safe = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                safe.Append(text[i]).Append(text[++i]);
            else
                safe.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '·');
        }
        return safe.ToString();
    }
}
