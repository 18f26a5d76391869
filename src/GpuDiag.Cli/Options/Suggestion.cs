namespace GpuDiag.Cli.Options;

/// <summary>Finds what was probably meant.</summary>
internal static class Suggestion
{
    /// <summary>The known word nearest by edits, when it is near: one edit, and one more for every four letters. Else null.</summary>
    public static string? For(string word, IEnumerable<string> known)
        => known.Select(k => (Word: k, Distance: Distance(word, k)))
            .Where(k => k.Distance <= 1 + (k.Word.Length / 4))
            .OrderBy(k => k.Distance)
            .Select(k => k.Word)
            .FirstOrDefault();

    /// <summary>Levenshtein: insertions, deletions and replacements of letters.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
