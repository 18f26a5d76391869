namespace GpuDiag.Kernels.Algebra;

/// <summary>One row of class probabilities, as stored, widened to double. Implemented by structs, in kernels over a view.</summary>
public interface IRow
{
    /// <summary>The probability in column k.</summary>
    double At(int k);
}
