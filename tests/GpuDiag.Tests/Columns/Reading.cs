using GpuDiag.Columns;

namespace GpuDiag.Tests.Columns;

/// <summary>Reads whole columns of a source as plain values, for comparison.</summary>
internal static class Reading
{
    /// <summary>The texts behind the codes; null for null.</summary>
    internal static IEnumerable<string?> Categories(ISource source, string column, int capacity = 1000)
    {
        Domain domain = new(column);
        return Read<string?>(source, new ColumnRequest(column, ColumnForm.Codes, domain), capacity, (c, row) =>
        {
            CodeColumn codes = (CodeColumn)c;
            Assert.InRange(codes[row], 0, codes.Limit - 1);
            return codes[row] == Domain.Null ? null : domain.Text(codes[row]);
        });
    }

    internal static double[] Numbers(ISource source, string column, int capacity = 1000) =>
        Read(source, new ColumnRequest(column, ColumnForm.Numbers), capacity, (c, row) => ((NumberColumn)c)[row]);

    internal static IEnumerable<string?> Texts(ISource source, string column, int capacity = 1000) =>
        Read(source, new ColumnRequest(column, ColumnForm.Text), capacity, (c, row) => ((TextColumn)c).Values[row]);

    /// <summary>Rows of a matrix; of a null row, NaNs.</summary>
    internal static double[][] Rows(ISource source, string column, int capacity = 1000) =>
        Read(source, new ColumnRequest(column, ColumnForm.Matrix), capacity, (c, row) =>
        {
            MatrixColumn matrix = (MatrixColumn)c;
            return Enumerable.Range(row * matrix.Width, matrix.Width)
                .Select(i => matrix.IsDouble ? matrix.Doubles(row + 1)[i] : matrix.Floats(row + 1)[i]).ToArray();
        });

    /// <summary>Reads all chunks in order; every chunk must yield the rows it announces.</summary>
    internal static T[] Read<T>(ISource source, ColumnRequest request, int capacity, Func<Column, int, T> value)
    {
        List<T> values = [];
        using IChunkReader reader = source.Open([request]);
        using Batch batch = new([request], capacity);
        for (int chunk = 0; chunk < source.ChunkRows.Count; chunk++)
        {
            reader.Start(chunk);
            long rows = 0;
            while (reader.Read(batch) > 0)
            {
                for (int row = 0; row < batch.Rows; row++)
                {
                    values.Add(value(batch.Columns[0], row));
                }

                rows += batch.Rows;
            }

            Assert.Equal(source.ChunkRows[chunk], rows);
        }

        return [.. values];
    }
}
