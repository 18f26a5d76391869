using System.Text;

namespace GpuDiag.Cli.Commands;

/// <summary>A file of class names, one a line, in the order of the probabilities.</summary>
internal static class ClassList
{
    /// <exception cref="InputException">It cannot be read, is empty, or names a class twice.</exception>
    public static List<string> Read(string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"the class names can't be read: {fault.Message}", file, remedy: "Check the path given to --classes.", inner: fault);
        }
        List<string> names = [];
        HashSet<string> seen = [];
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0)
                throw new InputException($"line {i + 1} is empty", file, remedy: "Give one class name a line, and no other lines.");
            if (!seen.Add(lines[i]))
                throw new InputException($"line {i + 1}: class '{lines[i]}' is there twice", file, remedy: "Give every class once, in the order of the probabilities.");
            names.Add(lines[i]);
        }
        return names.Count > 0 ? names : throw new InputException("there are no class names", file, remedy: "Give one class name a line.");
    }

    public static void Write(Stream stream, IEnumerable<string> names)
    {
        foreach (string name in names)
            stream.Write(Encoding.UTF8.GetBytes(name.ReplaceLineEndings(" ") + "\n"));
    }
}
