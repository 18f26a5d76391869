using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Labels;

namespace GpuDiag.Engine.Gpu;

public sealed partial class GpuBackend
{
    // On the host: a row is read once and compared, which costs less than to take it to the device.
    public override IFold<ConfidentJointBatch, ConfidentJointState> ConfidentJoint(ConfidentJointPlan plan) => new ConfidentFold<VectorConfidentRows>(plan);
}
