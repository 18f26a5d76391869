namespace GpuDiag.Engine.Bits;

/// <summary>Which sets of rows to intersect, and what to count in the intersections.</summary>
/// <param name="Planes">The first so many sets, 0 or more, are what to count: each candidate's rows in each of them.</param>
/// <param name="Level">Sets per candidate, at least 1.</param>
/// <param name="Members">Level sets per candidate. Candidates whose first members are the same should follow each other: then these are intersected once.</param>
/// <param name="Threads">Threads that one Accept may use. Changes the time only.</param>
public sealed record IntersectPlan(int Planes, int Level, int[] Members, int Threads)
{
    public int Candidates => Members.Length / Level;
}
