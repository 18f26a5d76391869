using System.Diagnostics;

namespace GpuDiag.Fuzz;

/// <summary>
/// Changes sound inputs at random, by a seeded stream: bits and bytes, numbers of special value, parts cut out, doubled, moved
/// between files, ends cut off. Knows no coverage; runs anywhere, and the same seed gives the same inputs.
/// </summary>
internal sealed class Mutation(ulong seed)
{
    private static readonly long[] Special = [0, 1, -1, 127, 128, 255, 256, 32767, 32768, 65535, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 1L << 40];

    private readonly Random random = new(unchecked((int)(seed ^ (seed >> 32))));

    /// <summary>How long one input may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>The number of inputs that failed; 255 where one did not come back.</returns>
    public int Run(Action<byte[]> target, string folder, TimeSpan time)
    {
        byte[][] seeds = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        string failed = folder.TrimEnd('/') + ".failed";
        Directory.CreateDirectory(failed);
        string current = Path.Combine(failed, "current"); // What was running when the process died.
        long start = Stopwatch.GetTimestamp();
        int count = 0;
        HashSet<string> faults = [];
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            byte[] input = Make(seeds);
            count++;
            File.WriteAllBytes(current, input);
            var run = Task.Run(() => target(input));
            bool back;
            try
            {
                back = run.Wait(Patience);
            }
            catch (AggregateException fault)
            {
                back = true;
                var error = fault.InnerException!;
                string where = $"{error.GetType().Name}: {error.StackTrace?.Split('\n')[0].Trim()}";
                if (faults.Add(where))
                {
                    Console.WriteLine($"{where}: {error.Message}");
                    File.Copy(current, Path.Combine(failed, $"fault-{faults.Count:000}"), overwrite: true);
                }
            }
            if (!back)
            {
                Console.WriteLine($"an input took more than {Patience.TotalSeconds:0} s");
                File.Copy(current, Path.Combine(failed, "hang"), overwrite: true);
                return 255;
            }
        }
        File.Delete(current);
        Console.WriteLine($"{count} inputs, {faults.Count} faults");
        return faults.Count;
    }

    private byte[] Make(byte[][] seeds)
    {
        List<byte> data = [.. seeds[random.Next(seeds.Length)]];
        for (int n = random.Next(1, 6); n > 0 && data.Count > 0; n--)
        {
            // Formats keep what matters at their ends.
            int at = random.Next(4) switch { 0 => random.Next(Math.Min(64, data.Count)), 1 => data.Count - 1 - random.Next(Math.Min(512, data.Count)), _ => random.Next(data.Count) };
            switch (random.Next(8))
            {
                case 0:
                    data[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    data[at] = (byte)random.Next(256);
                    break;
                case 2:
                    byte[] number = BitConverter.GetBytes(Special[random.Next(Special.Length)]);
                    for (int i = 0; i < (1 << random.Next(4)) && at + i < data.Count; i++)
                        data[at + i] = number[i];
                    break;
                case 3:
                    data.RemoveRange(at, Math.Min(random.Next(1, 17), data.Count - at));
                    break;
                case 4:
                    data.InsertRange(at, data.GetRange(at, Math.Min(random.Next(1, 65), data.Count - at)));
                    break;
                case 5:
                    byte[] other = seeds[random.Next(seeds.Length)];
                    int from = random.Next(other.Length);
                    data.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(1, 65), other.Length - from)).ToArray());
                    break;
                case 6:
                    data.RemoveRange(at, data.Count - at);
                    break;
                default:
                    data[at] = (byte)(data[at] + random.Next(-3, 4));
                    break;
            }
        }
        return [.. data];
    }
}
