using System.Runtime.InteropServices;
using GpuDiag.Columns;
using GpuDiag.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace GpuDiag.Engine.Gpu;

/// <summary>
/// Takes batches of probability rows to the device in pieces that fit a staging block:
/// header, code columns, matrix, then room for what the kernels give per row.
/// </summary>
internal sealed class RowStage
{
    private readonly DeviceLane lane;
    private readonly GpuLimits limits;
    private readonly int classes, resultBytesPerRow;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> labelIndex;

    /// <param name="lane">Whose blocks are used.</param>
    /// <param name="limits">How large they are.</param>
    /// <param name="classCodes">Class code of each probability column.</param>
    /// <param name="resultBytesPerRow">Room for results, which start at <see cref="ResultOffset"/>.</param>
    public RowStage(DeviceLane lane, GpuLimits limits, int[] classCodes, int resultBytesPerRow)
    {
        this.lane = lane;
        this.limits = limits;
        this.resultBytesPerRow = resultBytesPerRow;
        classes = Math.Max(1, classCodes.Length);
        int[] index = new int[classCodes.Length == 0 ? 1 : classCodes.Max() + 1];
        Array.Fill(index, -1);
        for (int k = classCodes.Length - 1; k >= 0; k--)
        {
            if (classCodes[k] != Domain.Null)
            {
                index[classCodes[k]] = k;
            }
        }

        labelIndex = lane.Upload<int>(index);
    }

    /// <summary>Rows that the next piece may have. Set by <see cref="Fit"/>.</summary>
    public int Capacity { get; private set; }

    /// <summary>Where a piece's results start in its block.</summary>
    public long ResultOffset { get; private set; }

    /// <summary>A warp reads rows of this width four (of 32 threads) at a time, eight threads each.</summary>
    public bool IsWide => classes > limits.RowPerThreadWidth && lane.Accelerator.WarpSize >= Kernels.Algebra.RowSum.Lanes;

    /// <summary>Threads that a kernel wants for some rows.</summary>
    public long Threads(int rows) => IsWide ? (long)rows * Kernels.Algebra.RowSum.Lanes : rows;

    /// <summary>Chooses the piece for a batch's columns. tables[t] is null for a table of all rows.</summary>
    public void Fit(MatrixColumn matrix, CodeColumn label, ReadOnlySpan<CodeColumn?> tables)
    {
        long bytesPerRow = ((long)classes * ElementBytes(matrix)) + label.Width + resultBytesPerRow;
        foreach (CodeColumn? table in tables)
        {
            bytesPerRow += table?.Width ?? 0;
        }

        // The header, and up to one alignment lost per region.
        long overhead = HeaderBytes(tables.Length) + ((tables.Length + 3L) * StagingBlock.Alignment);
        lane.Stage(Math.Max(limits.BlockBytes, overhead + bytesPerRow));
        Capacity = (int)((lane.Block.Bytes - overhead) / bytesPerRow);
    }

    /// <summary>Copies rows into the lane's current block and starts their upload.</summary>
    public unsafe RowInput Upload(MatrixColumn matrix, CodeColumn label, ReadOnlySpan<CodeColumn?> tables, int from, int rows)
    {
        StagingBlock block = lane.Block;
        Span<long> header = MemoryMarshal.Cast<byte, long>(block.Host(0, HeaderBytes(tables.Length)));
        long offset = HeaderBytes(tables.Length);
        Add(block, header, label, from, rows, ref offset);
        for (int t = 0; t < tables.Length; t++)
        {
            Add(block, header[(2 * (t + 1))..], tables[t], from, rows, ref offset);
        }

        long matrixOffset = offset;
        int element = ElementBytes(matrix);
        long matrixBytes = (long)rows * classes * element;
        Span<byte> to = block.Host(matrixOffset, matrixBytes);
        if (matrix.Width == 0)
        {
            MemoryMarshal.Cast<byte, float>(to).Fill(float.NaN);
        }
        else
        {
            new ReadOnlySpan<byte>((byte*)matrix.Pointer + ((long)from * classes * element), (int)matrixBytes).CopyTo(to);
        }

        block.Upload(0, matrixOffset + matrixBytes);
        ResultOffset = StagingBlock.Align(matrixOffset + matrixBytes);
        return new RowInput
        {
            Matrix = block.Device(matrixOffset, matrixBytes),
            Codes = block.Device(0, matrixOffset),
            LabelIndex = labelIndex.View.BaseView,
            Rows = rows,
            Classes = classes,
            Tables = tables.Length,
        };
    }

    /// <summary>The kernels' reader of a batch's rows.</summary>
    public static Type Reader(MatrixColumn matrix) => ElementBytes(matrix) == sizeof(double) ? typeof(DoubleDeviceRow) : typeof(SingleDeviceRow);

    private static int ElementBytes(MatrixColumn matrix) => matrix is { IsDouble: true, Width: > 0 } ? sizeof(double) : sizeof(float);

    private static long HeaderBytes(int tables) => StagingBlock.Align(2L * sizeof(long) * (tables + 1));

    private static void Add(StagingBlock block, Span<long> header, CodeColumn? column, int from, int rows, ref long offset)
    {
        header[0] = offset;
        header[1] = column?.Width ?? 0;
        if (column is not null)
        {
            long bytes = (long)rows * column.Width;
            CodeWidths.Copy(column, from, rows, column.Width, block.Host(offset, bytes));
            offset = StagingBlock.Align(offset + bytes);
        }
    }
}
