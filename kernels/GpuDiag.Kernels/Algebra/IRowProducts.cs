namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Products of packed rows with the weights of a linear classifier in numbers of one size; layouts as in <see cref="LinearRows"/>, with
/// <see cref="Lanes"/> classes to a panel and eight dimensions to a panel of rows. Host only.
/// </summary>
/// <typeparam name="T">double or float.</typeparam>
public unsafe interface IRowProducts<T>
    where T : unmanaged
{
    /// <summary>Classes of a panel.</summary>
    static abstract int Lanes { get; }

    /// <summary>Rounded, where it is.</summary>
    static abstract T Of(double value);

    /// <summary>As <see cref="LinearRows.Pack"/>.</summary>
    static abstract void Pack(float* rows, ReadOnlySpan<int> chosen, int width, int size, T* to);

    /// <summary>As <see cref="LinearRows.Logits"/>.</summary>
    static abstract void Logits(T* packed, int size, int panels, T* weights, int classPanels, T* logits);

    /// <summary>As <see cref="LinearRows.AddGradient"/>.</summary>
    static abstract void AddGradient(T* packed, int size, int panels, T* residuals, long residualStep, T* gradient, (int Dimension, int Class) from, (int Dimension, int Class) to);

    /// <summary>Adds numbers to doubles.</summary>
    static abstract void Add(double* to, T* from, int count);
}
