using System.Globalization;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>Matches the rows of both tables, and notes what AFTER says under BEFORE's row numbers.</summary>
internal sealed class Matching(CompareSides sides, CompareOptions options, long memory, int threads, StageClock clock) : IDisposable
{
    /// <summary>Bytes of rows up to which they are kept for a run to go on from; where they are more, they are matched and read again.</summary>
    private const long MostKept = 1 << 29;

    private JoinMap? map;
    private AfterRows? rows;

    /// <summary>How the rows were matched.</summary>
    public JoinResult Result { get; private set; } = null!;

    /// <exception cref="InputException">Rows cannot be matched, or AFTER cannot be read.</exception>
    public AfterRows Read(Rounds rounds)
    {
        CompareSide after = sides.After;
        (long first, long end) = rounds.Goal == RoundGoal.Part ? rounds.PartRows(sides.Before.Data) : (0, sides.Before.Data.Rows);
        rows = new AfterRows(first, end - first, sides.HasConfidence, sides.HasProbabilities ? after.Rows.ClassCodes.Length : 0, after.IsDouble, memory, options.Scratch);
        if (rounds.Goal == RoundGoal.Merged)
        {
            return rows; // What states say is all that a merged one does.
        }

        if (rows.Bytes > MostKept)
        {
            Note(after.Reader);
            return rows;
        }

        Domain classes = after.Rows.Columns.Classes;
        rounds.Pass(
            new RoundPass("after") { IsShared = false, IsApart = true },
            after.Reader,
            Note,
            writer =>
            {
                Save(writer, Result);
                rows.Save(writer, classes);
            },
            reader =>
            {
                Result = Load(reader);
                rows.Load(reader, classes);
            });
        return rows;

        void Note(Pipeline some)
        {
            map ??= Join();
            Result = map.Result;
            AfterPass.Run(after, Result.By == "id" ? some : Overlapping(some, first, end), map, rows, clock);
        }
    }

    public void Dispose()
    {
        map?.Dispose();
        rows?.Dispose();
    }

    /// <summary>Reads none but chunks that have some of these rows; what it would read, where it would read all of them.</summary>
    private static Pipeline Overlapping(Pipeline all, long first, long end)
    {
        IReadOnlyList<DatasetChunk> chunks = all.Data.Chunks;
        if ((first, end) == (0, all.Data.Rows))
        {
            return all;
        }

        int from = chunks.TakeWhile(c => c.FirstRow + c.Rows <= first).Count();
        return all.Of((from, Math.Max(from, chunks.TakeWhile(c => c.FirstRow < end).Count())));
    }

    private static void Save(BinaryWriter writer, JoinResult result)
    {
        writer.Write(result.By);
        foreach (long rows in (ReadOnlySpan<long>)[result.BeforeRows, result.AfterRows, result.Matched, result.OnlyBefore, result.OnlyAfter, result.RepeatedBefore, result.RepeatedAfter, result.NullIdBefore, result.NullIdAfter])
        {
            writer.Write(rows);
        }
    }

    private static JoinResult Load(BinaryReader reader) => new(
        reader.ReadString(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());

    private JoinMap Join()
    {
        (CompareSide before, CompareSide after) = (sides.Before, sides.After);
        if (sides.IsOneTable)
        {
            return JoinMap.Identity("columns", before.Data.Rows);
        }

        if (before.Roles.Id is { } id && after.Roles.Id is { } other)
        {
            JoinMap? joined = null;
            clock.Pass("join", "joining", before.Data.Rows, done =>
                joined = new IdJoin(before.Data, id, after.Data, other, threads).Run((before.Reader, after.Reader), memory, options.Scratch, done));
            return joined!.Result.Matched > 0 ? joined : throw NothingMatched(joined, id, other);
        }

        if (options.Before.Id is { } asked)
        {
            throw new InputException($"there is no such column in {(before.Roles.Id is null ? "BEFORE" : "AFTER")} (asked for by --id)", null, asked, "Name a column of ids that both tables have.");
        }

        if (before.Data.Rows != after.Data.Rows)
        {
            throw new InputException(
                string.Create(CultureInfo.InvariantCulture, $"BEFORE has {before.Data.Rows} rows and AFTER {after.Data.Rows}, and there is no column of ids in both to match them by"),
                after.Data.Files[0].Path,
                null,
                "Give both tables a column of ids (--id), or the same rows in the same order.");
        }

        return after.HasLabel
            ? JoinMap.Identity("order", before.Data.Rows)
            : throw new InputException(
                "there are no ids in both tables and no labels in AFTER, so it cannot be told that the rows are in the same order",
                after.Data.Files[0].Path,
                null,
                "Give both tables a column of ids (--id), or AFTER its labels (--label).");
    }

    private InputException NothingMatched(JoinMap map, Field id, Field other)
    {
        JoinResult join = map.Result;
        string left = RowIds.Read(sides.Before.Data, id, [0], default)[0], right = RowIds.Read(sides.After.Data, other, [0], default)[0];
        map.Dispose();
        string repeated = join.RepeatedBefore + join.RepeatedAfter > 0 ? $"; {join.RepeatedBefore} rows of BEFORE and {join.RepeatedAfter} of AFTER have ids that occur more than once" : "";
        string missing = join.NullIdBefore + join.NullIdAfter > 0 ? $"; {join.NullIdBefore} rows of BEFORE and {join.NullIdAfter} of AFTER have none" : "";
        return new InputException(
            $"no id of BEFORE ('{id.Name}', first '{left}') is that of one row of AFTER ('{other.Name}', first '{right}'){repeated}{missing}",
            sides.After.Data.Files[0].Path,
            other.Name,
            "Name the column that identifies a row in both tables with --id.");
    }
}
