#!/usr/bin/env bash
# kill.sh GPUDIAG RUNS DATA [scan options]: kills scans of DATA at random moments, goes on with --resume until one ends, and compares its files with an
# undisturbed scan's, RUNS times. GPUDIAG is the command, such as "dotnet bin/gpudiag.dll". Every chunk is kept, so that each kill meets
# another state of the kept file.
set -u
gpudiag=$1 runs=$2; shift 2
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
start=$(date +%s%N); $gpudiag scan "$@" --quiet --out "$work/whole" || exit; whole=$(( ($(date +%s%N) - start) / 1000000 ))
export GPUDIAG_KEEP_SECONDS=0
kills=0 kept=0
for ((run = 1; run <= runs; run++)); do
  rm -rf "$work/out"; limit=$whole
  while :; do
    $gpudiag scan "$@" --quiet --out "$work/out" --resume 2>"$work/errors" & pid=$!
    ( sleep "$(( RANDOM * limit / 32768 / 1000 )).$(printf %03d $(( RANDOM % 1000 )))"; kill -9 $pid ) 2>/dev/null & killer=$!
    wait $pid 2>/dev/null; code=$?
    kill $killer 2>/dev/null; wait $killer 2>/dev/null
    [ $code -eq 0 ] && break
    [ $code -eq 137 ] || { echo "ended with $code:"; cat "$work/errors"; exit 1; }
    kills=$((kills + 1)); [ -e "$work/out/.gpudiag-resume.gds" ] && kept=$((kept + 1))
    limit=$((limit + limit / 4)) # Under load a run may take ever longer: let it end some time.
  done
  for file in "$work/whole"/*; do
    name=$(basename "$file"); [ "$name" = run.json ] && continue
    cmp "$file" "$work/out/$name" || { echo "run $run: $name differs after $kills kills"; exit 1; }
  done
  left=$(ls -A "$work/out" | grep '^\.' ); [ -z "$left" ] || { echo "left behind: $left"; exit 1; }
done
echo "$runs scans, $kills kills, $kept of them with something kept: the same bytes as an undisturbed scan"
