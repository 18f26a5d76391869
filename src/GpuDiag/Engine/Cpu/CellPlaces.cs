using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GpuDiag.Columns;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// Where rows stand in dense tables, sixteen at a time, by 32-bit integers: whoever asks sees to it that tables are no larger. Up to
/// fifteen rows past the last one are computed too, so there must be room for whole sixteens on either side.
/// </summary>
internal static unsafe class CellPlaces
{
    private const int Step = 16;

    /// <summary>places = label × classes + prediction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfPairs(CodeColumn label, CodeColumn prediction, int first, int rows, int classes, int* places)
    {
        byte* labels = At(label, first), predictions = At(prediction, first);
        int labelWidth = label.Width, predictionWidth = prediction.Width;
        Vector512<int> stride = Vector512.Create(classes);
        for (int r = 0; r < rows; r += Step)
        {
            ((Codes(labels + (r * labelWidth), labelWidth) * stride) + Codes(predictions + (r * predictionWidth), predictionWidth)).Store(places + r);
        }
    }

    /// <summary>places = segment × size + within.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfSegments(CodeColumn segment, int first, int rows, int size, int* within, int* places)
    {
        byte* segments = At(segment, first);
        int width = segment.Width;
        Vector512<int> stride = Vector512.Create(size);
        for (int r = 0; r < rows; r += Step)
        {
            ((Codes(segments + (r * width), width) * stride) + Vector512.Load(within + r)).Store(places + r);
        }
    }

    private static byte* At(CodeColumn column, int first) => (byte*)column.Pointer + ((nint)first * column.Width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Codes(byte* at, int width) => width switch
    {
        1 => Avx512F.IsSupported ? Avx512F.ConvertToVector512Int32(Vector128.Load(at)) : Widen(Vector256.Create(Vector128.WidenLower(Vector128.Load(at)), Vector128.WidenUpper(Vector128.Load(at)))),
        2 => Avx512F.IsSupported ? Avx512F.ConvertToVector512Int32(Vector256.Load((ushort*)at)) : Widen(Vector256.Load((ushort*)at)),
        _ => Vector512.Load((int*)at),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(Vector256<ushort> codes) => Vector512.Create(Vector256.WidenLower(codes), Vector256.WidenUpper(codes)).AsInt32();
}
