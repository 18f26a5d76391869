using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>Values as numbers: FLOAT stays float, all else becomes double (integers past 2⁵³ are rounded). Null is NaN.</summary>
internal sealed unsafe class NumberValues(ValueKind kind) : PageValues(kind)
{
    private readonly AlignedMemory dense = new();
    private float[] floats = kind == ValueKind.Float ? new float[16] : [];
    private double[] doubles = kind == ValueKind.Boolean ? [0, 1] : new double[16];

    private bool IsDouble => Kind != ValueKind.Float;

    public override void Begin(Column target)
    {
        NumberColumn column = (NumberColumn)target;
        column.SetPrecision(IsDouble);
        column.Nulls = 0;
    }

    public override void Read(Column target, int offset, int rows, int present, Presence presence)
    {
        NumberColumn column = (NumberColumn)target;
        column.Nulls += rows - present;
        int size = IsDouble ? sizeof(double) : sizeof(float);
        byte* goal = (byte*)column.Pointer + (long)offset * size;
        if (present == rows)
        {
            ReadDense(goal, rows);
            return;
        }

        // One more than there are: spreading reads a value past the last.
        dense.Reserve((nuint)(present + 1) * (nuint)size);
        ReadDense((byte*)dense.Pointer, present);
        if (IsDouble)
        {
            NullSpread.Doubles((double*)dense.Pointer, presence.Bits, rows, (double*)goal);
        }
        else
        {
            NullSpread.Floats((float*)dense.Pointer, presence.Bits, rows, (float*)goal);
        }
    }

    public override void Dispose() => dense.Dispose();

    protected override void LoadEntries(int count)
    {
        if (Kind == ValueKind.Float)
        {
            Grow(ref floats, count);
            fixed (float* f = floats)
            {
                ReadPlain((byte*)f, count);
            }
        }
        else
        {
            Grow(ref doubles, count);
            fixed (double* d = doubles)
            {
                ReadPlain((byte*)d, count);
            }
        }
    }

    private static void Grow<T>(ref T[] values, int count)
    {
        if (values.Length < count)
        {
            values = new T[Math.Max(count, values.Length * 2)];
        }
    }

    private void ReadDense(byte* target, int count)
    {
        if (!Coded)
        {
            ReadPlain(target, count);
            return;
        }

        uint* indices = stackalloc uint[Block];
        for (int done = 0; done < count; done += Block)
        {
            int take = Math.Min(Block, count - done);
            ReadIndices(indices, take);
            if (IsDouble)
            {
                Look(doubles, indices, (double*)target + done, take);
            }
            else
            {
                Look(floats, indices, (float*)target + done, take);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Look<T>(ReadOnlySpan<T> table, uint* indices, T* target, int count)
        where T : unmanaged
    {
        for (int i = 0; i < count; i++)
        {
            target[i] = table[(int)indices[i]];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadPlain(byte* target, int count)
    {
        double* numbers = (double*)target;
        switch (Kind)
        {
            case ValueKind.Float:
                Buffer.MemoryCopy(Plain.Take(count, sizeof(float)), target, (long)count * sizeof(float), (long)count * sizeof(float));
                break;
            case ValueKind.Double:
                Buffer.MemoryCopy(Plain.Take(count, sizeof(double)), target, (long)count * sizeof(double), (long)count * sizeof(double));
                break;
            case ValueKind.Int32:
                int* ints = (int*)Plain.Take(count, sizeof(int));
                for (int i = 0; i < count; i++)
                {
                    numbers[i] = ints[i];
                }

                break;
            case ValueKind.UInt32:
                uint* uints = (uint*)Plain.Take(count, sizeof(uint));
                for (int i = 0; i < count; i++)
                {
                    numbers[i] = uints[i];
                }

                break;
            case ValueKind.Int64:
                long* longs = (long*)Plain.Take(count, sizeof(long));
                for (int i = 0; i < count; i++)
                {
                    numbers[i] = longs[i];
                }

                break;
            default:
                throw new UnreachableException();
        }
    }
}
