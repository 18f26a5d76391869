namespace GpuDiag.Kernels.Algebra;

/// <summary>The products of <see cref="LinearRows"/>.</summary>
public readonly unsafe struct DoubleProducts : IRowProducts<double>
{
    public static int Lanes => LinearRows.Lanes;

    public static double Of(double value) => value;

    public static void Pack(float* rows, ReadOnlySpan<int> chosen, int width, int size, double* to) => LinearRows.Pack(rows, chosen, width, size, to);

    public static void Logits(double* packed, int size, int panels, double* weights, int classPanels, double* logits) =>
        LinearRows.Logits(packed, size, panels, weights, classPanels, logits);

    public static void AddGradient(double* packed, int size, int panels, double* residuals, long residualStep, double* gradient, (int Dimension, int Class) from, (int Dimension, int Class) to) =>
        LinearRows.AddGradient(packed, size, panels, residuals, residualStep, gradient, from, to);

    public static void Add(double* to, double* from, int count) => DoubleVector.AddScaled(new Span<double>(to, count), 1, new Span<double>(from, count));
}
