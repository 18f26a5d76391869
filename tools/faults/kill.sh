#!/usr/bin/env bash
# kill.sh GPUDIAG RUNS COMMAND [arguments]: kills a command (scan, knn, mine, drift, compare or score, with its data and options) at random moments, goes on with
# --resume until one run ends, and compares its files with an undisturbed run's, RUNS times. GPUDIAG is the program, such as "dotnet bin/gpudiag.dll". Every chunk
# is kept, so that each kill meets another state of what is kept.
set -u
gpudiag=$1 runs=$2 command=$3; shift 3
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
start=$(date +%s%N); $gpudiag "$command" "$@" --quiet --out "$work/whole" || exit; whole=$(( ($(date +%s%N) - start) / 1000000 ))
export GPUDIAG_KEEP_SECONDS=0
kills=0 kept=0
for ((run = 1; run <= runs; run++)); do
  rm -rf "$work/out"; limit=$whole
  while :; do
    $gpudiag "$command" "$@" --quiet --out "$work/out" --resume 2>"$work/errors" & pid=$!
    after=$(( RANDOM * limit / 32768 ))
    ( sleep "$(( after / 1000 )).$(printf %03d $(( after % 1000 )))"; kill -9 $pid ) 2>/dev/null & killer=$!
    wait $pid 2>/dev/null; code=$?
    kill $killer 2>/dev/null; wait $killer 2>/dev/null
    [ $code -eq 0 ] && break
    [ $code -eq 137 ] || { echo "ended with $code:"; cat "$work/errors"; exit 1; }
    kills=$((kills + 1)); [ -n "$(ls -A "$work/out" 2>/dev/null | grep -E '^\.gpudiag-resume|\.partial$')" ] && kept=$((kept + 1))
    limit=$((limit + limit / 4)) # Under load a run may take ever longer: let it end some time.
  done
  diff -r --exclude run.json "$work/whole" "$work/out" || { echo "run $run differs after $kills kills"; exit 1; }
done
echo "$runs runs of $command, $kills kills, $kept of them with something kept: the same bytes as an undisturbed run"
