#!/bin/sh
# validate.sh GPUDIAG: makes manifests in the forms that `gpudiag submit kubernetes` knows and validates them; needs node and npm. GPUDIAG is the command.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/validate.mjs" "$work/"
cd "$work"
npm install --silent --no-fund --no-audit --prefix "$work" kubernetes-models@4.5.1 yaml@2 >/dev/null
$1 demo --out demo >/dev/null
gpudiag=$1
for form in "plain --tasks 3" "needs --tasks 2 --cpus 4 --mem 8Gi --gpus 1" "rounds --tasks 2 --rounds 2"; do
    set -- $form
    job=$1; shift
    $gpudiag submit kubernetes demo/digits_test.parquet --dry-run --job "$job" --out "$job-out" --container registry.example/gpudiag:1 --volume claim "$@" >/dev/null
done
$gpudiag submit kubernetes knn demo/digits_test.parquet demo/digits_train.parquet --dry-run --job knn --out knn-out --container registry.example/gpudiag:1 --volume claim --tasks 2 --gpus 1 >/dev/null
$gpudiag submit kubernetes mine --cases demo --pool demo/digits_pool.parquet --budget 10 --dry-run --job mine --out mine-out --container registry.example/gpudiag:1 --volume claim --tasks 2 >/dev/null
node validate.mjs ./*/*.yaml
# The validator itself: what is wrong is told.
sed 's/completionMode: Indexed/completionMode: Indexes/' plain/gpudiag-round-1.yaml > wrong-value.yaml
sed 's/parallelism:/paralelism:/' plain/gpudiag-round-1.yaml > wrong-field.yaml
for wrong in wrong-*.yaml; do
    ! node validate.mjs "$wrong" 2>/dev/null || { echo "$wrong was taken for valid"; exit 1; }
done
