#!/usr/bin/env bash
# Times `gpudiag scan` (whole process, cold start included) against DuckDB (warm, in its own process, one GROUP BY), in
# pairs A B A B …, and against scikit-learn (arrays in memory). Replaces benchmarks/results/<machine>/scan.md.
#
#   benchmarks/run.sh [CASE…]     CASE: uniform-snappy uniform-zstd skewed-snappy skewed-zstd nullable-snappy
#                                 nullable-zstd (all six if none is named), long, small, probabilities
#   ROWS=100000000 PAIRS=5 THREADS=<cores> DATA=artifacts/bench/data MACHINE=<name> PYTHON=python3 benchmarks/run.sh
#
# Needs GNU time (/usr/bin/time); for the probabilities also Python with scikit-learn. Missing data are generated: 4 GB
# for the six cases, 3.3 GB for `long` (five times the rows), 1.2 GB for the probabilities.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
rows=${ROWS:-100000000} pairs=${PAIRS:-5} threads=${THREADS:-$(nproc)} python=${PYTHON:-python3}
data=${DATA:-$root/artifacts/bench/data} bin=$root/artifacts/bench
cpu=$(lscpu | sed -n 's/^Model name: *//p' | head -1)
machine=${MACHINE:-$(echo "$cpu $(nproc)" | tr -cs 'A-Za-z0-9' '-' | tr 'A-Z' 'a-z' | sed 's/^-*//; s/-*$//')}
report=benchmarks/results/$machine/scan.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cases=("$@")
[ $# -gt 0 ] || cases=(uniform-snappy uniform-zstd skewed-snappy skewed-zstd nullable-snappy nullable-zstd)

publish() { # project, folder; the lock files of the checkout hold no runtime, so this restore keeps its own
    dotnet publish "$1" -c Release -o "$bin/$2" -r "$(dotnet --info | sed -n 's/^ *RID: *//p' | head -1)" --self-contained false \
        -p:PublishReadyToRun=true -p:NuGetLockFilePath=obj/publish.lock.json -v quiet --nologo -clp:NoSummary >&2
}

release() { # gpudiag as it is released: one file, compiled ahead together with the runtime (tools/package/pack.sh)
    dotnet publish src/GpuDiag.Cli -c Release -o "$bin/gpudiag" -r "$(dotnet --info | sed -n 's/^ *RID: *//p' | head -1)" --self-contained -p:PublishSingleFile=true \
        -p:PublishReadyToRunComposite=true -p:IncludeNativeLibrariesForSelfExtract=true -p:EnableCompressionInSingleFile=false \
        -p:NuGetLockFilePath=obj/publish.lock.json -v quiet --nologo -clp:NoSummary >&2
    "$bin/gpudiag/gpudiag" --version >&2 # unpacks its native libraries
}

generate() { # file, then datagen's arguments
    [ -f "$1" ] || "$bin/datagen/datagen" "${@:2}" --out "$1" >&2
}

scan() { # file, options…: prints "seconds peakMB"; the first line of the log says what ran
    rm -rf "$work/out"
    if ! /usr/bin/time -o "$work/time" -f '%e %M' \
        "$bin/gpudiag/gpudiag" scan "$1" "${@:2}" --out "$work/out" --device cpu --threads "$threads" --quiet >"$work/log" 2>&1; then
        cat "$work/log" "$work/time" >&2
        exit 1
    fi
    [ -s "$work/out/summary.json" ] || { echo "no summary.json for $1" >&2; exit 1; }
    awk '{ printf "%s %.0f\n", $1, $2 / 1024 }' "$work/time"
}

spread() { # numbers on standard input: "min / median / max"
    sort -g | awk -v f="${1:-%.2f}" '{ v[NR] = $1 } END { printf f " / " f " / " f, v[1], v[int((NR + 1) / 2)], v[NR] }'
}

roles=(--label label --pred pred --confidence confidence --segment weather)

against_duckdb() { # case
    local file=$data/$rows-$1.parquet mine peer ratio answer ms peak=0 seconds mb pair
    generate "$file" predictions --rows "$rows" --shape "${1%-*}" --codec "${1#*-}"
    coproc DUCK { "$bin/duckdb-count/duckdb-count" "$file" --threads "$threads" --serve; }
    local to=${DUCK[1]} from=${DUCK[0]} pid=$DUCK_PID
    echo >&"$to"; read -r ms answer <&"$from" # one more warm-up of the peer; the page cache is warm from here on
    : >"$work/mine"; : >"$work/peer"; : >"$work/ratio"
    for ((pair = 0; pair < pairs; pair++)); do
        read -r seconds mb < <(scan "$file" "${roles[@]}")
        echo >&"$to"; read -r ms answer <&"$from"
        echo "$seconds" >>"$work/mine"
        awk -v ms="$ms" 'BEGIN { print ms / 1000 }' >>"$work/peer"
        awk -v ms="$ms" -v s="$seconds" 'BEGIN { print ms / 1000 / s }' >>"$work/ratio"
        ((mb <= peak)) || peak=$mb
        echo "$1 pair $((pair + 1)): gpudiag $seconds s, $mb MB; DuckDB $ms ms" >&2
    done
    exec {to}>&-
    wait "$pid" || true
    duckdb=${answer%% cells=*}
    mine=$(spread <"$work/mine") peer=$(spread <"$work/peer") ratio=$(spread <"$work/ratio")
    echo "| $1 | $rows | $mine | $peer | **$ratio** | $peak |" >>"$work/duckdb"
}

long() { # five times the rows: does the memory grow?
    local file=$data/$((rows * 5))-uniform-snappy.parquet seconds mb
    generate "$file" predictions --rows "$((rows * 5))"
    read -r seconds mb < <(scan "$file" "${roles[@]}")
    echo "| uniform-snappy | $((rows * 5)) | $seconds | $mb |" >>"$work/alone"
}

small() { # start-up
    local file=$data/1000-skewed-snappy.parquet mb=0 pair
    generate "$file" predictions --rows 1000 --shape skewed
    for ((pair = 0; pair < pairs + 2; pair++)); do scan "$file" "${roles[@]}"; done >"$work/small"
    echo "| skewed-snappy | 1000 | $(cut -d' ' -f1 "$work/small" | spread) | $(cut -d' ' -f2 "$work/small" | spread %.0f) |" >>"$work/alone"
}

probabilities() { # everything a scan reports, AUC and average precision included
    local shape file seconds mb total
    for shape in 1000000x100 200000x1000; do
        file=$data/probabilities-$shape.parquet
        generate "$file" probabilities --rows "${shape%x*}" --classes "${shape#*x}" --row-group 20480
        "$python" tools/peers/sklearn_metrics.py probabilities --rows "${shape%x*}" --classes "${shape#*x}" >"$work/sklearn"
        cat "$work/sklearn" >&2
        total=$(sed 's/.*"total": \([0-9.]*\).*/\1/' "$work/sklearn")
        sklearn="scikit-learn $(sed 's/.*"sklearn": "\([^"]*\)".*/\1/' "$work/sklearn")"
        for ((pair = 0; pair < 3; pair++)); do scan "$file" --label label --pred pred --probs probs; done >"$work/probabilities"
        seconds=$(cut -d' ' -f1 "$work/probabilities" | sort -g | sed -n 2p)
        mb=$(cut -d' ' -f2 "$work/probabilities" | sort -g | tail -1)
        echo "| $shape | $(cut -d' ' -f1 "$work/probabilities" | spread) | $total | **$(awk -v a="$total" -v b="$seconds" 'BEGIN { printf "%.1f", a / b }')** | $mb |" >>"$work/sklearn.md"
    done
}

table() { # rows file, heading…
    [ -s "$1" ] || return 0
    printf '\n'; printf '%s\n' "${@:2}"; cat "$1"
}

release
publish tools/datagen datagen
publish tools/peers/duckdb-count duckdb-count
mkdir -p "$data" "$(dirname "$report")"
before=$(cut -d' ' -f1-3 /proc/loadavg) duckdb='' sklearn=''
for name in "${cases[@]}"; do
    case $name in
        long | small | probabilities) "$name" ;;
        uniform-* | skewed-* | nullable-*) against_duckdb "$name" ;;
        *) echo "no such case: $name" >&2; exit 2 ;;
    esac
