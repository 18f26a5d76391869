using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using GpuDiag.Analyses.Drift;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Scoring;
using ParquetSharp;
using Column = ParquetSharp.Column;
using Encoding = System.Text.Encoding;
using Field = Apache.Arrow.Field;
using Schema = Apache.Arrow.Schema;

namespace GpuDiag.Fuzz;

/// <summary>Small sound inputs for every target, in the variants of its format.</summary>
internal static class Seeds
{
    private const int Rows = 12;

    public static void Write(string folder)
    {
        foreach (string target in Targets.All.Keys)
            Directory.CreateDirectory(Path.Combine(folder, target));
        string At(string target, string name) => Path.Combine(folder, target, name);
        foreach (var codec in new[] { Compression.Uncompressed, Compression.Snappy, Compression.Zstd, Compression.Gzip })
        {
            WriteParquet(At("parquet", codec.ToString()), codec, codec != Compression.Gzip);
            File.Copy(At("parquet", codec.ToString()), At("parquet-managed", codec.ToString()), overwrite: true);
        }
        WriteArrow(At("arrow", "file"), isFile: true, null);
        WriteArrow(At("arrow", "stream"), isFile: false, null);
        WriteArrow(At("arrow", "file-zstd"), isFile: true, CompressionCodecType.Zstd);
        WriteArrow(At("arrow", "stream-lz4"), isFile: false, CompressionCodecType.Lz4Frame);
        Npy(At("npy", "f4"), "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 4), }", 6 * 4 * 4);
        Npy(At("npy", "f8"), "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 2), }", 6 * 8);
        Npy(At("npy", "f2"), "{'descr': '>f2', 'fortran_order': False, 'shape': (7,), }", 7 * 2);
        Npy(At("npy", "i8"), "{'descr': '<i8', 'fortran_order': False, 'shape': (5, 2), }", 5 * 2 * 8);
        foreach (string target in new[] { "onnx", "onnx-runtime" })
            LinearHeadModel.Write(At(target, "head"), [1, 2, 3, 4, 5, 6], [0, 1, 2], ["a", "b", "c"]);
        Text(At("toml", "a"), "label = \"y\"\nsegment = ['a', 'b*c']\nthreads = 2\nquiet = true\n# note\nmemory = '1G'\n");
        Text(At("toml", "b"), "data = [\"x\", \"y\"]\n\"pred\" = '''p'''\nseed = 0x1F\nbin = ['age:4']\ngate = \"accuracy>=0.5\"\n");
        string[] gates = ["accuracy>=0.9", "accuracy.low > .5e-3", "segments[weather=fog].recall_macro>=0.8", "classes[\"a b\"].f1.high != 1", "slices[0].error_rate<=0.1"];
        for (int i = 0; i < gates.Length; i++)
            Text(At("gate", $"{i}"), gates[i]);
        int states = 0;
        foreach (var saved in DriftStates(At("drift-state", "data.parquet")))
        {
            using (var file = File.Create(At("drift-state", $"{states}")))
                saved.Save(file);
            using var content = new BinaryWriter(File.Create(At("drift-state-content", $"{states++}")));
            saved.Write(content);
        }
        File.Delete(At("drift-state", "data.parquet"));
        foreach (var (name, book) in ScanStates(At("state", "data.parquet")))
        {
            using var file = File.Create(At("state", name));
            book.Write(file);
        }
        File.Delete(At("state", "data.parquet"));
        foreach (var (name, content) in Pictures)
            File.WriteAllBytes(At("image", name), Convert.FromBase64String(content));
    }

