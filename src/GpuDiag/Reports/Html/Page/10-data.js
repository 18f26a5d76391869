// The data of the page: blocks of JSON, parsed when they are asked for.

/** @type {Map<string, any>} */
const parsed = new Map();

/** A block of the page's data; null where the page has none. @param {string} id */
function block(id) {
  if (!parsed.has(id)) {
    const node = document.getElementById('data-' + id);
    parsed.set(id, node ? JSON.parse(node.textContent ?? 'null') : null);
  }
  return parsed.get(id);
}

/**
 * A table's columns.
 * @typedef {{ rows: number, total: number, has: (column: string) => boolean, get: (column: string, row: number) => any, names: string[] }} PageTable
 */

/** @type {Map<string, PageTable>} */
const tables = new Map();

/** A table of the page; empty where the page has none. @param {string} id @returns {PageTable} */
function table(id) {
  const known = tables.get(id);
  if (known) return known;
  const data = block(id) ?? { rows: 0, total: 0, columns: {} };
  /** @type {Record<string, (row: number) => any>} */
  const readers = {};
  for (const column of Object.keys(data.columns)) readers[column] = reader(data.columns[column]);
  const made = {
    rows: data.rows, total: data.total, names: Object.keys(readers),
    has: (/** @type {string} */ column) => column in readers,
    get: (/** @type {string} */ column, /** @type {number} */ row) => (column in readers ? readers[column](row) : null),
  };
  tables.set(id, made);
  return made;
}

/** How a column's values are read: as they stand, by place in a list of texts, or packed. @param {any} c @returns {(row: number) => any} */
function reader(c) {
  const { d, v } = c;
  if (c.each) return row => d[row];
  if (v) return d ? row => (v[row] < 0 ? null : d[v[row]]) : row => v[row];
  const bytes = decode(c.b);
  const packed = c.p === 1 ? bytes : c.p === 2 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
  return d ? row => (packed[row] === 0 ? null : d[packed[row] - 1]) : row => (packed[row] === 0 ? null : c.low + (packed[row] - 1) * c.step);
}

/** Bytes from base64url. @param {string} text */
function decode(text) {
  const plain = atob(base64(text)), bytes = new Uint8Array(plain.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = plain.charCodeAt(i);
  return bytes;
}

/** base64 from base64url, which needs no escapes on the way here. @param {string} text */
function base64(text) {
  return text.replaceAll('-', '+').replaceAll('_', '/');
}

/** A table's lines as objects. @param {string} id @returns {any[]} */
function lines(id) {
  const t = table(id);
  const made = [];
  for (let i = 0; i < t.rows; i++) {
    /** @type {any} */
    const line = { $: i };
    for (const column of t.names) line[column] = t.get(column, i);
    made.push(line);
  }
  return made;
}

const summary = block('summary');
/** Where the results come from; null in those of earlier versions. @type {any} */
const lineage = summary.provenance ?? null;

/** Value, low and high of an estimate in a table. @param {any} line @param {string} column */
function estimate(line, column) {
  return { value: line[column], low: line[column + '_low'], high: line[column + '_high'] };
}

/**
 * A row of the data that the page shows.
 * @typedef {{ row: number, id: string | null, split: string | null, label: string | null, pred: string | null, confidence: number | null,
 *   correct: number | null, loss: number | null, cause: string | null, cluster: number | null, failing_segments: string | null,
 *   meta: Record<string, any>, card: any, [column: string]: any }} Row
 */

/** Every row that the page knows of, by number. @type {Map<number, Row>} */
const rowsByNumber = new Map();

for (const line of lines('rows')) rowsByNumber.set(line.row, { ...line, meta: {}, card: null });

/** Rows of the training set that the page shows, by number. @type {Map<number, Row>} */
const trainRows = new Map();

/** Types of images that the page shows. */
const imageTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp']);

/** What a card shows of a row. @param {any} image @param {string | null} type @param {string | null} text */
function cardOf(image, type, text) {
  /** @type {string | null | undefined} */
  let url;
  // Put together when it is first shown: of a thousand pictures few are seen.
  return { text, broken: type === 'broken', get image() { return url ??= image && type !== null && imageTypes.has(type) ? `data:${type};base64,${base64(image)}` : null; } };
}

/** Columns of metadata, without their 'meta.'. */
const metaNames = table('gallery').names.filter(n => n.startsWith('meta.')).map(n => n.slice(5));

/** Rows of each group of the gallery, in the group's order. @type {Map<string, Row[]>} */
const galleryGroups = new Map();

/** The same with the ranks of the rows. @type {Map<string, [number, Row][]>} */
const ranked = new Map();

for (const line of lines('gallery')) {
  const { image, image_type: type, groups, ranks, text, ...own } = line;
  const meta = Object.fromEntries(metaNames.map(n => [n, line['meta.' + n]]));
  for (const n of metaNames) delete own['meta.' + n];
  const map = line.source === 'train' ? trainRows : rowsByNumber;
  // What is there only to stand beside others is no case of its own.
  const beside = (groups ?? '').split('\n').every((/** @type {string} */ g) => g === 'neighbors' || g === 'train');
  const row = map.get(line.row) ?? { failing_segments: null, ...own, beside };
  row.meta = meta;
  row.card = cardOf(image, type, text);
  map.set(line.row, row);
  const places = (ranks ?? '').split('\n');
  (groups ?? '').split('\n').forEach((/** @type {string} */ group, /** @type {number} */ g) => {
    if (!group) return;
    if (!ranked.has(group)) ranked.set(group, []);
    ranked.get(group)?.push([Number(places[g] ?? 0), row]);
  });
}
for (const [group, members] of ranked) galleryGroups.set(group, members.sort((a, b) => a[0] - b[0]).map(m => m[1]));

/** Lists of errors first, greatest loss first. @type {Row[]} */
const rows = [...rowsByNumber.values()].filter(r => !r.beside).sort((a, b) => (a.correct ?? 2) - (b.correct ?? 2) || (b.loss ?? -1) - (a.loss ?? -1) || a.row - b.row);

/** Classes by name. @type {Map<string, any>} */
const classesByName = new Map(lines('classes').map(c => [c.class, c]));

/** The order in which classes stand side by side. @type {string[]} */
const classOrder = (() => {
  const order = (summary.class_order ?? []).filter((/** @type {string} */ c) => classesByName.has(c));
  const seen = new Set(order);
  return [...order, ...[...classesByName.keys()].filter(c => !seen.has(c))];
})();

/** Pairs of classes that are confused, most frequent first. */
const confusions = lines('confusions').sort((a, b) => b.count - a.count);

/** Errors of all rows. */
const errors = summary.causes?.errors ?? confusions.reduce((sum, c) => sum + c.count, 0);

/** Neighbours of a row. @param {number} row */
const neighborsOf = (() => {
  /** @type {Map<number, any[]> | null} */
  let byRow = null;
  return (/** @type {number} */ row) => {
    if (!byRow) {
      byRow = new Map();
      for (const n of lines('neighbors')) byRow.set(n.query_row, [...(byRow.get(n.query_row) ?? []), n]);
    }
    return byRow.get(row) ?? [];
  };
})();
