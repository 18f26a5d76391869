using GpuDiag.Columns;
using GpuDiag.Scoring.Images;

namespace GpuDiag.Scoring.Models;

/// <summary>A model's input and where its values come from.</summary>
/// <param name="Columns">One after another make a row: scalars and lists of numbers; or the one column of images.</param>
/// <param name="Dims">Sizes of a row, without the batch; every one known.</param>
/// <param name="Image">For images: how they become numbers.</param>
internal sealed record ModelInput(ModelPort Port, IReadOnlyList<InputColumn> Columns, IReadOnlyList<long> Dims, ImageShape? Image)
{
    /// <summary>Values per row.</summary>
    public int Width { get; } = (int)Dims.Aggregate(1L, (a, b) => checked(a * b));

    /// <summary>Bytes per row.</summary>
    public int RowBytes => Width * Port.Size;
}

/// <summary>A column that feeds an input.</summary>
/// <param name="Width">Values per row.</param>
/// <param name="How">For people, how it was chosen: <c>option</c>, <c>name</c>, <c>order</c>.</param>
internal sealed record InputColumn(Field Field, int Width, string How);
