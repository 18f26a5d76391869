using System.Text.Json.Nodes;
using GpuDiag.Analyses.Slices;
using GpuDiag.Engine.Bits;
using GpuDiag.Engine.Cpu;
using GpuDiag.Tests.Meta;

namespace GpuDiag.Tests.Golden;

/// <summary>The slices are those that the published algorithm finds, in its order: tools/peers/make_slices_golden.py.</summary>
public sealed class SlicesGoldenTests
{
    private static readonly JsonNode Golden =
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "GpuDiag.Tests", "Golden", "data", "slices.json")))!;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Slices_AreThoseOfThePublishedAlgorithm(int which)
    {
        int[][] table = [.. Golden["rows"]!.AsArray().Select(r => r!.AsArray().Select(v => (int)v!).ToArray())];
        bool[] wrong = [.. Golden["wrong"]!.AsArray().Select(w => (int)w! == 1)];
        JsonNode expected = Golden["cases"]![which]!;
        (int Column, int Value)[] values = [.. Enumerable.Range(0, table[0].Length).SelectMany(c => table.Select(r => r[c]).Distinct().Order().Select(v => (c, v)))];
        using BitMatrix bits = new(table.Length, 1 + values.Length);
        for (int row = 0; row < table.Length; row++)
        {
            if (wrong[row])
            {
                bits.Add(row, 0);
            }

            for (int i = 0; i < values.Length; i++)
            {
                if (table[row][values[i].Column] == values[i].Value)
                {
                    bits.Add(row, 1 + i);
                }
            }
        }

        using CpuBackend backend = new();
        int errors = wrong.Count(w => w);
        SliceRows rows = new(backend, bits.All, 0, [.. values.Select(v => v.Column)], table.Length, errors, errors, 2);
        SliceOptions options = new() { Level = (int)expected["level"]!, Top = (int)expected["top"]!, Alpha = (double)expected["alpha"]!, MinRows = (int)expected["min_rows"]! };
        IReadOnlyList<Slice> found = SliceSearch.Run(rows, options, options.Top, default).Best;
        JsonArray slices = expected["slices"]!.AsArray();
        Assert.Equal(
            slices.Select(s => $"{string.Join(" & ", s!["values"]!.AsArray().Select(v => (string)v!))}: {(long)s["rows"]!} {(long)s["errors"]!}"),
            found.Select(s => $"{string.Join(" & ", s.Members.Select(m => $"c{values[m].Column}={values[m].Value}"))}: {s.Rows} {s.Errors}"));
        Assert.All(slices.Zip(found), pair => Assert.Equal((double)pair.First!["score"]!, pair.Second.Score, 12));
    }
}
