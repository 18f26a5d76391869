namespace GpuDiag.Columns;

/// <summary>
/// The one place where a reader's own error becomes an <see cref="InputException"/>. Readers fail on damaged data with
/// nearly any type (their own exceptions, a bare Exception, a null reference, an index out of range, a failed
/// allocation of a size that the file made up), so everything but a cancellation is taken for a fault of the data.
/// </summary>
internal static class ReadFault
{
    internal const string Damaged = "The file is damaged or not what it says it is: write it again from its source.";

    /// <summary>Whether <see cref="From"/> should replace it: not what is typed already, nor a cancellation.</summary>
    internal static bool Wraps(Exception error) => error is not (InputException or OperationCanceledException);

    internal static InputException From(Exception error, string file, string? column = null)
    {
        if (Remote.RemoteFiles.FaultOf(file) is { } remote)
        {
            return remote;
        }

        Exception cause = error is AggregateException { InnerException: { } inner } ? inner : error;
        return cause switch
        {
            InputException typed => typed,
            FileNotFoundException or DirectoryNotFoundException =>
                new InputException("no such file", file, column, "Check the path; quote a pattern so that the shell leaves it alone.", cause) { Unreadable = true },
            UnauthorizedAccessException =>
                new InputException("cannot be read: permission denied", file, column, "Give this user read permission.", cause) { Unreadable = true },
            _ => new InputException($"cannot be read: {FirstLine(cause.Message)}", file, column, Damaged, cause) { Unreadable = true },
        };
    }

    /// <summary>A fault that a check of our own found in the data.</summary>
    internal static InputException Corrupt(string what, string file, string? column = null) => new(what, file, column, Damaged) { Unreadable = true };

    private static string FirstLine(string message)
    {
        string line = message.Split('\n', 2)[0].Trim();
        return line.Length > 200 ? line[..200] : line;
    }
}
