// validate.mjs MANIFEST…: Kubernetes manifests of Jobs against the schema that Kubernetes publishes (as the package kubernetes-models carries it): types,
// required fields, values, and no field that the schema does not know. See validate.sh.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { validate } from './node_modules/kubernetes-models/_schemas/IoK8sApiBatchV1Job.mjs';

/** The value, noting in `seen` which fields the validator looks at: others are unknown to the schema. */
function watched(value, path, seen) {
  if (value === null || typeof value !== 'object') return value;
  return new Proxy(value, {
    get(target, key) {
      if (typeof key === 'string') seen.add(`${path}/${key}`);
      return watched(target[key], `${path}/${String(key)}`, seen);
    },
  });
}

function* fields(value, path = '') {
  if (value === null || typeof value !== 'object') return;
  for (const key of Object.keys(value)) {
    yield `${path}/${key}`;
    yield* fields(value[key], `${path}/${key}`);
  }
}

let faults = 0;
for (const file of process.argv.slice(2)) {
  const manifest = parse(readFileSync(file, 'utf8'));
  const seen = new Set();
  try {
    if (manifest.apiVersion !== 'batch/v1' || manifest.kind !== 'Job') throw new Error('is no Job of batch/v1');
    if (!validate(watched(manifest, '', seen))) throw new Error(validate.errors.map(e => `${e.instancePath}: ${e.keyword} ${JSON.stringify(e.params)}`).join('; '));
    const unknown = [...fields(manifest)].filter(field => !seen.has(field));
    if (unknown.length > 0) throw new Error(`unknown to the schema: ${unknown.join(', ')}`);
    console.log(`${file}: valid`);
  } catch (fault) {
    faults++;
    console.error(`${file}: ${fault.message}`);
  }
}
process.exit(faults > 0 || process.argv.length < 3 ? 1 : 0);
