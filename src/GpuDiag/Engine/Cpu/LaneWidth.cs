namespace GpuDiag.Engine.Cpu;

/// <summary>How many doubles the host backend computes side by side. Changes the time, never the answer.</summary>
public enum LaneWidth
{
    Scalar = 1,
    Vector256 = 4,
    Vector512 = 8,
}