    /// <summary>What drift keeps of small data: with categories, and with numbers and vectors that it cuts.</summary>
    /// <param name="scratch">A file to write the data to.</param>
    public static IEnumerable<SavedState> DriftStates(string scratch)
    {
        foreach (bool categories in new[] { true, false })
        {
            Column[] columns = [new Column<string>("label"), new Column<string>("pred"), new Column<float?>("confidence"), new Column<double?>("age"), .. categories ? [new Column<string>("site")] : new Column[] { new Column<float[]>("embedding") }];
            using (ParquetFileWriter writer = new(scratch, columns))
            {
                using (var group = writer.AppendRowGroup())
                {
                    Add(group, i => $"c{i % 3}");
                    Add(group, i => $"c{i % 5 % 3}");
                    Add<float?>(group, i => i % 7 == 0 ? null : 0.5f + (0.04f * i));
                    Add<double?>(group, i => i % 4 == 0 ? null : i * 0.5);
                    if (categories)
                        Add(group, i => i % 6 == 0 ? null : $"s{i % 2}");
                    else
                        Add(group, i => i % 5 == 0 ? null : new float[] { i % 2, i, 1, 2 });
                }
                writer.Close();
            }
            yield return Drift.Run(new DriftOptions { Datasets = [scratch], Device = "cpu", Threads = 1 }, null, default).Reference;
        }
    }

    /// <summary>States of a scan of small data: its two parts, and them merged.</summary>
    /// <param name="scratch">A file to write the data to.</param>
    private static IEnumerable<(string Name, StateBook Book)> ScanStates(string scratch)
    {
        using (ParquetFileWriter writer = new(scratch, [new Column<string>("label"), new Column<string>("pred"), new Column<float?>("confidence")]))
        {
            for (int part = 0; part < 2; part++)
            {
                using var group = writer.AppendRowGroup();
                Add(group, i => $"c{(i + part) % 3}");
                Add(group, i => $"c{i % 5 % 3}");
                Add<float?>(group, i => i % 7 == 0 ? null : 0.5f + (0.04f * i));
            }
            writer.Close();
        }
        var options = new ScanOptions { Inputs = [scratch], Device = "cpu", Threads = 1 };
        StateBook[] parts = [.. Enumerable.Range(1, 2).Select(i => Sharding.Part(options, new ShardSlice(i, 2), null, "0", null, default))];
        yield return ("first", parts[0]);
        yield return ("second", parts[1]);
        yield return ("merged", Sharding.Merge(parts, null, rounds => Scan.Run(options, null, rounds, default), "0").Book);
    }

    /// <summary>The smallest pictures of their formats.</summary>
    private static readonly (string Name, string Content)[] Pictures =
    [
        ("png", "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAATElEQVR42mNggAJGBk4haRVdM3smBiEVM4+onDpmBmmzwJz2RXtZGFQ8ciZsufGHgUE3qn3LQz5rRgaznEU3+FyqmBjs6/b+sa7aCQD3DROeNdV0OAAAAABJRU5ErkJggg=="),
        ("png-palette", "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAEBAMAAABb34NNAAAAMFBMVEUAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi+tl47vAAAAFElEQVR42mNgYGAQlGVQsmIwDgcAA64BFbJkLUEAAAAASUVORK5CYII="),
        ("jpeg", "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAQABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAABAID/8QAIxAAAgEDAgcBAAAAAAAAAAAAAQIDAAQREjEFIVSBkZKh0f/EABQBAQAAAAAAAAAAAAAAAAAAAAD/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwA7w8Oj06FkmzvojxjziqRbHprj0X9poS/KkC3t1JG4Q8vtYOLuBgs19FGxGQHCA47ig//Z"),
        ("jpeg-stages", "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wgARCAAQABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAwEC/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEAMQAAABOtg//8QAGBAAAwEBAAAAAAAAAAAAAAAAAAEiAxH/2gAIAQEAAQUC5miCykf/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oACAEDAQE/AX//xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oACAECAQE/AX//xAAaEAACAgMAAAAAAAAAAAAAAAAAAQIyIUGB/9oACAEBAAY/AtvhWRWJmaR//8QAGxAAAwACAwAAAAAAAAAAAAAAAAERMWFxgeH/2gAIAQEAAT8hckXCEvIiTg6HePNw/9oADAMBAAIAAwAAABAj/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAwEBPxB//8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAgEBPxB//8QAHRABAAICAgMAAAAAAAAAAAAAAQARITGBkaGx8P/aAAgBAQABPxDdI3irup9K9wdAhNjx5hMiFgS1yT//2Q=="),
        ("gif", "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"),
        ("bmp", "Qk06AAAAAAAAADYAAAAoAAAAAQAAAAEAAAABABgAAAAAAAQAAAATCwAAEwsAAAAAAAAAAAAAAAD/AA=="),
    ];

