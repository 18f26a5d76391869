using GpuDiag.Kernels.Algebra;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// The loss of a linear head and its gradient over a block of rows: z = W x + b, s · (softmax(z) − y), and the sums of these times x. Every entry is a chain of
/// fused multiply-adds in the order that <see cref="LinearRows"/> has: over dimensions, over rows. Weights and gradients are in its panels, logits row by row.
/// No value may be NaN or infinite. Cost: 2 · D · C multiply-adds of doubles per row, and an exponential per row and class.
/// </summary>
public static class HeadGradientKernel
{
    private const int Lanes = LinearRows.Lanes;

    /// <summary>Logits. Grid: tiles of classes × tiles of rows. Group: a thread per entry of a tile.</summary>
    /// <param name="values">Rows of <paramref name="width"/> values.</param>
    /// <param name="weights">Panels of eight classes of <paramref name="side"/> dimensions.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">D; dimension D is the bias.</param>
    /// <param name="side">Dimensions of a panel.</param>
    /// <param name="classes">Classes in whole panels.</param>
    /// <param name="logits">Receives rows × classes.</param>
    public static void Logits(ArrayView<float> values, ArrayView<double> weights, int rows, int width, int side, int classes, ArrayView<double> logits)
    {
        ArrayView<double> shared = SharedMemory.GetDynamic<double>();
        int tile = Group.DimX, x = Group.IdxX, y = Group.IdxY, half = tile * tile;
        int column = (Grid.IdxX * tile) + x, row = (Grid.IdxY * tile) + y, inside = Math.Min(column, classes - 1);
        long from = (long)Math.Min(row, rows - 1) * width, panel = (long)(inside / Lanes) * side;
        double sum = 0;
        for (int start = 0; start <= width; start += tile)
        {
            int a = start + x, b = start + y;
            double value = values[from + Math.Min(a, width - 1)], weight = weights[((panel + Math.Min(b, side - 1)) * Lanes) + (inside % Lanes)];
            shared[(y * tile) + x] = a < width ? value : a == width ? 1.0 : 0.0;
            shared[half + (y * tile) + x] = b <= width ? weight : 0.0;
            Group.Barrier();
            for (int t = 0; t < tile; t++)
            {
                sum = Deterministic.Fma(shared[(y * tile) + t], shared[half + (t * tile) + x], sum);
            }

            Group.Barrier();
        }

        if (row < rows & column < classes)
        {
            logits[((long)row * classes) + column] = sum;
        }
    }

    /// <summary>Replaces logits by residuals, and gives −ln p of each row's class. A thread per row.</summary>
    /// <param name="logits">Rows × classes.</param>
    /// <param name="labels">Per row.</param>
    /// <param name="sampleWeights">Per row.</param>
    /// <param name="present">Per class: 0 = its probability is 0.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="classes">Classes in whole panels.</param>
    /// <param name="losses">Per row.</param>
    public static void Residuals(ArrayView<double> logits, ArrayView<int> labels, ArrayView<double> sampleWeights, ArrayView<int> present, int rows, int classes, ArrayView<double> losses)
    {
        for (int row = Grid.GlobalLinearIndex; row < rows; row += Grid.DimX * Group.DimX)
        {
            long from = (long)row * classes;
            double largest = double.NegativeInfinity;
            for (int k = 0; k < classes; k++)
            {
                double z = logits[from + k];
                largest = present[k] != 0 & z > largest ? z : largest;
            }

            long own = from + labels[row];
            double lost = Deterministic.Sub(largest, logits[own]), weight = sampleWeights[row];
            for (int k = 0; k < classes; k++)
            {
                double e = Deterministic.Exp(Deterministic.Sub(logits[from + k], largest));
                logits[from + k] = present[k] != 0 ? e : 0.0;
            }

            double total = Total(logits, from, classes), mine = Deterministic.Mul(weight, Deterministic.Sub(Deterministic.Div(logits[own], total), 1.0));
            for (int k = 0; k < classes; k++)
            {
                logits[from + k] = Deterministic.Mul(weight, Deterministic.Div(logits[from + k], total));
            }

            logits[own] = mine;
            losses[row] = Deterministic.Add(lost, Deterministic.Log(total));
        }
    }

    /// <summary>Adds the block's sums to the gradient. Grid: tiles of classes × tiles of dimensions. Group: a thread per entry of a tile.</summary>
    /// <param name="values">Rows of <paramref name="width"/> values.</param>
    /// <param name="residuals">Rows × classes.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">D.</param>
    /// <param name="side">Dimensions of a panel.</param>
    /// <param name="classes">Classes in whole panels.</param>
    /// <param name="gradient">Panels.</param>
    public static void Products(ArrayView<float> values, ArrayView<double> residuals, int rows, int width, int side, int classes, ArrayView<double> gradient)
    {
        ArrayView<double> shared = SharedMemory.GetDynamic<double>();
        int tile = Group.DimX, x = Group.IdxX, y = Group.IdxY, half = tile * tile;
        int column = (Grid.IdxX * tile) + x, first = Grid.IdxY * tile, a = first + x, inside = Math.Min(column, classes - 1);
        double sum = 0;
        for (int start = 0; start < rows; start += tile)
        {
            int row = start + y;
            bool real = row < rows;
            long at = Math.Min(row, rows - 1);
            double value = values[(at * width) + Math.Min(a, width - 1)], residual = residuals[(at * classes) + inside];
            shared[(y * tile) + x] = !real | a > width ? 0.0 : a == width ? 1.0 : value;
            shared[half + (y * tile) + x] = real ? residual : 0.0;
            Group.Barrier();
            for (int t = 0; t < tile; t++)
            {
                sum = Deterministic.Fma(shared[(t * tile) + y], shared[half + (t * tile) + x], sum);
            }

            Group.Barrier();
        }

        int dimension = first + y;
        if (dimension < side & column < classes)
        {
            long to = ((((long)(column / Lanes) * side) + dimension) * Lanes) + (column % Lanes);
            gradient[to] = Deterministic.Add(gradient[to], sum);
        }
    }

    /// <summary>Eight lanes, added in the order of <see cref="RowSum"/>.</summary>
    private static double Total(ArrayView<double> values, long from, int classes)
    {
        double total = 0, half = 0, pair = 0;
        for (int i = 0; i < Lanes; i++)
        {
            double lane = 0;
            for (int k = ((i & 1) << 2) | (i & 2) | (i >> 2); k < classes; k += Lanes)
            {
                lane = Deterministic.Add(lane, values[from + k]);
            }

            bool even = (i & 1) == 0;
            double added = Deterministic.Add(pair, lane);
            pair = even ? lane : added;
            half = (i & 3) == 3 ? Deterministic.Add(half, added) : (i & 3) == 1 ? added : half;
            total = i == 7 ? Deterministic.Add(total, half) : i == 3 ? half : total;
        }

        return total;
    }
}
