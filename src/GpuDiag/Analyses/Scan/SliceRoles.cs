using GpuDiag.Analyses.Results;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// Which metadata columns slices are made of: the columns of all segments, each once, as the segments cut them; and where
/// segments were not asked for by name, float columns without a role too, and whole numbers of too many values to be
/// segments, both cut into ten bins of equal width.
/// </summary>
/// <param name="Parts">Columns in the order of the data; bins as of the segments, 0 = by value.</param>
/// <param name="Cut">Those that are cut into bins of equal width: their bins are not known yet.</param>
/// <param name="LeftOut">Columns that cannot be used, and why.</param>
internal sealed record SliceRoles(IReadOnlyList<(Field Field, int Bins)> Parts, IReadOnlyList<Field> Cut, IReadOnlyList<SliceColumnLeftOut> LeftOut)
{
    public const int EqualBins = 10;

    public static SliceRoles Of(ScanColumns columns, IReadOnlyList<Field> fields, bool areFound)
    {
        Dictionary<string, int> bins = [];
        List<Field> cut = [];
        List<SliceColumnLeftOut> leftOut = [];
        foreach ((Field field, int count) in columns.Roles.Segments.SelectMany(s => s.Parts))
        {
            if (count > 0 || !columns.Part(field).Overflowed)
            {
                bins.TryAdd(field.Name, count);
            }
            else if (field.Type == FieldType.Integer)
            {
                cut.Add(field);
            }
            else
            {
                leftOut.Add(new SliceColumnLeftOut(field.Name, "too many values to be found as a segment; --segment takes it all the same"));
            }
        }

        HashSet<string> taken = [.. columns.Roles.Taken.Select(t => t.Column), .. bins.Keys];
        if (areFound)
        {
            cut.AddRange(fields.Where(f => f.Type is FieldType.Float32 or FieldType.Float64 && !taken.Contains(f.Name)));
        }

        (Field, int)[] parts = [.. fields
            .Where(f => bins.ContainsKey(f.Name) || cut.Contains(f))
            .Select(f => (f, cut.Contains(f) ? EqualBins : bins[f.Name]))];
        return new SliceRoles(parts, [.. fields.Where(cut.Contains)], leftOut);
    }
}
