using System.Globalization;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>The domain that labels and predictions share.</summary>
internal static class ClassDomain
{
    /// <summary>
    /// Open, unless <c>--classes</c> lists the names: then it holds these and no others, and number i stands for the
    /// i-th name (unless names are numbers themselves). Where one column is boolean and the other 0 and 1, these are the same.
    /// </summary>
    public static Domain For(ScanOptions options, Roles roles) => For(options, roles.Pred is null ? [roles.Label] : [roles.Label, roles.Pred]);

    /// <param name="options">With the list of names, if any.</param>
    /// <param name="columns">All that hold classes.</param>
    public static Domain For(ScanOptions options, IReadOnlyList<Field> columns)
    {
        if (options.Classes is { } names)
        {
            Domain closed = new("class", names.Count);
            foreach (string name in names)
            {
                closed.Code(name);
            }

            if (closed.Count != names.Count + 1)
            {
                throw new InputException("--classes names a class twice", null, null, "Give each class one line.");
            }

            if (!names.All(n => long.TryParse(n, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
            {
                for (int i = 0; i < names.Count; i++)
                {
                    closed.Alias(i.ToString(CultureInfo.InvariantCulture), i + 1);
                }
            }

            return closed;
        }

        Domain open = new("class");
        if (columns.Any(c => c.Type == FieldType.Boolean) && columns.Any(c => c.Type != FieldType.Boolean))
        {
            open.Alias("0", open.Code(false));
            open.Alias("1", open.Code(true));
        }

        return open;
    }

    /// <exception cref="InputException">A label or prediction is not in the list that the user gave.</exception>
    public static void CheckKnown(Domain classes)
    {
        if (classes.Overflowed)
        {
            throw new InputException($"a label or prediction is '{classes.Surplus}', which --classes does not name", null, null, "Add it to the list, or correct the data.");
        }
    }
}
