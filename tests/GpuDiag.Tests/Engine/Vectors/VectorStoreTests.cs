using Apache.Arrow;
using Apache.Arrow.Types;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Tests.Cli;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Engine.Vectors;

/// <summary>Vectors are the same wherever they lie, and are copied only where they must be.</summary>
public sealed class VectorStoreTests : IDisposable
{
    private static readonly float[]?[] Vectors = EmbeddingFile.Vectors(1_000, 5);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Npy_OfFloat32_IsMapped()
    {
        NpyTests.Write(folder["v.npy"], "<f4", "(1000, 5)", Flat());
        AssertHolds("v.npy", VectorResidence.Mapped);
    }

    [Fact]
    public void Npy_BesideData_IsMapped()
    {
        EmbeddingFile.Write(folder["d.parquet"], Vectors, null, "other");
        NpyTests.Write(folder["v.npy"], "<f4", "(1000, 5)", Flat());
        using Dataset data = Dataset.Open([folder["d.parquet"]]);
        data.Attach(folder["v.npy"], "embedding");
        using VectorStore store = Read(data);
        Assert.Equal((VectorResidence.Mapped, Vectors.Length), (store.Residence, store.Rows));
        Assert.Equal(Flat(), Values(store));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Arrow_OfOneBatch_IsMapped(bool isFixed)
    {
        ArrowFiles.Write(folder["v.arrow"], "file", [("embedding", Lists(Vectors, isFixed))]);
        AssertHolds("v.arrow", VectorResidence.Mapped);
    }

    [Theory]
    [InlineData("file", true)]
    [InlineData("stream", true)]
    [InlineData("file lz4", false)]
    public void Arrow_OfManyBatchesOrCompressed_IsCopied(string variant, bool split)
    {
        int cut = split ? 400 : 0;
        ArrowFiles.Write(folder["v.arrow"], variant, [.. new[] { Vectors[..cut], Vectors[cut..] }.Where(b => b.Length > 0).Select(b => new[] { ("embedding", Lists(b, true)) })]);
        AssertHolds("v.arrow", VectorResidence.Memory);
    }

    [Fact]
    public void Arrow_OfUnevenLists_IsNotMappedButRefused()
    {
        ArrowFiles.Write(folder["v.arrow"], "file", [("embedding", Lists([[1, 2], [3], [4, 5, 6]], false))]);
        using Dataset data = Dataset.Open([folder["v.arrow"]]);
        Assert.Contains("1 value where others have 2", Assert.Throws<InputException>(() => Read(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parquet_IsCopied() => AssertHolds(EmbeddingFile.Write(folder["v.parquet"], Vectors), VectorResidence.Memory);

    [Fact]
    public void WhatDoesNotFit_GoesToAScratchFileWithoutAName()
    {
        EmbeddingFile.Write(folder["v.parquet"], Vectors);
        using Dataset data = Dataset.Open([folder["v.parquet"]]);
        VectorRoom room = new((1_000 * 5 * 4) - 1, folder.Root);
        using VectorStore store = Read(data, room);
        Assert.Equal((VectorResidence.Scratch, 20_000L), (store.Residence, store.Bytes));
        Assert.Equal(Flat(), Values(store));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal([folder["v.parquet"]], Directory.GetFiles(folder.Root));
        }
    }

    [Fact]
    public void Room_IsSharedByStores_AndGivenBack()
    {
        EmbeddingFile.Write(folder["v.parquet"], Vectors);
        using Dataset data = Dataset.Open([folder["v.parquet"]]);
        VectorRoom room = new(30_000, folder.Root);
        using (VectorStore first = Read(data, room), second = Read(data, room))
        {
            Assert.Equal((VectorResidence.Memory, VectorResidence.Scratch), (first.Residence, second.Residence));
        }

        using VectorStore third = Read(data, room);
        Assert.Equal(VectorResidence.Memory, third.Residence);
    }

    [Fact]
    public void ScratchFolderThatIsNone_IsAnInputError()
    {
        EmbeddingFile.Write(folder["v.parquet"], Vectors);
        using Dataset data = Dataset.Open([folder["v.parquet"]]);
        Assert.Contains("--scratch", Assert.Throws<InputException>(() => Read(data, new VectorRoom(0, folder["absent"]))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public void NullVectors_AreNaNAndCounted_WhereverTheyStand(long memory)
    {
        // A first row group of nulls alone comes before any width is known.
        float[]?[] vectors = [.. Enumerable.Repeat<float[]?>(null, 700), [1, 2], null, [3, 4]];
        EmbeddingFile.Write(folder["a.parquet"], vectors[..700]);
        EmbeddingFile.Write(folder["b.parquet"], vectors[700..]);
        using Dataset data = Dataset.Open([folder["a.parquet"], folder["b.parquet"]]);
        using VectorStore store = Read(data, new VectorRoom(memory, folder.Root));
        Assert.Equal((701, 2), (store.NullRows, store.Width));
        Assert.Equal([.. Enumerable.Repeat(float.NaN, 1_400), 1, 2, float.NaN, float.NaN, 3, 4], Values(store));
    }

    [Fact]
    public void Doubles_AreRoundedToTheNearestFloat()
    {
        NpyTests.Write(folder["v.npy"], "<f8", "(2, 2)", [0.1, 1e300, -1e-320, 16777217.0]);
        using Dataset data = Dataset.Open([folder["v.npy"]]);
        using VectorStore store = Read(data);
        Assert.Equal([0.1f, float.PositiveInfinity, -0f, 16777216f], Values(store));
    }

    private static float[] Flat() => [.. Vectors.SelectMany(v => v!)];

    private static VectorStore Read(Dataset data, VectorRoom? room = null) =>
        VectorStore.Read(data, "embedding", new Pipeline(data, 2, null, CancellationToken.None), null, room);

    private static unsafe float[] Values(VectorStore store) =>
        new ReadOnlySpan<float>((void*)store.Block.Pointer, (int)(store.Rows * store.Width)).ToArray();

    private static IArrowArray Lists(float[]?[] vectors, bool isFixed)
    {
        FloatArray items = ArrowFiles.Floats([.. vectors.SelectMany(v => v!).Select(v => (float?)v)]);
        if (isFixed)
        {
            FixedSizeListType type = new(FloatType.Default, vectors[0]!.Length);
            return new FixedSizeListArray(new ArrayData(type, vectors.Length, 0, 0, [ArrowBuffer.Empty], [items.Data]));
        }

        int[] offsets = [.. vectors.Aggregate(new List<int> { 0 }, (list, v) => [.. list, list[^1] + v!.Length])];
        return new ListArray(new ListType(FloatType.Default), vectors.Length, ArrowFiles.Buffer(offsets), items, ArrowBuffer.Empty, 0);
    }

    private void AssertHolds(string file, VectorResidence residence)
    {
        using Dataset data = Dataset.Open([folder[file]]);
        using VectorStore store = Read(data);
        Assert.Equal((residence, 1_000L, 5, 0L), (store.Residence, store.Rows, store.Width, store.NullRows));
        Assert.Equal(Flat(), Values(store));
    }
}
