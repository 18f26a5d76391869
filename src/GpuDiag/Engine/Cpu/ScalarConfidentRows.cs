using System.Numerics;

namespace GpuDiag.Engine.Cpu;

/// <summary>Rows column by column.</summary>
internal readonly unsafe struct ScalarConfidentRows : IConfidentRows
{
    public static bool TryCompare<T>(T* row, T* least, int classes, T lowest, T highest, out int count, out int last)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (count, last) = (0, -1);
        bool valid = true;
        for (int k = 0; k < classes; k++)
        {
            valid &= row[k] >= lowest && row[k] <= highest;
            if (row[k] >= least[k])
            {
                count++;
                last = k;
            }
        }

        return valid;
    }

    public static int ArgMax<T>(T* row, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int best = 0;
        for (int k = 1; k < classes; k++)
        {
            best = row[k] > row[best] ? k : best;
        }

        return best;
    }
}
