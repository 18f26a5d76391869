namespace GpuDiag.Kernels.Algebra;

internal static class Placeholder;
