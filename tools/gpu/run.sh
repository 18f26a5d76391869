#!/bin/sh
# On a machine with a GPU, from the unpacked folder: checks every device against the host, measures it against its own
# limits, and writes the tables for benchmarks/results/<gpu>/. run.sh [OUTPUT-FOLDER]
set -u
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-gpu-results}
mkdir -p "$out"
failed=0
"$here/gpudiag" devices --check --format json > "$out/check.json" || failed=1
"$here/gpudiag" bench --format json > "$out/bench.json" || failed=1
{
    echo "# $(nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null || echo 'no nvidia-smi')"
    echo
    "$here/gpudiag" --version
    for command in "devices --check" "bench"; do
        printf '\n## gpudiag %s\n\n```\n' "$command"
        # shellcheck disable=SC2086
        "$here/gpudiag" $command
        printf '```\n'
    done
} > "$out/README.md" || failed=1
exit $failed
