#!/bin/sh
# check.sh GPUDIAG DATA…: the data files put into an S3 server of its own (s3rver, on this machine), scanned from there and from here, and the results compared.
# GPUDIAG is the command. Needs node, npm and curl (7.75 or later).
set -eu
gpudiag=$1; shift
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
mkdir "$work/files" "$work/objects"
cp "$@" "$work/files/"
cd "$work"
npm install --silent --no-fund --no-audit --prefix "$work" @20minutes/s3rver@5 >/dev/null
# It signs a bucket's address without the slash that clients may end it by, and S3 takes what was sent.
sed -i "s|^    canonicalizedResource = canonicalizedResource$|    if (ctx.path === \`/\${ctx.params.bucket}/\`) canonicalizedResource += '/';\n&|" node_modules/@20minutes/s3rver/lib/middleware/authentication.js
cat > serve.js <<'JS'
const S3rver = require('@20minutes/s3rver');
new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: './objects', configureBuckets: [{ name: 'gpudiag' }] })
  .run().then(({ port }) => require('fs').writeFileSync('port', String(port)));
JS
node serve.js & server=$!
for i in 1 2 3 4 5 6 7 8 9 10; do [ -s port ] || sleep 1; done
export AWS_ENDPOINT_URL="http://127.0.0.1:$(cat port)" AWS_ACCESS_KEY_ID=S3RVER AWS_SECRET_ACCESS_KEY=S3RVER AWS_EC2_METADATA_DISABLED=true
put() { curl -sSf --aws-sigv4 aws:amz:us-east-1:s3 --user S3RVER:S3RVER -H "x-amz-content-sha256: UNSIGNED-PAYLOAD" -T "$1" "$AWS_ENDPOINT_URL/gpudiag/$2"; }
for file in files/*; do put "$file" "set/$(basename "$file")"; done
$gpudiag scan files --quiet --out here
same() { # folder, inputs
    out=$1; shift
    $gpudiag scan "$@" --quiet --out "$out"
    for file in here/*; do
        [ "$(basename "$file")" = run.json ] || cmp "$file" "$out/$(basename "$file")"
    done
    echo "$*: the same bytes as from files"
}
same pattern 's3://gpudiag/set/*.parquet'
same prefix s3://gpudiag/set/
same few --threads 1 s3://gpudiag/set
set -- files/*
code=0; $gpudiag scan s3://gpudiag/set/none.parquet --out none 2>errors || code=$?
[ $code -eq 2 ] && grep -q 'no such file' errors || { echo "an object that is not there: code $code"; cat errors; exit 1; }
code=0; $gpudiag scan s3://nobucket/ --out none 2>errors || code=$?
[ $code -eq 2 ] && grep -q 'error: s3://nobucket/' errors || { echo "a bucket that is not there: code $code"; cat errors; exit 1; }
code=0; AWS_SECRET_ACCESS_KEY=wrong $gpudiag scan s3://gpudiag/set/ --out none 2>errors || code=$?
[ $code -eq 2 ] && grep -q 'permission denied' errors && ! grep -q wrong errors || { echo "a wrong key: code $code"; cat errors; exit 1; }
! grep -rq 'S3RVER' here pattern prefix few || { echo "a credential was written"; exit 1; }
echo "missing objects, buckets and wrong keys are told; no credential is written"