    private static void WriteParquet(string path, Compression codec, bool dictionary)
    {
        Column[] columns =
        [
            new Column<int>("label"), new Column<int?>("age"), new Column<string>("name"), new Column<float>("score"), new Column<double?>("weight"),
            new Column<bool>("flag"), new Column<long>("big"), new Column<float[]>("probs"), new Column<byte[]>("image"), new Column<DateTime>("time"),
        ];
        using var builder = new WriterPropertiesBuilder();
        builder.Compression(codec);
        if (!dictionary)
            builder.DisableDictionary();
        using var properties = builder.Build();
        using ParquetFileWriter writer = new(path, columns, properties);
        for (int g = 0; g < 2; g++)
        {
            using var group = writer.AppendRowGroup();
            Add(group, i => i % 3);
            Add<int?>(group, i => i % 4 == 0 ? null : i);
            Add(group, i => $"n{i % 5}");
            Add(group, i => i * 0.5f);
            Add<double?>(group, i => i % 2 == 0 ? null : i * 0.1);
            Add(group, i => i % 2 == 0);
            Add(group, i => (1L << 40) + i);
            Add(group, i => new float[] { i, 1, 2 });
            Add(group, i => new byte[] { 1, 2, (byte)i });
            Add(group, i => new DateTime(2020, 1, 1 + i, 0, 0, 0, DateTimeKind.Utc));
        }
        writer.Close();
    }

    private static void Add<T>(RowGroupWriter group, Func<int, T> value)
    {
        using var column = group.NextColumn().LogicalWriter<T>();
        column.WriteBatch([.. Enumerable.Range(0, Rows).Select(value)]);
    }

    private static void WriteArrow(string path, bool isFile, CompressionCodecType? codec)
    {
        var names = new StringArray.Builder();
        var numbers = new Int32Array.Builder();
        var floats = new FloatArray.Builder();
        var bytes = new BinaryArray.Builder();
        for (int i = 0; i < Rows; i++)
        {
            _ = i % 5 == 4 ? names.AppendNull() : names.Append($"n{i % 3}");
            numbers.Append(i);
            floats.Append(i * 0.5f);
            bytes.Append([(byte)i, 2]);
        }
        var item = new FloatArray.Builder().AppendRange(Enumerable.Range(0, Rows * 3).Select(i => (float)i)).Build();
        var lists = new FixedSizeListArray(new FixedSizeListType(new Field("item", FloatType.Default, true), 3), Rows, item, ArrowBuffer.Empty);
        var paths = names.Build();
        var images = new StructArray(
            new StructType([new Field("bytes", BinaryType.Default, true), new Field("path", StringType.Default, true)]), Rows, [bytes.Build(), paths], ArrowBuffer.Empty);
        var codes = new DictionaryArray(
            new DictionaryType(Int8Type.Default, StringType.Default, false), new Int8Array.Builder().AppendRange(Enumerable.Range(0, Rows).Select(i => (sbyte)(i % 2))).Build(),
            new StringArray.Builder().Append("u").Append("v").Build());
        (string Name, IArrowArray Values)[] columns = [("name", paths), ("label", numbers.Build()), ("score", floats.Build()), ("v", lists), ("image", images), ("code", codes)];
        var schema = new Schema([.. columns.Select(c => new Field(c.Name, c.Values.Data.DataType, true))], null);
        var options = new IpcOptions { CompressionCodecFactory = new CompressionCodecFactory(), CompressionCodec = codec };
        using var stream = File.Create(path);
        using var writer = isFile ? new ArrowFileWriter(stream, schema, true, options) : new ArrowStreamWriter(stream, schema, true, options);
        writer.WriteStart();
        using (var batch = new RecordBatch(schema, columns.Select(c => c.Values), Rows))
            writer.WriteRecordBatch(batch);
        writer.WriteEnd();
    }

    private static void Npy(string path, string header, int bytes)
    {
        string padded = header.PadRight(117) + "\n";
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, (byte)padded.Length, 0, .. Encoding.ASCII.GetBytes(padded), .. Enumerable.Range(0, bytes).Select(i => (byte)i)]);
    }

    private static void Text(string path, string content) => File.WriteAllText(path, content);
}
