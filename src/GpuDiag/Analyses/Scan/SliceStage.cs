using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Slices;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Bits;

namespace GpuDiag.Analyses.Scan;

/// <summary>Makes sets of rows of the metadata, and searches them for slices.</summary>
/// <param name="Result">What was found.</param>
/// <param name="Rows">Which rows are in the slices found.</param>
internal sealed record SliceStage(SliceSearchResult Result, Slices.Slices Rows)
{
    /// <summary>Values of a column, and of all columns, above which columns are left out.</summary>
    private const int MostOfColumn = 4096, MostOfAll = 1 << 15;

    /// <summary>Classes and rows up to which the true class takes part unless asked otherwise.</summary>
    private const int MostClasses = 100, MostLabelled = 1 << 24;

    /// <summary>Adds to a row of the rows table the slices that it is in.</summary>
    public RowResult Note(RowResult row) =>
        Rows.Of(row.Row).ToArray() is { Length: > 0 } slices ? row with { Slices = string.Join("; ", slices.Select(s => Result.Slices[s].Text)) } : row;

    /// <param name="data">The rows.</param>
    /// <param name="fields">Columns that slices may be made of.</param>
    /// <param name="plan">How rows are read.</param>
    /// <param name="counted">Of the same rows; its wrong predictions are the errors.</param>
    /// <param name="options">What is searched.</param>
    /// <param name="pipeline">Reads the data.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="clock">Times it.</param>
    /// <param name="cancel">Stops it.</param>
    /// <param name="errors">Which rows count and are errors; null: those with a label and a prediction, and the wrong ones.</param>
    /// <returns>Null when no slices are asked for.</returns>
    /// <exception cref="InputException">The objective needs probabilities or a confidence that the data has not.</exception>
    public static SliceStage? Run(
        Dataset data, IReadOnlyList<Field> fields, ScanPlan plan, CountState counted, ScanOptions options, Pipeline pipeline, int threads, StageClock clock, CancellationToken cancel, RowErrors? errors = null)
    {
        SliceOptions slices = options.Slices;
        if (slices.Top == 0)
        {
            return null;
        }

        long[] labels = Sum(counted.Overall, plan.Columns.Classes, c => c.Label);
        int classes = labels.Length - labels.AsSpan().Count(0L);
        slices = slices with { Label = slices.Label ?? (classes <= MostClasses && data.Rows <= MostLabelled) };

        Roles roles = plan.Columns.Roles;
        Check(slices.Objective, roles);
        SliceRoles chosen = SliceRoles.Of(plan.Columns, fields, options.Segments.Count == 0);
        Dictionary<string, QuantileBins> bins = clock.Time("slice bins", () => RangePass.Bins(chosen.Cut, SliceRoles.EqualBins, pipeline));
        ScanColumns columns = plan.Columns.With([.. chosen.Parts.Select(p => new SegmentRole(p.Field.Name, [p], false))], bins);
        List<SliceColumnLeftOut> leftOut = [.. chosen.LeftOut];
        List<SliceColumn> taken = Values(columns, counted, slices, leftOut);
        SliceRoom.Fit(taken, data.Rows, 1 + SliceValue.Bits(slices.Objective), options.Memory ?? SliceRoom.DefaultBytes, leftOut);
        if (taken.Count(c => c.Codes.Length > 0) == 1 && slices.Label != true && !slices.Pred)
        {
            // Its slices are its segments: not worth another pass over the data.
            leftOut.Add(new SliceColumnLeftOut(taken.First(c => c.Codes.Length > 0).Name, "the only column: its values are the segments"));
            taken = [];
        }

        if (options.Slices.Label is null && taken.All(c => c.IsClass || c.Codes.Length == 0))
        {
            // Classes alone say what the table of classes says.
            taken = [];
        }

        if (taken.All(c => c.Codes.Length == 0))
        {
            long rowsCounted = 0, wrong = 0;
            foreach (Cell cell in counted.Overall.Cells)
            {
                rowsCounted += Counts(cell) ? cell.Count : 0;
                wrong += Counts(cell) && cell.Label != cell.Prediction ? cell.Count : 0;
            }

            SliceRows none = new(plan.Backend, default, 0, [], rowsCounted, wrong, 0, threads);
            return new SliceStage(new SliceTable(none, [], leftOut, slices).Run(cancel).Result, new Slices.Slices(none, []));
        }

        int planes = 1 + SliceValue.Bits(slices.Objective), set = planes;
        int[][] setOf = [.. taken.Select(column =>
        {
            int[] sets = new int[column.Domain.Count];
            Array.Fill(sets, -1);
            Array.ForEach(column.Codes, code => sets[code] = set++);
            return sets;
        })];
        using BitMatrix bits = new(data.Rows, set);
        SliceTotals totals = new();
        ScanPlan slicePlan = new(plan.Backend, columns, plan.ClassCodes, 0);
        bool confidence = slices.Objective == SliceObjective.Calibration;
        bool scores = slices.Objective == SliceObjective.Loss || roles.Pred is null || (confidence && roles.Confidence is null);
        ScanPass pass = new(columns, Needs.Prediction | Needs.Segments | (confidence ? Needs.Confidence : Needs.None) | (scores ? Needs.Probabilities : Needs.None));
        int rowBytes = pass.RowBytes(plan.ClassCodes.Length);
        clock.Pass("slice rows", "reading metadata", data.Rows, done => pipeline.Run(
            pass.Requests, () => new SlicePass(slicePlan, pass, pipeline.BatchRows(rowBytes), slices, bits, setOf, totals, errors), rowBytes, done));
        int[] columnOf = [.. taken.SelectMany((column, i) => Enumerable.Repeat(i, column.Codes.Length))];
        SliceRows rows = new(plan.Backend, bits.All, planes - 1, columnOf, totals.Rows, totals.Errors, totals.Sum, threads);
        return clock.Time("slices", () =>
        {
            SliceTable table = new(rows, [.. taken.Where(c => c.Codes.Length > 0)], leftOut, slices);
            (SliceSearchResult result, IReadOnlyList<Slice> found) = table.Run(cancel);
            return new SliceStage(result, new Slices.Slices(rows, found));
        });
    }

