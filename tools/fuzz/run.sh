#!/usr/bin/env bash
# Fuzzes each target for SECONDS (default 60) with AFL++ over instrumented assemblies, at low priority; without afl-fuzz or
# sharpfuzz by plain mutation. Findings stay in OUT. Debian 12: apt-get install afl++; dotnet tool install -g SharpFuzz.CommandLine
#   tools/fuzz/run.sh [SECONDS] [TARGET…]
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift || true
out=${OUT:-$(mktemp -d)}
dotnet publish tools/fuzz -c Release --nologo -v q -o "$out/bin"
mkdir -p "$out/found"
dotnet "$out/bin/fuzz.dll" seeds "$out/seeds"
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(parquet parquet-managed arrow npy onnx onnx-runtime toml state drift-state drift-state-content gate image)
coverage=0
if command -v afl-fuzz >/dev/null && command -v sharpfuzz >/dev/null; then
    coverage=1
    for assembly in Apache.Arrow GpuDiag.Core GpuDiag.Scoring gpudiag Parquet StbImageSharp Tomlyn; do
        sharpfuzz "$out/bin/$assembly.dll" >/dev/null || echo "$assembly is not instrumented"
    done
fi
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1
for target in "${targets[@]}"; do
    echo "== $target"
    if [ "$coverage" = 1 ]; then
        nice -n 19 timeout $((seconds + 60)) afl-fuzz -V "$seconds" -i "$out/seeds/$target" -o "$out/found/$target" -t 10000 -m none -- \
            dotnet "$out/bin/fuzz.dll" afl "$target" >"$out/$target.log" 2>&1 || tail -5 "$out/$target.log"
        grep -E "execs_done|saved_crashes|saved_hangs|corpus_count|edges_found" "$out/found/$target/default/fuzzer_stats" || true
    else
        nice -n 19 dotnet "$out/bin/fuzz.dll" run "$target" "$out/seeds/$target" "$seconds" 1 || true
    fi
done
echo "findings: $out"
