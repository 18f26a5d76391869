namespace GpuDiag.Reports.Html;

/// <summary>The files of one command's results by name, wherever they are: in their folder, or written and not yet in their places.</summary>
/// <param name="find">From a file's name to its path; null where there is no such file.</param>
internal sealed class ResultFiles(Func<string, string?> find)
{
    /// <summary>The files in a folder.</summary>
    public static ResultFiles In(string folder) => new(name =>
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? path : null;
    });

    /// <summary>Those of a loop: its page shows loop.json alone, which stands in for summary.json.</summary>
    public static ResultFiles Loop(Func<string, string?> find) => new(name => name == "summary.json" ? find("loop.json") : null);

    /// <summary>Those of a history: likewise history.json.</summary>
    public static ResultFiles History(Func<string, string?> find) => new(name => name == "summary.json" ? find("history.json") : null);

    /// <summary>The path of a file, null where there is none.</summary>
    public string? Find(string name) => find(name);
}
