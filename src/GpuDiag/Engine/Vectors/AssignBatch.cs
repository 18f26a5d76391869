namespace GpuDiag.Engine.Vectors;

/// <summary>Rows to assign, and where the answers go.</summary>
/// <param name="Vectors">At most 2³¹ − 1 rows.</param>
/// <param name="Nearest">Receives per row the centroid of the smallest key, of equal ones the first; −1 for a row that is excluded, or when no centroid is left.</param>
/// <param name="Keys">Receives per row that smallest key, NaN for −1; not touched, so may be empty, unless the plan asks for keys.</param>
public readonly record struct AssignBatch(VectorBlock Vectors, Memory<int> Nearest, Memory<double> Keys);
