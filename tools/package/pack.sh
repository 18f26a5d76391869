#!/bin/sh
# pack.sh [OUT]: makes what is released, from any folder the same bytes: the tool's packages (a small one that leads to one per platform) and self-contained
# single files, with SHA256SUMS. PLATFORMS and SINGLE name others than the usual platforms.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p "${1:-artifacts}"
out=$(cd "${1:-artifacts}" && pwd)
tools=${PLATFORMS:-linux-x64 linux-arm64 osx-arm64 win-x64}
singles=${SINGLE:-linux-x64 win-x64}
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
# Paths of this machine, the commit and symbols stay out of what is made.
same="-p:PathMap=$PWD=/gpudiag -p:DebugType=none -p:IncludeSourceRevisionInInformationalVersion=false -p:GenerateDocumentationFile=false --nologo -v quiet"

dotnet pack src/GpuDiag.Cli -c Release $same "-p:ToolPlatforms=\"$(echo "$tools" | tr ' ' ';')\"" -o "$stage/packages"
for package in "$stage/packages"/*.nupkg; do
    python3 tools/package/settime.py "$package" "$out/$(basename "$package")"
done
for platform in $singles; do
    # Composite: compiled ahead together with the runtime, so that a scan of few rows need not compile a thousand methods of its own.
    dotnet publish src/GpuDiag.Cli -c Release $same -r "$platform" --self-contained -p:PublishSingleFile=true -p:PublishReadyToRunComposite=true \
        -p:IncludeNativeLibrariesForSelfExtract=true -p:EnableCompressionInSingleFile=false -o "$stage/$platform"
    suffix=; case $platform in win-*) suffix=.exe ;; esac
    cp "$stage/$platform/gpudiag$suffix" "$out/gpudiag-$platform$suffix"
done
cd "$out"
sha256sum *.nupkg gpudiag-* | tee SHA256SUMS
