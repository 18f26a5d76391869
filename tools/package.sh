#!/usr/bin/env bash
# package.sh OUT: the files that people install: a .NET tool package, and one file per platform that needs no .NET. Fixed in time and place, so that the same
# commit gives the same bytes on the same SDK; SHA256SUMS lets others check that.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(realpath -m "${1:?name the folder for the packages}")
mkdir -p "$out"
export CI=true DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
same=(-c Release --nologo -v quiet -p:ContinuousIntegrationBuild=true "-p:PathMap=$PWD=/gpudiag" -p:IncludeSourceRevisionInInformationalVersion=false -p:DebugType=none)
for rid in linux-x64 win-x64; do
  stage=$(mktemp -d)
  dotnet publish src/GpuDiag.Cli -r $rid --self-contained true "${same[@]}" -p:PublishSingleFile=true -p:IncludeNativeLibrariesForSelfExtract=true -p:EnableCompressionInSingleFile=true -p:GenerateDocumentationFile=false -o "$stage"
  name=gpudiag; [ $rid = win-x64 ] && name=gpudiag.exe
  mv "$stage/$name" "$out/gpudiag-$rid${name#gpudiag}"
  rm -rf "$stage"
done
dotnet pack src/GpuDiag.Cli "${same[@]}" -p:PackAsTool=true -p:ToolCommandName=gpudiag -o "$out"
(cd "$out" && sha256sum gpudiag-* ./*.nupkg | sed 's, \./, ,' > SHA256SUMS && cat SHA256SUMS)
