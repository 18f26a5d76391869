namespace GpuDiag;

/// <summary>
/// A fault of what the user gave: a file, a column, an option. Says which, and what to do about it.
/// The command line turns it into exit code 2.
/// </summary>
public sealed class InputException : Exception
{
    /// <param name="message">What is wrong, in one sentence.</param>
    /// <param name="file">The file at fault, as the user named it.</param>
    /// <param name="column">The column at fault.</param>
    /// <param name="remedy">What to do, in the imperative.</param>
    /// <param name="inner">The reader's own error, kept for <c>--verbose</c>.</param>
    public InputException(string message, string? file = null, string? column = null, string? remedy = null, Exception? inner = null)
        : base(Compose(message, file, column, remedy), inner)
    {
        File = file;
        Column = column;
        Remedy = remedy;
    }

    public string? File { get; }

    public string? Column { get; }

    public string? Remedy { get; }

    /// <summary>The file itself can't be read, or not to its end: leaving it out helps.</summary>
    public bool Unreadable { get; init; }

    private static string Compose(string message, string? file, string? column, string? remedy)
    {
        string where = (file, column) switch
        {
            (not null, not null) => $"{file}: column '{column}': ",
            (not null, null) => $"{file}: ",
            (null, not null) => $"column '{column}': ",
            _ => "",
        };
        return remedy is null ? where + message : $"{where}{message}\n  {remedy}";
    }
}
