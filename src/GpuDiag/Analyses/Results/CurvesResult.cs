namespace GpuDiag.Analyses.Results;

/// <summary>The curves of classes against the rest.</summary>
/// <param name="Classes">Classes with curves, in class order.</param>
/// <param name="LeftOut">Classes without, as there are too many.</param>
/// <param name="Steps">Points of a curve at most, besides its ends: one for each such part of it.</param>
/// <param name="Points">Curve by curve, thresholds descending.</param>
public sealed record CurvesResult(IReadOnlyList<string> Classes, int LeftOut, int Steps, IReadOnlyList<CurvePoint> Points);

/// <summary>A point of a curve, exact: rows whose score of the class is at least the threshold are predicted to be of the class.</summary>
/// <param name="Curve">"roc" or "pr".</param>
/// <param name="X">False positive rate; of "pr" recall.</param>
/// <param name="Y">True positive rate; of "pr" precision.</param>
/// <param name="Threshold">Null where no row is predicted so.</param>
public sealed record CurvePoint(string Curve, string Class, double X, double Y, double? Threshold);
