using System.Diagnostics;
using GpuDiag.Cli.Commands;
using GpuDiag.Cli.Submit;
using GpuDiag.Tests.Analyses.Scan;

namespace GpuDiag.Tests.Cli;

/// <summary>What a scheduler is handed: run here by a shell, task by task.</summary>
public sealed class SubmitProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gpudiag test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void SlurmScripts_MakeTheFilesOfOneScan()
    {
        if (OperatingSystem.IsWindows())
            return;
        new ScanTable(300, 5).Write(Path.Combine(folder, "the data.parquet"), 0, 300, 20);
        string[] scan = ["the data.parquet", "--segment", "weather*night", "--max-rows", "30", "--quiet"];
        Assert.Equal(0, Gpudiag.Run(folder, ["scan", .. scan, "--out", "whole"]).Code);
        string[] submit = ["submit", "slurm", .. scan, "--gate", "rows==300", "--gate", "accuracy>=2", "--out", "it's out", "--tasks", "2", "--rounds", "2", "--dry-run"];
        var dry = Gpudiag.Run(folder, submit);
        Assert.Equal((0, ""), (dry.Code, dry.Errors));
        string job = Path.Combine(folder, "it's out-job");
        Assert.Equal(["--array=1-2", "merge-1.sh", "--array=1-2", "merge-2.sh"], dry.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Contains("--array", StringComparison.Ordinal) ? l.Split(' ')[1] : Path.GetFileName(l.TrimEnd('\''))));

        Assert.Equal(0, Shell(Path.Combine(job, "round-1.sh"), 2));
        var status = Gpudiag.Run(folder, "status", "it's out-job");
        Assert.Equal(1, status.Code);
        Assert.Contains("Round 1: 1 of 2 parts; not there: 1\n", status.Text, StringComparison.Ordinal);
        Assert.NotEqual(0, Shell(Path.Combine(job, "merge-1.sh"), null));
        Assert.Contains("holds states of another job", Gpudiag.Run(folder, submit).Errors, StringComparison.Ordinal);

        string again = Gpudiag.Run(folder, "submit", "slurm", "--retry", "--job", "it's out-job", "--dry-run").Text;
        Assert.StartsWith("sbatch --array=1 ", again, StringComparison.Ordinal);
        Assert.Equal(0, Shell(Path.Combine(job, "round-1.sh"), 1));
        Assert.Equal(0, Shell(Path.Combine(job, "merge-1.sh"), null));
        Assert.Equal((0, 0), (Shell(Path.Combine(job, "round-2.sh"), 1), Shell(Path.Combine(job, "round-2.sh"), 2)));
        // A gate does not hold: the job says so, and is done.
        Assert.Equal(1, Shell(Path.Combine(job, "merge-2.sh"), null));
        status = Gpudiag.Run(folder, "status", "it's out-job");
        Assert.Equal(0, status.Code);
        Assert.Contains("Done: the result is in", status.Text, StringComparison.Ordinal);
        foreach (string file in Directory.GetFiles(Path.Combine(folder, "whole")).Where(f => Path.GetFileName(f) != "run.json"))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(folder, "it's out", Path.GetFileName(file))));
    }

    [Fact]
    public void SlurmScripts_OfASearchMakeTheFilesOfOne()
    {
        if (OperatingSystem.IsWindows())
            return;
        EmbeddingFile.Write(Path.Combine(folder, "q.parquet"), EmbeddingFile.Vectors(50, 4));
        EmbeddingFile.Write(Path.Combine(folder, "b.parquet"), EmbeddingFile.Vectors(80, 4, 2));
        string[] search = ["q.parquet", "b.parquet", "--k", "3", "--memory", "64M", "--quiet"];
        Assert.Equal(0, Gpudiag.Run(folder, ["knn", .. search, "--out", "whole"]).Code);
        var dry = Gpudiag.Run(folder, ["submit", "slurm", "knn", .. search, "--tasks", "2", "--gpus", "1", "--dry-run"]);
        string job = Path.Combine(folder, "gpudiag-knn-job"), script = File.ReadAllText(Path.Combine(job, "round-1.sh"));
        Assert.Equal((0, "", 2), (dry.Code, dry.Errors, dry.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.Contains("#SBATCH --job-name=gpudiag-knn-round-1\n", script, StringComparison.Ordinal);
        Assert.Contains(" knn q.parquet b.parquet --k 3 --memory 64M --resume --shard ", script, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), (Shell(Path.Combine(job, "round-1.sh"), 1), Shell(Path.Combine(job, "round-1.sh"), 2), Shell(Path.Combine(job, "merge-1.sh"), null)));
        Assert.Contains("Done: the result is in", Gpudiag.Run(folder, "status", "gpudiag-knn-job").Text, StringComparison.Ordinal);
        foreach (string file in Directory.GetFiles(Path.Combine(folder, "whole")).Where(f => Path.GetFileName(f) != "run.json"))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(folder, "gpudiag-knn", Path.GetFileName(file))));
    }

    [Fact]
    public void EveryCommandThatHasParts_CanBeSubmitted() => Assert.All(
        CommandCatalog.All.Where(c => c.Merge is not null),
        command =>
        {
            var names = SubmitCommand.Of(command).Options.Select(o => o.Name).ToList();
            Assert.Distinct(names);
            Assert.Subset(command.Options.Select(o => o.Name).ToHashSet(), new HashSet<string> { "shard", "state", "out", "device" });
            Assert.DoesNotContain("shard", names);
            Assert.NotNull(command.Check);
        });

    [Fact]
    public void KubernetesManifests_AreIndexedJobsInOrder()
    {
        PredictionFile.Write(folder);
        string[] submit = ["submit", "kubernetes", "predictions.parquet", "--tasks", "3", "--mem", "8Gi", "--gpus", "1", "--container", "registry.example/gpudiag:1", "--volume", "claim"];
        Assert.Contains("Add --dry-run", Gpudiag.Run(folder, submit).Errors, StringComparison.Ordinal);
        var dry = Gpudiag.Run(folder, [.. submit, "--dry-run"]);
        Assert.Equal((0, 2), (dry.Code, dry.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        string part = File.ReadAllText(Path.Combine(folder, "gpudiag-out-job", "gpudiag-round-1.yaml"));
        Assert.Contains("  completionMode: Indexed\n  completions: 3\n  parallelism: 3\n  backoffLimitPerIndex: 3\n", part, StringComparison.Ordinal);
        Assert.Contains("limits: { memory: \"8Gi\", nvidia.com/gpu: \"1\" }", part, StringComparison.Ordinal);
        // What the schema asks for, at its place; tools/kubernetes/validate.sh holds manifests against the whole schema.
        Assert.Equal(
            ["apiVersion: batch/v1", "kind: Job", "metadata:", "spec:"],
            part.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith(' ')));
        Assert.Equal(
            ["completionMode", "completions", "parallelism", "backoffLimitPerIndex", "podFailurePolicy", "template"],
            part[part.IndexOf("\nspec:", StringComparison.Ordinal)..].Split('\n').Where(l => l.StartsWith("  ", StringComparison.Ordinal) && l[2] != ' ').Select(l => l.Trim().Split(':')[0]));
        Assert.Contains("- action: FailIndex\n        onExitCodes:\n          containerName: gpudiag\n          operator: In\n          values: [2]\n", part, StringComparison.Ordinal);
        Assert.Contains("      restartPolicy: Never\n      containers:\n        - name: gpudiag\n          image: \"registry.example/gpudiag:1\"\n", part, StringComparison.Ordinal);
        Assert.Contains("volumeMounts:\n            - { name: data, mountPath: ", part, StringComparison.Ordinal);
        Assert.EndsWith("      volumes:\n        - name: data\n          persistentVolumeClaim: { claimName: \"claim\" }\n", part, StringComparison.Ordinal);
        Assert.Contains("TASK=$((JOB_COMPLETION_INDEX + 1))", part, StringComparison.Ordinal);
        string merge = File.ReadAllText(Path.Combine(folder, "gpudiag-out-job", "gpudiag-merge-1.yaml"));
        Assert.DoesNotContain("Indexed", merge, StringComparison.Ordinal);
        Assert.DoesNotContain("nvidia.com", merge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no scheduler is named")]
    [InlineData("'lsf' is no scheduler that is known", "lsf", "x.parquet")]
    [InlineData("no data is given", "slurm")]
    [InlineData("--retry needs a job", "slurm", "--retry")]
    [InlineData("--bin: 'a:1' is not COL:N", "slurm", "x.parquet", "--bin", "a:1", "--dry-run")]
    [InlineData("which are queries and which are the base is not said", "slurm", "knn", "a", "b", "c")]
    [InlineData("unknown option '--segment'", "slurm", "knn", "a", "--segment", "b")]
    [InlineData("unknown option '--rounds'", "slurm", "knn", "a", "--rounds", "2")]
    [InlineData("--save-reference stands beside --shard", "slurm", "drift", "a", "--save-reference", "b")]
    [InlineData("no search that parts could share", "slurm", "mine", "--pool", "a", "--budget", "3", "--strategy", "random")]
    [InlineData("gpudiag score has no parts that tasks could share", "slurm", "score", "m.onnx", "x.parquet")]
    [InlineData("'knn' stands among the data", "slurm", "--tasks", "2", "knn", "x.parquet")]
    [InlineData("holds no job", "slurm", "--retry", "--job", "nowhere")]
    public void Faults_AreToldBeforeAnythingIsHandedOver(string message, params string[] args)
        => Assert.Contains(message, Gpudiag.Run(folder, ["submit", .. args]).Errors, StringComparison.Ordinal);

    [Fact]
    public void Ranges_AreWrittenAsSlurmDoes() => Assert.Equal("1-3,5,7-8", SlurmJob.Ranges([1, 2, 3, 5, 7, 8]));

    private int Shell(string script, int? task)
    {
        var start = new ProcessStartInfo("bash", [script]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        if (task is int number)
            start.Environment["SLURM_ARRAY_TASK_ID"] = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return process.ExitCode;
    }
}
