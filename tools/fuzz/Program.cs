using System.Globalization;
using GpuDiag.Fuzz;

// fuzz seeds DIR                       small sound inputs, a folder per target
// fuzz afl TARGET                      under afl-fuzz: reads stdin
// fuzz run TARGET SEEDS SECONDS SEED   without coverage: mutates the seeds by itself, keeps what fails in SEEDS.failed
// fuzz one TARGET FILE                 one input, for a look at a failure
switch (args)
{
    case ["seeds", var folder]:
        Seeds.Write(folder);
        return 0;
    case ["afl", var name] when Targets.All.TryGetValue(name, out var target):
        SharpFuzz.Fuzzer.OutOfProcess.Run(stream =>
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            target(copy.ToArray());
        });
        return 0;
    case ["run", var name, var folder, var seconds, var seed] when Targets.All.TryGetValue(name, out var target):
        return new Mutation(ulong.Parse(seed, CultureInfo.InvariantCulture)).Run(target, folder, TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
    case ["one", var name, var file] when Targets.All.TryGetValue(name, out var target):
        target(File.ReadAllBytes(file));
        return 0;
    default:
        Console.Error.WriteLine($"fuzz seeds DIR | afl TARGET | run TARGET SEEDS SECONDS SEED | one TARGET FILE; targets: {string.Join(", ", Targets.All.Keys)}");
        return 2;
}
