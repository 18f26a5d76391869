using System.Runtime.CompilerServices;

namespace GpuDiag.Engine;

/// <summary>The number of a given rank, without sorting all.</summary>
internal static class Selection
{
    /// <summary>
    /// The number at <paramref name="index"/> if the span were ascending; reorders it. No NaN. Linear time on average:
    /// Hoare's selection with the median of three as pivot; inputs made to defeat that are sorted instead.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Nth(Span<double> numbers, int index)
    {
        int low = 0, high = numbers.Length - 1;
        for (int rounds = 0; low < high; rounds++)
        {
            if (rounds == 64)
            {
                numbers[low..(high + 1)].Sort();
                break;
            }

            double a = numbers[low], b = numbers[low + ((high - low) / 2)], c = numbers[high];
            double pivot = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
            int i = low, j = high;
            while (i <= j)
            {
                while (numbers[i] < pivot)
                {
                    i++;
                }

                while (numbers[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
                    i++;
                    j--;
                }
            }

            if (index <= j)
            {
                high = j;
            }
            else if (index >= i)
            {
                low = i;
            }
            else
            {
                break;
            }
        }

        return numbers[index];
    }
}
