using System.Globalization;

namespace GpuDiag.Columns.Arrow;

/// <summary>Puts together decoder and sink for a field and the form asked for.</summary>
internal static class ArrowColumns
{
    internal static IArrowColumn Scalar(ArrowField field, ColumnRequest request)
    {
        if (request.Form == ColumnForm.Image)
        {
            return Image(field);
        }

        bool isBytes = field.Layout is ArrowLayout.Bytes or ArrowLayout.LargeBytes or ArrowLayout.Views
            || (field.Layout == ArrowLayout.Fixed && field.Type is FieldType.Decimal or FieldType.Binary);
        ArrowDecode<long> longs = ArrowDecoders.Longs(field);
        Func<long, string>? longText = ArrowDecoders.LongText(field);
        BytesText? runText = ArrowDecoders.RunText(field);
        return (request.Form, field.Type) switch
        {
            (ColumnForm.Codes, _) when isBytes => Make(ArrowDecoders.Runs(field), new TextCodeSink(new TextCodes(request.Domain!, runText))),
            (ColumnForm.Codes, _) => Make(longs, new IntegerCodeSink(new IntegerCodes(request.Domain!, longText))),
            (ColumnForm.Numbers, FieldType.Float32) => Make(ArrowDecoders.Floats(field), new FloatSink()),
            (ColumnForm.Numbers, FieldType.Float64) => Make(ArrowDecoders.Doubles, new DoubleSink<double>(null)),
            (ColumnForm.Numbers, FieldType.Decimal) => Make(
                ArrowDecoders.Runs(field),
                new DoubleSink<ByteRun>(run => ValueText.DecimalNumber(ArrowDecoders.LittleEndian(run.Span), field.Scale))),
            (ColumnForm.Numbers, _) => Make(longs, new DoubleSink<long>(field is { Signed: false, Width: 8 } ? v => (ulong)v : null)),
            (_, FieldType.Float32) => Make(ArrowDecoders.Floats(field), new TextSink<float>(ValueText.Number)),
            (_, FieldType.Float64) => Make(ArrowDecoders.Doubles, new TextSink<double>(ValueText.Number)),
            _ when isBytes => Make(ArrowDecoders.Runs(field), new TextSink<ByteRun>(Words(runText ?? ValueText.Utf8))),
            _ => Make(longs, new TextSink<long>(longText ?? (v => v.ToString(CultureInfo.InvariantCulture)))),
        };
    }

    private static IArrowColumn Image(ArrowField field)
    {
        if (field.Type != FieldType.Image)
        {
            return Make(ArrowDecoders.Runs(field), field.Type == FieldType.Binary ? new ImageBytesSink() : new ImagePathSink(beside: false));
        }

        int bytes = Place("bytes");
        int path = Place("path");
        return new ArrowImage(
            (bytes, Make(ArrowDecoders.Runs(field.Children[bytes]), new ImageBytesSink())),
            (path, Make(ArrowDecoders.Runs(field.Children[path]), new ImagePathSink(beside: true))));

        int Place(string name) => Enumerable.Range(0, field.Children.Count).First(i => field.Children[i].Name == name);
    }

    private static ArrowScalar<T> Make<T>(ArrowDecode<T> decode, IScalarSink<T> sink)
        where T : unmanaged => new(decode, sink);

    private static Func<ByteRun, string> Words(BytesText text) => run => text(run.Span);
}
