namespace GpuDiag.DataGen;

/// <summary>How the rows of a <see cref="PredictionTable"/> are distributed.</summary>
internal enum Shape
{
    /// <summary>Label, prediction, segment and confidence are independent and uniform: every cell of the count is hit.</summary>
    Uniform,

    /// <summary>Zipf classes and segments, about 90 % accuracy, confidence higher where the prediction is right: like a real model.</summary>
    Skewed,

    /// <summary><see cref="Uniform"/> with 2 % nulls in every column, independently.</summary>
    Nullable,
}
