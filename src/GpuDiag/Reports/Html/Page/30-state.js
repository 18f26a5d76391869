// What the reader has chosen. All of it stands in the address after '#', so that a view can be sent to someone else.

/**
 * @typedef {{ label: string | null, pred: string | null, segment: string | null, cause: string | null, cluster: number | null,
 *   split: string | null, low: number, high: number, select: string | null, rows: Set<number> | null, row: number | null, group: string | null }} State
 */

/** @returns {State} */
function nothing() {
  return { label: null, pred: null, segment: null, cause: null, cluster: null, split: null, low: 0, high: 1, select: null, rows: null, row: null, group: null };
}

/** @type {State} */
let state = nothing();

/** @type {(() => void)[]} */
const listeners = [];

/** Names of the texts of a state, as they stand in the address. */
const texts = /** @type {const} */ (['label', 'pred', 'segment', 'cause', 'split', 'select', 'group']);

/** Above this many rows, a selection is too long for an address. */
const longestSelection = 300;

/** Calls a function now and whenever the state changes. @param {() => void} listener */
function follow(listener) {
  listeners.push(listener);
  listener();
}

/** Changes the state, the address and the page. @param {Partial<State>} change @param {string} [section] where to go */
function choose(change, section) {
  state = { ...state, ...change };
  const hash = address(section ?? place);
  if (hash !== location.hash) history.replaceState(null, '', hash || '#');
  for (const listener of listeners) listener();
  if (section) go(section);
}

/** Takes off every filter and the group, and sets others. @param {Partial<State>} change @param {string} [section] */
function only(change, section) {
  choose({ ...nothing(), ...change }, section);
}

/** The section that the address names. */
let place = '';

/** @param {string} section */
function address(section) {
  const hash = new URLSearchParams();
  if (section) hash.set('at', section);
  for (const key of texts) if (state[key] !== null) hash.set(key, /** @type {string} */ (state[key]));
  if (state.cluster !== null) hash.set('cluster', String(state.cluster));
  if (state.low > 0 || state.high < 1) hash.set('confidence', `${state.low}-${state.high}`);
  if (state.rows && state.rows.size <= longestSelection) hash.set('rows', [...state.rows].join('.'));
  if (state.row !== null) hash.set('row', String(state.row));
  const text = hash.toString();
  return text ? '#' + text : '';
}

/** Takes the state from the address. */
function readAddress() {
  const hash = new URLSearchParams(location.hash.slice(1));
  const read = nothing();
  for (const key of texts) read[key] = hash.get(key);
  const whole = (/** @type {string | null} */ text) => (text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null);
  read.cluster = whole(hash.get('cluster'));
  read.row = whole(hash.get('row'));
  const range = /^([0-9.]+)-([0-9.]+)$/.exec(hash.get('confidence') ?? '');
  if (range) {
    const [low, high] = [Number(range[1]), Number(range[2])];
    if (low >= 0 && low <= high) [read.low, read.high] = [low, high];
  }
  const numbers = (hash.get('rows') ?? '').split('.').map(whole).filter(n => n !== null);
  if (numbers.length > 0) read.rows = new Set(/** @type {number[]} */ (numbers));
  state = read;
  place = hash.get('at') ?? '';
  for (const listener of listeners) listener();
  if (place) go(place);
}

/** Scrolls to a section. @param {string} section */
function go(section) {
  place = section;
  document.getElementById('section-' + section)?.scrollIntoView({ block: 'start' });
}

/** How many filters are set. */
function filters() {
  const { label, pred, segment, cause, cluster, split, select, rows: chosen } = state;
  return [label, pred, segment, cause, cluster, split, select, chosen].filter(v => v !== null).length + (state.low > 0 || state.high < 1 ? 1 : 0);
}

/** A segment's columns and values; crossed ones are apart at '*'. @param {string} text column=value @returns {[string, string][]} */
function segmentParts(text) {
  const at = text.indexOf('=');
  const [column, value] = [text.slice(0, at), text.slice(at + 1)];
  const columns = column.split('*'), values = value.split('*');
  return columns.length > 1 && columns.length === values.length ? columns.map((c, i) => [c, values[i]]) : [[column, value]];
}

/** A row is in the segment: by its own values, else by the failing segments that the scan noted of it. @param {any} row @param {string} segment */
function inSegment(row, segment) {
  if ((row.failing_segments ?? '').includes(segment)) return true;
  return segmentParts(segment).every(([column, value]) => {
    const own = column in row.meta ? row.meta[column] : row[column];
    return own !== null && own !== undefined && String(own) === value;
  });
}

/** The test of all filters, for anything that has a row's columns. @returns {(row: any) => boolean} */
function filterTest() {
  const { label, pred, segment, cause, cluster, split, low, high, rows: chosen } = state;
  const select = state.select === null ? null : selection(state.select) ?? (() => false);
  return row =>
    (label === null || row.label === label)
    && (pred === null || row.pred === pred)
    && (cause === null || row.cause === cause)
    && (cluster === null || row.cluster === cluster)
    && (split === null || row.split === split)
    && (low <= 0 || (row.confidence ?? -1) >= low)
    && (high >= 1 || (row.confidence ?? 2) <= high)
    && (chosen === null || chosen.has(row.row))
    && (segment === null || inSegment(row, segment))
    && (select === null || select(row));
}
