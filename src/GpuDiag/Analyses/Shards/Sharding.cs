using GpuDiag.Analyses.Scan;

namespace GpuDiag.Analyses.Shards;

/// <summary>A scan by several machines: parts, merges, and the result from merged states (docs/scale.md).</summary>
internal static class Sharding
{
    /// <summary>Makes one part of the next pass.</summary>
    /// <param name="options">All of the scan's.</param>
    /// <param name="slice">Which part.</param>
    /// <param name="after">Merged states of the passes before; null for the first pass.</param>
    /// <param name="version">Of the program.</param>
    /// <param name="progress">Receives how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InputException">Options or data are wrong, or no pass is left to share.</exception>
    public static StateBook Part(ScanOptions options, ShardSlice slice, StateBook? after, string version, IProgress<ScanProgress>? progress, CancellationToken cancel) =>
        Part("scan", options, rounds => Scan.Scan.Run(options, progress, rounds, cancel), slice, after, version);

    /// <summary>Makes one part of a command's next pass.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="options">All of its options.</param>
    /// <param name="run">Runs it by rounds, asked for at each attempt.</param>
    /// <param name="slice">Which part.</param>
    /// <param name="after">Merged states of the passes before; null for the first pass.</param>
    /// <param name="version">Of the program.</param>
    /// <exception cref="InputException">Options or data are wrong, or no pass is left to share.</exception>
    public static StateBook Part<T>(string command, T options, Action<Func<Rounds>> run, ShardSlice slice, StateBook? after, string version)
    {
        SortedDictionary<string, string> seen = new(StringComparer.Ordinal);
        (Rounds rounds, RoundEnd end) = Stop(run, () => Fill(
            new Rounds
            {
                Goal = RoundGoal.Part,
                Slice = slice,
                IsCut = true,
                Check = data =>
                {
                    foreach ((string name, string value) in data.About)
                    {
                        seen[name] = value;
                    }

                    Check(after, data);
                },
            },
            after,
            []));
        if (end.Pass is null)
        {
            throw new InputException("no pass is left that machines can share", after?.Path, remedy: "Make the result: gpudiag merge with this file and --out.");
        }

        StateAbout about = StateAbout.OfPart(command, version, slice, end.Pass, options, seen) with { After = after?.Checksum ?? "" };
        return new StateBook(about, [.. rounds.Taken.Where(t => after is null || after.Sections.All(s => s.Name != t.Name))]);
    }

    /// <summary>Merges the parts of a pass into one state.</summary>
    /// <returns>The state, and the pass that comes next; null where none is left to share.</returns>
    public static (StateBook Book, string? Next) Merge(IReadOnlyList<StateBook> parts, StateBook? after, Action<Func<Rounds>> run, string version)
    {
        StateBook.CheckParts(parts, after);
        (Rounds rounds, RoundEnd end) = Stop(run, () => Fill(new Rounds { Goal = RoundGoal.Merged, IsCut = true, Check = Checked(parts[0]) }, after, parts));
        StateAbout about = parts[0].About with { Version = version, Shard = "", After = "" };
        return (new StateBook(about, rounds.Taken), end.Pass);
    }

    /// <summary>What a run to the result takes from states.</summary>
    public static Func<Rounds> ToResult(IReadOnlyList<StateBook> parts, StateBook? after)
    {
        if (parts.Count > 0)
        {
            StateBook.CheckParts(parts, after);
        }

        return () => Fill(new Rounds { IsCut = true, Check = Checked(parts.Count > 0 ? parts[0] : after!) }, after, parts);
    }

    private static Action<RoundData> Checked(StateBook book) => data => Check(book, data);

    /// <exception cref="InputException">The data is not that of the state.</exception>
    public static void Check(StateBook book, SortedDictionary<string, string> data) => Refuse(book, book.About.Differs(data));

    private static void Check(StateBook? book, RoundData data) => Refuse(book, book?.About.Differs(data));

    private static void Refuse(StateBook? book, string? difference)
    {
        if (difference is not null)
        {
            throw new InputException($"the data is not what it was when this state was made: {difference}", book!.Path, remedy: "Make the states anew from the data as it is now.");
        }
    }

    private static Rounds Fill(Rounds rounds, StateBook? after, IReadOnlyList<StateBook> parts)
    {
        foreach ((string name, byte[] content) in (after?.Sections ?? []).Concat(parts.OrderBy(p => p.Slice.Index).SelectMany(p => p.Sections)))
        {
            rounds.Add(name, content);
        }

        return rounds;
    }

    /// <summary>Runs until the goal is reached.</summary>
    private static (Rounds Rounds, RoundEnd End) Stop(Action<Func<Rounds>> run, Func<Rounds> rounds)
    {
        Rounds? last = null;
        try
        {
            run(() => last = rounds());
        }
        catch (RoundEnd end)
        {
            return (last!, end);
        }
        catch (StateTooLargeException)
        {
            throw new InputException("the state would take more than 2 GB", remedy: "Make more parts; with an embedding a scan's state has 40 bytes a row, so merge its parts to the result at once, or give --embedding none.");
        }

        throw new InvalidOperationException("a run that was to stop went on to its result");
    }
}
