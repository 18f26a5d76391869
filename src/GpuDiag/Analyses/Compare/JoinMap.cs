using GpuDiag.Analyses.Results;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>Which row of BEFORE each row of AFTER belongs to.</summary>
internal sealed unsafe class JoinMap : IDisposable
{
    private readonly ScratchMemory? memory;

    private JoinMap(ScratchMemory? memory) => this.memory = memory;

    public JoinResult Result { get; set; } = null!;

    /// <summary>Row by row, both of the same length.</summary>
    public static JoinMap Identity(string by, long rows) => new(null) { Result = new JoinResult(by, rows, rows, rows) };

    /// <summary>Every row still without its other.</summary>
    public static JoinMap Empty(long afterRows, long most, string folder) => new(new ScratchMemory(checked(afterRows * sizeof(long)), most, folder));

    /// <summary>Each row of AFTER once, from any thread.</summary>
    public void Match(long afterRow, long beforeRow) => ((long*)memory!.Pointer)[afterRow] = beforeRow + 1;

    /// <summary>The row of BEFORE, or −1.</summary>
    public long this[long afterRow] => memory is null ? afterRow : ((long*)memory.Pointer)[afterRow] - 1;

    public void Dispose() => memory?.Dispose();
}
