using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GpuDiag.Cli.Submit;

/// <summary>A plan as Kubernetes manifests: an Indexed Job per round (batch/v1, from Kubernetes 1.29 on with retries per index), and a Job that merges.</summary>
internal static class KubernetesJob
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="plan">Its folders are paths in the volume.</param>
    /// <param name="image">Container that has gpudiag.</param>
    /// <param name="claim">PersistentVolumeClaim with data and room for states, which all pods share.</param>
    /// <param name="mount">Where it is mounted.</param>
    /// <param name="needs">CPUs, memory and GPUs of a pod.</param>
    /// <returns>Per step a name and a manifest, in the order in which each is to be applied when the one before is complete.</returns>
    public static IReadOnlyList<(string Name, string Manifest)> Manifests(JobPlan plan, string image, string claim, string mount, SlurmNeeds needs)
    {
        List<(string, string)> steps = [];
        for (int round = 1; round <= plan.Rounds; round++)
        {
            string part = $"TASK=$((JOB_COMPLETION_INDEX + 1)); [ -e {Session.Quoted(Path.Combine(plan.Folder, $"round-{round}-part-"))}\"$TASK\".gds ] && exit 0; exec {plan.PartLine(round, "\"$TASK\"")}";
            steps.Add(Step($"{plan.Name}-round-{round}", part, plan.Tasks));
            steps.Add(Step($"{plan.Name}-merge-{round}", $"exec {plan.MergeLine(round)}", null));
        }
        return steps;

        (string, string) Step(string name, string script, int? tasks) => (name, Manifest(plan, name, script, tasks));

        string Manifest(JobPlan job, string name, string script, int? tasks)
        {
            var text = new StringBuilder("apiVersion: batch/v1\nkind: Job\nmetadata:\n");
            text.Append(CultureInfo.InvariantCulture, $"  name: {name}\nspec:\n");
            if (tasks is int n)
            {
                text.Append(CultureInfo.InvariantCulture, $"  completionMode: Indexed\n  completions: {n}\n  parallelism: {n}\n  backoffLimitPerIndex: 3\n");
                // Wrong data or options stay wrong: such an index is not tried again.
                text.Append("  podFailurePolicy:\n    rules:\n      - action: FailIndex\n        onExitCodes:\n          containerName: gpudiag\n          operator: In\n          values: [2]\n");
            }
            else
            {
                text.Append("  backoffLimit: 3\n");
            }
            text.Append("  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - name: gpudiag\n");
            text.Append(CultureInfo.InvariantCulture, $"          image: {Text(image)}\n          workingDir: {Text(job.Directory)}\n          command: [\"/bin/sh\", \"-c\", {Text(script)}]\n");
            string[] limits =
            [
                .. needs.Cpus is ulong cpus ? [$"cpu: {Text(cpus.ToString(CultureInfo.InvariantCulture))}"] : Array.Empty<string>(),
                .. needs.Memory is string memory ? [$"memory: {Text(memory)}"] : Array.Empty<string>(),
                .. needs.Gpus > 0 && tasks is not null ? [$"nvidia.com/gpu: {Text(needs.Gpus.ToString(CultureInfo.InvariantCulture))}"] : Array.Empty<string>(),
            ];
            if (limits.Length > 0)
                text.Append(CultureInfo.InvariantCulture, $"          resources:\n            limits: {{ {string.Join(", ", limits)} }}\n");
            text.Append(CultureInfo.InvariantCulture, $"          volumeMounts:\n            - {{ name: data, mountPath: {Text(mount)} }}\n");
            text.Append(CultureInfo.InvariantCulture, $"      volumes:\n        - name: data\n          persistentVolumeClaim: {{ claimName: {Text(claim)} }}\n");
            return text.ToString();
        }
    }

    /// <summary>A YAML string in double quotes, which JSON's are.</summary>
    private static string Text(string value) => JsonSerializer.Serialize(value, Plain);
}
