namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// The unpackers, best first. GPUDIAG_SIMD=512|256|128|scalar forces one; where the processor lacks it, the next
/// narrower one is taken.
/// </summary>
internal static class UnpackerCatalog
{
    private static readonly (string Name, bool Supported, Func<IndexUnpacker> Make)[] Entries =
    [
        ("512", Vector512Unpacker.IsSupported, () => new Vector512Unpacker()),
        ("256", Vector256Unpacker.IsSupported, () => new Vector256Unpacker()),
        ("128", true, () => new Vector128Unpacker()),
        ("scalar", true, () => new ScalarUnpacker()),
    ];

    public static IndexUnpacker Best { get; } = Choose(Environment.GetEnvironmentVariable("GPUDIAG_SIMD"));

    /// <summary>Those that this processor runs.</summary>
    public static IReadOnlyList<IndexUnpacker> Available => [.. Entries.Where(e => e.Supported).Select(e => e.Make())];

    public static IndexUnpacker Choose(string? forced)
    {
        int first = Math.Max(0, Array.FindIndex(Entries, e => e.Name == forced));
        return Entries.Skip(first).First(e => e.Supported).Make();
    }
}
