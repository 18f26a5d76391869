#!/bin/sh
# On a machine with a GPU, from the unpacked folder: checks every device against the host, measures it against its own
# limits, and writes the tables for benchmarks/results/<gpu>/. Where python3 has torch, it times neighbours beside it: cases
# in GPU_PEERS ("self wide" unless set; wide writes 30 GB to the output folder). run.sh [OUTPUT-FOLDER]
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
if python3 -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then
    # shellcheck disable=SC2086
    python3 "$here/gpu_peers.py" "$here/gpudiag" ${GPU_PEERS:-self wide} --folder "$out" > "$out/peers.md" || failed=1
fi
exit $failed
