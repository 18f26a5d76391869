using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;

namespace GpuDiag.Tests.Columns;

/// <summary>Writes Arrow IPC through Apache.Arrow, in every variant of the container.</summary>
internal static class ArrowFiles
{
    /// <summary>Container and codec.</summary>
    internal static TheoryData<string> Variants => ["file", "stream", "file lz4", "stream zstd"];

    internal static string Write(string path, string variant, params (string Name, IArrowArray Values)[][] batches)
    {
        Schema schema = new([.. batches[0].Select(c => new Field(c.Name, c.Values.Data.DataType, nullable: true))], null);
        IpcOptions options = new() { CompressionCodecFactory = new CompressionCodecFactory() };
        if (variant.Contains(' ', StringComparison.Ordinal))
        {
            options.CompressionCodec = variant.EndsWith("lz4", StringComparison.Ordinal) ? CompressionCodecType.Lz4Frame : CompressionCodecType.Zstd;
        }

        using FileStream file = File.Create(path);
        using ArrowStreamWriter writer = variant.StartsWith("file", StringComparison.Ordinal)
            ? new ArrowFileWriter(file, schema, leaveOpen: true, options)
            : new ArrowStreamWriter(file, schema, leaveOpen: true, options);
        writer.WriteStart();
        foreach ((string Name, IArrowArray Values)[] batch in batches)
        {
            using RecordBatch record = new(schema, batch.Select(c => c.Values), batch[0].Values.Length);
            writer.WriteRecordBatch(record);
        }

        writer.WriteEnd();
        return path;
    }

    internal static StringArray Strings(params string?[] values)
    {
        StringArray.Builder builder = new();
        foreach (string? value in values)
        {
            builder = value is null ? builder.AppendNull() : builder.Append(value);
        }

        return builder.Build();
    }

    internal static FloatArray Floats(params float?[] values)
    {
        FloatArray.Builder builder = new();
        foreach (float? value in values)
        {
            builder.Append(value);
        }

        return builder.Build();
    }

    internal static ArrowBuffer Buffer<T>(params T[] values)
        where T : struct => new ArrowBuffer.Builder<T>().AppendRange(values).Build();
}
