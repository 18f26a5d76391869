namespace GpuDiag.Engine.Heads;

/// <summary>Sums of what rows lose.</summary>
internal static unsafe class HeadLoss
{
    /// <summary>Rows whose sum is made before it is added: part of what the result is, of losses and of gradients.</summary>
    public const int Block = 2048;

    /// <summary>Σ s · loss, over the rows of each block in their order, then over the blocks.</summary>
    public static double Sum(double* sampleWeights, double* losses, int rows)
    {
        double sum = 0;
        for (long first = 0; first < rows; first += Block)
        {
            double part = 0;
            for (long i = first; i < Math.Min(rows, first + Block); i++)
            {
                part = Math.FusedMultiplyAdd(sampleWeights[i], losses[i], part);
            }

            sum += part;
        }

        return sum;
    }
}