    private static void Check(SliceObjective objective, Roles roles)
    {
        if (objective == SliceObjective.Loss && roles.Probs.Count == 0)
        {
            throw new InputException("--slice-objective loss needs class probabilities", remedy: "Name them with --probs, or search slices by --slice-objective error.");
        }

        if (objective == SliceObjective.Calibration && roles.Probs.Count == 0 && roles.Confidence is null)
        {
            throw new InputException("--slice-objective calibration needs a confidence or class probabilities", remedy: "Name them with --confidence or --probs, or search slices by --slice-objective error.");
        }
    }

    /// <summary>The values of each column that have enough rows, as far as that is known by now.</summary>
    private static List<SliceColumn> Values(ScanColumns columns, CountState counts, SliceOptions options, List<SliceColumnLeftOut> leftOut)
    {
        long[] labels = Sum(counts.Overall, columns.Classes, c => c.Label);
        long all = 0;
        foreach (long rows in labels)
        {
            all += rows;
        }

        long least = options.LeastRows(options.Objective == SliceObjective.Error || options.MinRows is not null ? all : 0);
        int left = MostOfAll;
        List<SliceColumn> taken = [];
        Roles roles = columns.Roles;
        if (options.Label == true)
        {
            Take(roles.Label.Name, columns.Classes, labels, true);
        }

        if (options.Pred)
        {
            Take(roles.Pred?.Name ?? "pred", columns.Classes, Sum(counts.Overall, columns.Classes, c => c.Prediction), true);
        }

        for (int i = 0; i < columns.Segments.Count; i++)
        {
            Domain domain = columns.Segments[i];
            CountTable? table = counts.Segments.FirstOrDefault(t => t.Segment == domain);
            Take(roles.Segments[i].Name, domain, table is null ? null : Sum(table, domain, c => c.Segment), roles.Segments[i].Parts[0].Field is var field && (field == roles.Label || field == roles.Pred));
        }

        return taken;

        void Take(string name, Domain domain, long[]? rows, bool isClass)
        {
            List<int> codes = [];
            for (int code = 1; code < domain.Count; code++)
            {
                if (rows is null || rows[code] >= least)
                {
                    codes.Add(code);
                }
            }

            bool hasNull = rows is null || rows[Domain.Null] >= least;
            if (codes.Count + 1 > Math.Min(MostOfColumn, left))
            {
                leftOut.Add(new SliceColumnLeftOut(name, $"{codes.Count} values with enough rows; at most {MostOfColumn} of a column take part, {MostOfAll} of all"));
                codes = [];
                hasNull = false;
            }

            int[] sorted = columns.IsBinned(domain) ? codes.ToArray() : domain.Sort(codes);
            left -= sorted.Length + 1;
            taken.Add(new SliceColumn(name, domain, hasNull ? [Domain.Null, .. sorted] : sorted, isClass));
        }
    }

    private static bool Counts(Cell cell) => cell.Label != Domain.Null && cell.Prediction != Domain.Null;

    /// <summary>Rows by the code of a cell.</summary>
    private static long[] Sum(CountTable table, Domain domain, Func<Cell, int> code)
    {
        long[] rows = new long[domain.Count];
        foreach (Cell cell in table.Cells)
        {
            if (Counts(cell))
            {
                rows[code(cell)] += cell.Count;
            }
        }

        return rows;
    }
}
