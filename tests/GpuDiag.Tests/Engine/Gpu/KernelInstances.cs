using System.Reflection;
using GpuDiag.Kernels;

namespace GpuDiag.Tests.Engine.Gpu;

/// <summary>Every kernel, with every way to read a column and a row that a fold can ask for.</summary>
internal static class KernelInstances
{
    // Not all twelve pairs: each is a second of compilation, and widths are read apart from each other.
    private static readonly (Type Classes, Type Segments)[] Codes =
    [
        (typeof(ByteCodes), typeof(NoCodes)), (typeof(ByteCodes), typeof(ByteCodes)), (typeof(ShortCodes), typeof(IntCodes)), (typeof(IntCodes), typeof(ShortCodes)),
    ];

    private static readonly Type[] Numbers = [typeof(SingleNumbers), typeof(DoubleNumbers)];
    private static readonly Type[] Rows = [typeof(SingleDeviceRow), typeof(DoubleDeviceRow)];

    public static IEnumerable<MethodInfo> All => [.. CountInstances, .. CalibrationInstances, .. RowInstances, .. NeighborInstances, .. CovarianceInstances, .. HeadInstances, Method(typeof(IntersectKernel), nameof(IntersectKernel.Count)), Method(typeof(CountKernel), nameof(CountKernel.Rehash))];

    public static IEnumerable<MethodInfo> CountInstances =>
        from name in new[] { nameof(CountKernel.Shared), nameof(CountKernel.Global), nameof(CountKernel.Hashed) }
        from codes in Codes
        select Method(typeof(CountKernel), name, codes.Classes, codes.Segments);

    public static IEnumerable<MethodInfo> CalibrationInstances =>
        from name in new[] { nameof(CalibrationKernel.Shared), nameof(CalibrationKernel.Global) }
        from codes in Codes
        from numbers in Numbers
        select Method(typeof(CalibrationKernel), name, codes.Classes, codes.Segments, numbers);

    public static IEnumerable<MethodInfo> RowInstances =>
        from kernel in new[]
        {
            (typeof(ScoreRowsKernel), nameof(ScoreRowsKernel.Narrow)), (typeof(ScoreRowsKernel), nameof(ScoreRowsKernel.Wide)),
            (typeof(RankKernel), nameof(RankKernel.Guard)), (typeof(RankKernel), nameof(RankKernel.GuardWide)), (typeof(RankKernel), nameof(RankKernel.Count)),
            (typeof(TemperKernel), nameof(TemperKernel.Narrow)), (typeof(TemperKernel), nameof(TemperKernel.Wide)),
        }
        from rows in Rows
        select Method(kernel.Item1, kernel.Item2, rows);

    /// <summary>All but the tensor kernel, which declares its shared memory in PTX.</summary>
    public static IEnumerable<MethodInfo> NeighborInstances =>
    [
        Method(typeof(NeighborKernel), nameof(NeighborKernel.Search)),
        Method(typeof(NeighborListKernel), nameof(NeighborListKernel.Compact)),
        Method(typeof(NeighborListKernel), nameof(NeighborListKernel.Retire)),
        Method(typeof(NeighborListKernel), nameof(NeighborListKernel.Gather)),
        Method(typeof(NeighborRoundKernel), nameof(NeighborRoundKernel.Round)),
        Method(typeof(NeighborRoundKernel), nameof(NeighborRoundKernel.Widen)),
    ];

    public static IEnumerable<MethodInfo> CovarianceInstances =>
        [Method(typeof(CovarianceKernel), nameof(CovarianceKernel.Quantize)), Method(typeof(CovarianceKernel), nameof(CovarianceKernel.Products))];

    public static IEnumerable<MethodInfo> HeadInstances =>
        [Method(typeof(HeadGradientKernel), nameof(HeadGradientKernel.Logits)), Method(typeof(HeadGradientKernel), nameof(HeadGradientKernel.Residuals)), Method(typeof(HeadGradientKernel), nameof(HeadGradientKernel.Products))];

    public static MethodInfo NeighborTensor => Method(typeof(NeighborTensorKernel), nameof(NeighborTensorKernel.Search));

    /// <summary>As a test's name says it: CountKernel.Shared(ByteCodes, NoCodes).</summary>
    public static string Name(MethodInfo method) =>
        $"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", method.GetGenericArguments().Select(a => a.Name))})";

    private static MethodInfo Method(Type kernels, string name, params Type[] arguments)
    {
        MethodInfo method = kernels.GetMethod(name)!;
        return arguments.Length == 0 ? method : method.MakeGenericMethod(arguments);
    }
}
