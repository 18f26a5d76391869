namespace GpuDiag.Columns.Parquet;

/// <summary>Gives the cursors of one open file, in whichever of the four kinds a leaf has.</summary>
internal interface ILeafCursors
{
    LeafCursor<long> Longs(ParquetLeaf leaf);

    LeafCursor<float> Floats(ParquetLeaf leaf);

    LeafCursor<double> Doubles(ParquetLeaf leaf);

    LeafCursor<ByteRun> Runs(ParquetLeaf leaf);
}

/// <summary>Puts together cursor and sink for a leaf and the form asked for.</summary>
internal static class LeafReaders
{
    internal static ILeafReader Create(
        ParquetLeaf leaf, ColumnRequest request, string file, ILeafCursors cursors, ListWidth width, Func<int, long> firstRow)
    {
        ILeafReader Scalar<T>(LeafCursor<T> cursor, IScalarSink<T> sink)
            where T : unmanaged => new ScalarReader<T>(leaf, file, cursor, sink);

        bool isFloat = leaf.Field.Type is FieldType.Float32 or FieldType.Float32List;
        bool isBytes = leaf.Node.Physical is ParquetPhysical.Bytes or ParquetPhysical.FixedBytes;
        return request.Form switch
        {
            ColumnForm.Image when leaf.Paths is { } paths => new ImageReader(
                Scalar(cursors.Runs(leaf), new ImageBytesSink()),
                new ScalarReader<ByteRun>(paths, file, cursors.Runs(paths), new ImagePathSink(beside: true))),
            ColumnForm.Image when leaf.Field.Type == FieldType.Binary => Scalar(cursors.Runs(leaf), new ImageBytesSink()),
            ColumnForm.Image => Scalar(cursors.Runs(leaf), new ImagePathSink(beside: false)),
            ColumnForm.Matrix when isFloat => new MatrixReader<float>(leaf, file, cursors.Floats(leaf), width, firstRow, float.NaN),
            ColumnForm.Matrix when leaf.Node.Physical is ParquetPhysical.Int32 or ParquetPhysical.Int64 =>
                new MatrixReader<double>(leaf, file, new NumberCursor(cursors.Longs(leaf), LongNumber(leaf)), width, firstRow, double.NaN),
            ColumnForm.Matrix => new MatrixReader<double>(leaf, file, cursors.Doubles(leaf), width, firstRow, double.NaN),
            ColumnForm.Codes when isBytes =>
                Scalar(cursors.Runs(leaf), new TextCodeSink(new TextCodes(request.Domain!, BytesText(leaf, isCode: true)))),
            ColumnForm.Codes => Scalar(cursors.Longs(leaf), new IntegerCodeSink(new IntegerCodes(request.Domain!, LongText(leaf)))),
            ColumnForm.Numbers when isFloat => Scalar(cursors.Floats(leaf), new FloatSink()),
            ColumnForm.Numbers when leaf.Field.Type == FieldType.Float64 => Scalar(cursors.Doubles(leaf), new DoubleSink<double>(null)),
            ColumnForm.Numbers when isBytes =>
                Scalar(cursors.Runs(leaf), new DoubleSink<ByteRun>(run => ValueText.DecimalNumber(ValueText.BigEndian(run.Span), leaf.Node.Scale))),
            ColumnForm.Numbers => Scalar(cursors.Longs(leaf), new DoubleSink<long>(LongNumber(leaf))),
            _ when isFloat => Scalar(cursors.Floats(leaf), new TextSink<float>(ValueText.Number)),
            _ when leaf.Field.Type == FieldType.Float64 => Scalar(cursors.Doubles(leaf), new TextSink<double>(ValueText.Number)),
            _ when isBytes => Scalar(cursors.Runs(leaf), new TextSink<ByteRun>(RunText(BytesText(leaf, isCode: false)!))),
            _ => Scalar(cursors.Longs(leaf), new TextSink<long>(LongText(leaf) ?? IntegerText)),
        };
    }

    /// <summary>Null where the domain words integers itself.</summary>
    internal static Func<long, string>? LongText(ParquetLeaf leaf)
    {
        ParquetNode node = leaf.Node;
        return (leaf.Field.Type, node.Physical) switch
        {
            (FieldType.Boolean, _) => v => v == 0 ? "false" : "true",
            (FieldType.Decimal, _) => v => ValueText.Decimal(v, node.Scale),
            (FieldType.Date, _) => ValueText.Date,
            (FieldType.Timestamp, ParquetPhysical.Int96) => v => ValueText.Timestamp(v, 1_000_000, utc: false),
            (FieldType.Timestamp, _) => v => ValueText.Timestamp(v, node.UnitsPerSecond, node.Utc),
            _ when node is { Meaning: ParquetMeaning.Unsigned, Physical: ParquetPhysical.Int64 } => IntegerCodes.Unsigned,
            _ => null,
        };
    }

    private static string IntegerText(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static Func<long, double>? LongNumber(ParquetLeaf leaf) => leaf.Node switch
    {
        { Meaning: ParquetMeaning.Decimal } node => v => ValueText.DecimalNumber(v, node.Scale),
        { Meaning: ParquetMeaning.Unsigned, Physical: ParquetPhysical.Int64 } => v => (ulong)v,
        _ => null,
    };

    /// <summary>Null where the domain words UTF-8 itself.</summary>
    internal static BytesText? BytesText(ParquetLeaf leaf, bool isCode) => leaf.Field.Type switch
    {
        FieldType.Decimal => bytes => ValueText.Decimal(ValueText.BigEndian(bytes), leaf.Node.Scale),
        FieldType.Binary => ValueText.Hex,
        _ when leaf.Node.Meaning == ParquetMeaning.Uuid => ValueText.Uuid,
        _ => isCode ? null : ValueText.Utf8,
    };

    private static Func<ByteRun, string> RunText(BytesText text) => run => text(run.Span);
}
