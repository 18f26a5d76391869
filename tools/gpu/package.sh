#!/bin/sh
# Packs gpudiag for a Linux x64 machine with a GPU, without an SDK or a network there: package.sh [OUT.tar.xz]
set -eu
cd "$(dirname "$0")/../.."
out=${1:-gpudiag-linux-x64.tar.xz}
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
dotnet publish src/GpuDiag.Cli -c Release -r linux-x64 --self-contained -p:RestoreLockedMode=false -p:DebugType=none -o "$stage/gpudiag"
# Documentation and what belongs to other platforms.
find "$stage/gpudiag" \( -name '*.xml' -o -name '*.pdb' -o -name '*.dylib' -o -name '*.dll.config' \) -delete
cp tools/gpu/run.sh tools/peers/gpu_peers.py "$stage/gpudiag/"
tar -C "$stage" -cf - gpudiag | xz -T0 -6 > "$out"
echo "$out: $(($(wc -c < "$out") / 1000000)) MB"
