using System.Globalization;

namespace GpuDiag.Engine;

/// <summary>
/// What this process may use of the machine's memory: what the runtime says, or less where a control group of Linux (a container's, a Slurm job's, a systemd
/// unit's), or one around it, allows less.
/// </summary>
internal static class AvailableMemory
{
    /// <summary>In bytes, as it was at the start.</summary>
    public static long Bytes { get; } = OperatingSystem.IsLinux()
        ? Of("/proc/self/cgroup", "/sys/fs/cgroup", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <param name="membership">File that says which groups this process is in.</param>
    /// <param name="root">Where groups are mounted.</param>
    /// <param name="known">The limit without them.</param>
    internal static long Of(string membership, string root, long known)
    {
        try
        {
            foreach (string line in File.ReadLines(membership))
            {
                // Version 2: "0::/path". Version 1: "4:memory:/path".
                string[] parts = line.Split(':', 3);
                if (parts is ["0", "", string unified])
                {
                    known = Math.Min(known, Least(root, unified, "memory.max", "memory.high"));
                }
                else if (parts is [_, string controllers, string path] && controllers.Split(',').Contains("memory"))
                {
                    known = Math.Min(known, Least(Path.Combine(root, "memory"), path, "memory.limit_in_bytes"));
                }
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // No groups here, or none that may be read: as if there were none.
        }

        return known;
    }

    /// <summary>The least limit of a group and of those around it. From within a container its own group may be mounted as the root.</summary>
    private static long Least(string root, string group, params string[] files)
    {
        long least = long.MaxValue;
        for (string? at = group.TrimEnd('/'); at is not null; at = at.Length > 0 ? at[..Math.Max(0, at.LastIndexOf('/'))] : null)
        {
            foreach (string file in files)
            {
                string path = Path.Combine(root, at.TrimStart('/'), file);
                if (File.Exists(path) && long.TryParse(File.ReadAllText(path), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long limit))
                {
                    least = Math.Min(least, limit);
                }
            }
        }

        return least;
    }
}
