using System.Globalization;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Slices;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>Keeps the sets of rows within the memory that was asked for.</summary>
internal static class SliceRoom
{
    /// <summary>What all sets may take unless <c>--memory</c> says otherwise: the same on every machine, so that the same columns take part.</summary>
    public const long DefaultBytes = 4L << 30;

    /// <summary>Leaves out the column of most values, of equal ones the last, until all sets fit.</summary>
    /// <param name="columns">Those that are left out lose their values.</param>
    /// <param name="rows">Rows of the dataset, an eighth of a byte each in every set.</param>
    /// <param name="planes">Sets beside those of values.</param>
    /// <param name="memory">Bytes that all sets may take.</param>
    /// <param name="leftOut">Receives the columns left out.</param>
    /// <exception cref="InputException">Not even this machine's memory has room.</exception>
    public static void Fit(List<SliceColumn> columns, long rows, int planes, long memory, List<SliceColumnLeftOut> leftOut)
    {
        while (Bytes() > memory && columns.Exists(c => c.Codes.Length > 0))
        {
            int most = columns.Max(c => c.Codes.Length), widest = columns.FindLastIndex(c => c.Codes.Length == most);
            leftOut.Add(new SliceColumnLeftOut(columns[widest].Name, $"{most} sets of {rows} rows do not fit the memory for slices (--memory)"));
            columns[widest] = columns[widest] with { Codes = [] };
        }

        if (Bytes() > AvailableMemory.Bytes)
        {
            throw new InputException(
                string.Create(CultureInfo.InvariantCulture, $"sets of rows to search for slices take {Bytes() >> 20} MB, more than there is"),
                remedy: "Name fewer columns with --segment, say with --memory what the sets may take, or search no slices with --slice-top 0.");
        }

        long Bytes() => (planes + columns.Sum(c => (long)c.Codes.Length)) * ((rows + 7) / 8);
    }
}
