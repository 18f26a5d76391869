// The points of the map: all rows, or a sample of them, each with its place and its values.

const mapTable = table('map');

/** Columns of metadata of the map. */
const mapMeta = mapTable.names.filter(n => n.startsWith('meta.')).map(n => n.slice(5));

/** The map holds every row, so that the page can count what a filter leaves. */
const mapIsWhole = mapTable.rows > 0 && mapTable.rows === summary.rows && mapTable.total === mapTable.rows;

/** One point at a time, with a row's columns: for tests over all points without an object for each. */
const point = (() => {
  const at = { i: 0 };
  const meta = {};
  for (const n of mapMeta) Object.defineProperty(meta, n, { enumerable: true, get: () => mapTable.get('meta.' + n, at.i) });
  const made = { at, meta };
  for (const n of mapTable.names) if (!n.startsWith('meta.')) Object.defineProperty(made, n, { get: () => mapTable.get(n, at.i) });
  Object.defineProperty(made, 'correct', { get: () => correctAt(at.i) });
  // What the scan noted of rows alone comes from there.
  for (const n of table('rows').names) if (!(n in made)) Object.defineProperty(made, n, { get: () => rowsByNumber.get(mapTable.get('row', at.i))?.[n] ?? null });
  return /** @type {any} */ (made);
})();

/** Per point 1 where right, 0 where wrong, 2 where it can't be told. */
const verdicts = Uint8Array.from({ length: mapTable.rows }, (_, i) => {
  const label = mapTable.get('label', i), pred = mapTable.get('pred', i);
  return label === null || pred === null ? 2 : Number(label === pred);
});

/** 1 where right, 0 where wrong, null where it can't be told. @param {number} i */
function correctAt(i) {
  return verdicts[i] === 2 ? null : verdicts[i];
}

/** Which points the filters leave. @type {Uint8Array} */
let left = new Uint8Array(mapTable.rows).fill(1);

/** Counts of the points that the filters leave. */
let leftCount = { rows: 0, judged: 0, errors: 0 };

if (mapTable.rows > 0) {
  follow(() => {
    const test = filters() === 0 ? null : filterTest();
    left = new Uint8Array(mapTable.rows);
    leftCount = { rows: 0, judged: 0, errors: 0 };
    for (let i = 0; i < mapTable.rows; i++) {
      point.at.i = i;
      if (test && !test(point)) continue;
      left[i] = 1;
      leftCount.rows++;
      if (verdicts[i] < 2) leftCount.judged++;
      if (verdicts[i] === 0) leftCount.errors++;
    }
  });
}

/** Wilson's interval of a proportion, 95 %. @param {number} hits @param {number} n */
function wilson(hits, n) {
  const z = 1.959963984540054, p = hits / n, d = 1 + z * z / n;
  const middle = (p + z * z / (2 * n)) / d, half = z / d * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return { value: p, low: middle - half, high: middle + half };
}

if (mapTable.rows > 0) {
  selectionText = () => {
    if (filters() === 0) return '';
    if (leftCount.judged === 0) return mapIsWhole ? 'no row' : 'no row of the map';
    const a = wilson(leftCount.judged - leftCount.errors, leftCount.judged);
    return `${count(leftCount.rows)} of ${count(mapTable.rows)} rows${mapIsWhole ? '' : ' of the map'}, ${count(leftCount.errors)} wrong, accuracy ${percent(a.value)} (${rangeText(a, percent)})`;
  };
}

if (mapIsWhole) {
  matrixDependsOnFilters = true;
  const all = currentMatrix;
  currentMatrix = () => {
    if (filters() === 0) return all();
    const { names, n } = all(), at = new Map(names.map((c, i) => [c, i]));
    const support = new Array(n).fill(0), predicted = new Array(n).fill(0), cells = new Map();
    for (let k = 0; k < mapTable.rows; k++) {
      if (!left[k]) continue;
      const i = at.get(mapTable.get('label', k)), j = at.get(mapTable.get('pred', k));
      if (i === undefined || j === undefined) continue;
      support[i]++;
      predicted[j]++;
      cells.set(i * n + j, (cells.get(i * n + j) ?? 0) + 1);
    }
    return { n, names, support, predicted, cells, errors: leftCount.errors };
  };
}

/** Says, where filters are set and the page can't count what they leave, that the figures beside it are of all rows, and why. */
function ofAllRows() {
  const note = el('p.missing', { 'aria-live': 'polite' });
  const why = mapTable.rows === 0 ? 'the page holds no map of the rows, so it cannot count what the filters leave.' : `the page's map holds ${count(mapTable.rows)} of ${count(summary.rows)} rows. The bar above counts the filters' part of these.`;
  follow(() => {
    note.hidden = mapIsWhole || filters() === 0;
    refill(note, el('b', {}, 'Figures here stay those of all rows:'), ' ', why);
  });
  return note;
}

/** The table of classes as the filters leave it: counted anew where the map holds every row, else the lines of the classes named. @param {any[]} all */
function classesLeft(all) {
  if (filters() === 0) return all;
  if (!mapIsWhole) return all.filter(c => (state.label === null && state.pred === null) || c.class === state.label || c.class === state.pred);
  const m = currentMatrix();
  return m.names.flatMap((name, i) => {
    const right = m.cells.get(i * m.n + i) ?? 0, support = m.support[i], predicted = m.predicted[i];
    if (support + predicted === 0) return [];
    const share = (/** @type {number} */ of) => (of === 0 ? { value: null, low: null, high: null } : wilson(right, of));
    const precision = share(predicted), recall = share(support);
    return [{ class: name, support, predicted, precision: precision.value, precision_low: precision.low, precision_high: precision.high, recall: recall.value, recall_low: recall.low, recall_high: recall.high, f1: 2 * right / (support + predicted), f1_low: null, f1_high: null, roc_auc: null }];
  });
}

/** Errors of each cause as the filters leave them; null where the page can't count all rows. @returns {Map<string, number> | null} */
function causesLeft() {
  if (filters() === 0 || !mapIsWhole || !mapTable.has('cause')) return null;
  const counts = new Map();
  for (let i = 0; i < mapTable.rows; i++) {
    const cause = left[i] && verdicts[i] === 0 ? mapTable.get('cause', i) : null;
    if (cause !== null) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  return counts;
}
