namespace GpuDiag.Engine;

/// <summary>A backend that was opened, and why this one.</summary>
/// <param name="Backend">The caller's to dispose.</param>
/// <param name="Reason">For people: "asked for", or what auto saw.</param>
public sealed record BackendChoice(Backend Backend, string Reason);
