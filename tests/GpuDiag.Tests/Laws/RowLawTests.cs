using CsCheck;
using GpuDiag.Engine;
using GpuDiag.Engine.Labels;
using GpuDiag.Tests.Engine;

namespace GpuDiag.Tests.Laws;

/// <summary>ScoreRows, Rank, Temper and ConfidentJoint: any backend, any split, any order, any width is the reference.</summary>
public sealed class RowLawTests
{
    private static readonly Gen<ProbabilityRows> Table =
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, 70], Gen.Bool, Gen.Int[0, int.MaxValue])
            .Select((classes, rows, isDouble, seed) => ProbabilityRows.Make(new Random(seed), classes, rows, isDouble));

    private static readonly Gen<int[]> Cuts = Gen.Int[0, 1000].Array[0, 4];

    [Theory]
    [MemberData(nameof(LawBackends.Names), MemberType = typeof(LawBackends))]
    public void ScoreRows_IsTheReference(string backend) =>
        Gen.Select(Table, Cuts, Gen.Int[1, 3], Gen.Int[0, 2].Select(i => 1 << i)).Sample(
            (table, cuts, folds, width) =>
            {
                ProbabilityRun expected = table.Prepare(1), actual = table.Prepare(width);
                byte[] bytes = FoldLaw.Bytes(FoldLaw.Run(() => new ReferenceBackend().ScoreRows(expected.Score), table.Rows, [], 1, expected.ScoreBatch));
                ScoreState state = FoldLaw.Run(() => LawBackends.Of(backend).ScoreRows(actual.Score), table.Rows, cuts, folds, actual.ScoreBatch);
                Assert.Equal(bytes, FoldLaw.Bytes(state));
                Assert.Equal(expected.RowValues(), actual.RowValues());
            },
            iter: LawBackends.Samples(backend));

    [Theory]
    [MemberData(nameof(LawBackends.Names), MemberType = typeof(LawBackends))]
    public void Temper_IsTheReference(string backend) =>
        Gen.Select(Table, Cuts, Gen.Int[1, 3], Gen.Double[0.01, 8]).Sample(
            (table, cuts, folds, beta) =>
            {
                ProbabilityRun expected = table.Prepare(1), actual = table.Prepare(1);
                byte[] bytes = FoldLaw.Bytes(FoldLaw.Run(() => new ReferenceBackend().Temper(expected.Temper(beta)), table.Rows, [], 1, expected.TemperBatch));
                TemperState state = FoldLaw.Run(() => LawBackends.Of(backend).Temper(actual.Temper(beta)), table.Rows, cuts, folds, actual.TemperBatch);
                Assert.Equal(bytes, FoldLaw.Bytes(state));
            },
            iter: LawBackends.Samples(backend));

    [Theory]
    [MemberData(nameof(LawBackends.Names), MemberType = typeof(LawBackends))]
    public void ConfidentJoint_IsTheReference(string backend) =>
        Gen.Select(Table, Cuts, Gen.Int[1, 3], Gen.Double[0.1, 1]).Sample(
            (table, cuts, folds, scale) =>
            {
                ProbabilityRun expected = table.Prepare(1), actual = table.Prepare(2);
                byte[] bytes = FoldLaw.Bytes(FoldLaw.Run(() => new ReferenceBackend().ConfidentJoint(expected.ConfidentJoint(scale)), table.Rows, [], 1, expected.ConfidentJointBatch));
                ConfidentJointState state = FoldLaw.Run(() => LawBackends.Of(backend).ConfidentJoint(actual.ConfidentJoint(scale)), table.Rows, cuts, folds, actual.ConfidentJointBatch);
                Assert.Equal(bytes, FoldLaw.Bytes(state));
            },
            iter: LawBackends.Samples(backend));

    [Theory]
    [MemberData(nameof(LawBackends.Names), MemberType = typeof(LawBackends))]
    public void Rank_IsTheReference(string backend) =>
        Gen.Select(Table, Cuts, Gen.Int[1, 3], Gen.Int[0, 64], Gen.Int[0, 200], Gen.Bool).Sample(
            (table, cuts, folds, bits, keys, bySegment) =>
            {
                ProbabilityRun expected = table.Prepare(1), actual = table.Prepare(1);
                byte[] bytes = FoldLaw.Bytes(FoldLaw.Run(() => new ReferenceBackend().Rank(expected.Rank(bits, keys, bySegment)), table.Rows, [], 1, expected.RankBatch(bySegment)));
                RankState state = FoldLaw.Run(() => LawBackends.Of(backend).Rank(actual.Rank(bits, keys, bySegment)), table.Rows, cuts, folds, actual.RankBatch(bySegment));
                Assert.Equal(bytes, FoldLaw.Bytes(state));
            },
            iter: LawBackends.Samples(backend));

    [Theory]
    [MemberData(nameof(LawBackends.Names), MemberType = typeof(LawBackends))]
    public void Rank_IsTheReference_WhereScoresCrowd(string backend)
    {
        // Far outliers beside hundreds of scores in a thousandth of the line, some but a step of a float apart.
        double[] crowd = [.. Enumerable.Range(0, 400).Select(i => i % 50 == 0 ? 1e-30 * i : 0.9 + (i * (i % 2 == 0 ? 1e-6 : 6e-8)))];
        foreach (bool isDouble in (bool[])[false, true])
        {
            double[] all = [.. crowd.SelectMany(p => new[] { p, 1 - p }).Select(p => isDouble ? p : (float)p)];
            ProbabilityRows table = new(2, 400, isDouble, all, [.. crowd.Select((_, i) => $"c{i % 3 % 2}")], [.. crowd.Select(_ => "s1")]);
            foreach (int bits in (int[])[64, 40])
            {
                ProbabilityRun expected = table.Prepare(1), actual = table.Prepare(1);
                byte[] bytes = FoldLaw.Bytes(FoldLaw.Run(() => new ReferenceBackend().Rank(expected.Rank(bits, 150, false)), 400, [], 1, expected.RankBatch(false)));
                RankState state = FoldLaw.Run(() => LawBackends.Of(backend).Rank(actual.Rank(bits, 150, false)), 400, [170], 2, actual.RankBatch(false));
                Assert.Equal(bytes, FoldLaw.Bytes(state));
            }
        }
    }

    [Theory]
    [MemberData(nameof(LawBackends.Names), MemberType = typeof(LawBackends))]
    public void ScoreRows_ReadsNothingPastBorrowedMemory(string backend)
    {
        // The rows end where the page ends: a wider read faults.
        ProbabilityRows table = ProbabilityRows.Make(new Random(3), 11, 9, isDouble: false);
        ProbabilityRun run = table.Prepare(1);
        using GuardedPage page = new(table.Probabilities.Length * sizeof(float));
        Array.ConvertAll(table.Probabilities, p => (float)p).CopyTo(page.Span<float>());
        ScoreBatch batch = run.ScoreBatch(0, table.Rows);
        batch.Probabilities.Borrow(page.Pointer, table.Classes, isDouble: false);
        using IFold<ScoreBatch, ScoreState> fold = LawBackends.Of(backend).ScoreRows(run.Score);
        fold.Accept(batch);
        byte[] bytes = FoldLaw.Bytes(FoldLaw.Run(() => new ReferenceBackend().ScoreRows(run.Score), table.Rows, [], 1, table.Prepare(1).ScoreBatch));
        Assert.Equal(bytes, FoldLaw.Bytes(fold.Take()));
    }
}