done
{
    echo "# gpudiag scan on $cpu, $(nproc) cores"
    echo
    echo "Command: \`benchmarks/run.sh ${cases[*]}\` (pairs $pairs, threads $threads). Commit $(git rev-parse --short HEAD)$(git diff --quiet HEAD || echo ' with changes'), .NET $(dotnet --version)${duckdb:+, $duckdb}${sklearn:+, $sklearn}, $(uname -sr | cut -d- -f1), $(awk '/MemTotal/ { printf "%.0f GB", $2 / 1048576 }' /proc/meminfo), page cache warm. Load of the machine before: $before, after: $(cut -d' ' -f1-3 /proc/loadavg)."
    echo "Each triple is min / median / max."
    table "$work/duckdb" "gpudiag: the whole process, all metrics, intervals and files. DuckDB: warm, only the GROUP BY. Ratio: DuckDB ÷ gpudiag, pair by pair." '' \
        '| case | rows | gpudiag s | DuckDB s | ratio | gpudiag peak MB |' '|---|---|---|---|---|---|'
    table "$work/alone" 'gpudiag alone.' '' '| case | rows | gpudiag s | peak MB |' '|---|---|---|---|'
    table "$work/sklearn.md" 'Probabilities, from the Parquet file; scikit-learn: one run, arrays already in memory. Ratio of the medians.' '' \
        '| rows × classes | gpudiag s | scikit-learn s | ratio | gpudiag peak MB |' '|---|---|---|---|---|'
} >"$work/report"
mv "$work/report" "$report"
echo "$report" >&2
