using GpuDiag.Engine.Labels;

namespace GpuDiag.Engine.Cpu;

public sealed partial class CpuBackend
{
    public override IFold<ConfidentJointBatch, ConfidentJointState> ConfidentJoint(ConfidentJointPlan plan) => width switch
    {
        LaneWidth.Scalar => new ConfidentFold<ScalarConfidentRows>(plan),
        _ => new ConfidentFold<VectorConfidentRows>(plan),
    };
}
