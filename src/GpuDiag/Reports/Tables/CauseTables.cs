using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.Tables;

/// <summary>The tables of causes and actions.</summary>
internal static class CauseTables
{
    public static Table<ActionResult> Actions { get; } = new Table<ActionResult>()
        .Text("action", a => a.Action)
        .Text("finding", a => a.Finding)
        .Text("title", a => a.Title)
        .Value("rows", a => a.Rows)
        .Estimate("gain", a => a.Gain)
        .Text("gain_method", a => a.GainMethod)
        .Text("select", a => a.Select)
        .Text("command", a => a.Command)
        .Text("advice", a => a.Advice);

    /// <summary>A line per group, the first for all rows; a column per cause.</summary>
    public static Table<CauseGroup> Causes(CauseResult causes)
    {
        var table = new Table<CauseGroup>()
            .Text("group", g => g.Group)
            .Text("column", g => g.Column)
            .Text("value", g => g.Value)
            .Value("errors", g => g.Errors);
        for (int c = 0; c < causes.Causes.Count; c++)
        {
            int place = c;
            table.Value(causes.Causes[c].Cause, g => g.Counts[place]);
        }
        return table;
    }

    public static IEnumerable<CauseGroup> Groups(CauseResult causes)
        => causes.Groups.Prepend(new CauseGroup("all", null, null, causes.Errors, [.. causes.Causes.Select(c => c.Errors)]));
}
