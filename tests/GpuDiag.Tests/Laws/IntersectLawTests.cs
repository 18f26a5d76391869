using CsCheck;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Bits;
using GpuDiag.Tests.Engine;

namespace GpuDiag.Tests.Laws;

/// <summary>Every backend has the reference's counts, for any cut of the rows, words of a block and threads.</summary>
public sealed class IntersectLawTests
{
    private static readonly Gen<(int Rows, int Planes, int Sets, int Level, int Words, int Threads, int Seed, int[] Cuts)> Case =
        from rows in Gen.Int[0, 2600]
        from planes in Gen.Int[0, 3]
        from sets in Gen.Int[1, 6]
        from level in Gen.Int[1, 5]
        from words in Gen.Int[1, 20].Select(w => 8 * w)
        from threads in Gen.Int[1, 4]
        from seed in Gen.Int[0, 1 << 20]
        from cuts in Gen.Int[0, 3000].Array[0, 3]
        select (rows, planes, sets, level, words, threads, seed, cuts);

    public static TheoryData<string> Backends => LawBackends.Names;

    [Theory]
    [MemberData(nameof(Backends))]
    public void Intersect_HasTheCountsOfTheReference_ForAnyCutOfTheRows(string backend) => Case.Sample(
        c =>
        {
            Random random = new(c.Seed);
            int[] densities = [.. Enumerable.Range(0, c.Planes + c.Sets).Select(_ => random.Next(4))];
            bool[][] bits = [.. Enumerable.Range(0, c.Rows).Select(_ => densities.Select(d => d == 3 || random.Next(1 << (2 * d)) == 0).ToArray())];
            int[] members = [.. Enumerable.Range(0, 7 * c.Level).Select(_ => c.Planes + random.Next(c.Sets))];
            IntersectPlan plan = new(c.Planes, c.Level, members, c.Threads);
            using Pieces pieces = new(bits, c.Planes + c.Sets);
            using ReferenceBackend reference = new();
            using IFold<BitBlocks, IntersectState> expected = reference.Intersect(plan);
            expected.Accept(pieces.Of(0, c.Rows, 8));
            IntersectState state = FoldLaw.Run(
                () => LawBackends.Of(backend).Intersect(plan), c.Rows, c.Cuts, 2, (start, end) => pieces.Of(start, end, c.Words));
            Assert.Equal(FoldLaw.Bytes(expected.Take()), FoldLaw.Bytes(state));
        },
        iter: LawBackends.Samples(backend),
        threads: 1);

    /// <summary>Rows as blocks of bits, each piece in memory of its own.</summary>
    private sealed class Pieces(bool[][] bits, int sets) : IDisposable
    {
        private readonly List<AlignedMemory> memories = [];

        public BitBlocks Of(int start, int end, int words)
        {
            int blocks = ((end - start) + (64 * words) - 1) / (64 * words);
            AlignedMemory memory = new();
            memories.Add(memory);
            memory.Reserve((nuint)Math.Max(1, blocks * sets * words) * sizeof(ulong));
            Span<ulong> all = memory.Span<ulong>(blocks * sets * words);
            for (int row = start; row < end; row++)
            {
                int block = (row - start) / (64 * words), within = (row - start) % (64 * words);
                for (int set = 0; set < sets; set++)
                {
                    all[(((block * sets) + set) * words) + (within / 64)] |= bits[row][set] ? 1UL << (within % 64) : 0;
                }
            }

            return new BitBlocks(memory.Pointer, blocks, sets, words);
        }

        public void Dispose() => memories.ForEach(m => m.Dispose());
    }
}
