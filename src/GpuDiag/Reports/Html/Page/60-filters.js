// The filter bar: one choice for everything on the page.

/**
 * A list to choose from; null is all.
 * @param {string} label @param {any[]} values @param {() => any} get @param {(value: any) => void} set @param {(value: any) => string} [text]
 */
function picker(label, values, get, set, text = named) {
  const list = el('select', { 'aria-label': label, onchange: () => set(list.selectedIndex <= 0 ? null : known[list.selectedIndex - 1]) });
  /** @type {any[]} */
  let known = [];
  const draw = () => {
    const value = get();
    const all = value === null || values.includes(value) ? values : [...values, value];
    if (all.length !== known.length) {
      known = all;
      refill(list, el('option', {}, `any ${label}`), all.map(v => { const t = text(v); return el('option', {}, short(t, 60)); }));
    }
    list.selectedIndex = value === null ? 0 : known.indexOf(value) + 1;
    list.classList.toggle('on', value !== null);
  };
  return values.length === 0 ? null : { root: el('label', {}, el('span', {}, label), list), draw };
}

/** Values of a column among the rows shown. @param {string} column */
function valuesOf(column) {
  return [...new Set(rows.map(r => r[column]).filter(v => v !== null && v !== undefined))];
}

function filterBar() {
  const bySize = (/** @type {any[]} */ a) => a.sort((x, y) => (x < y ? -1 : 1));
  const segments = lines('segments').filter(s => s.value !== null).slice(0, 500).map(s => `${s.column}=${s.value}`);
  const pickers = [
    picker('class', bySize([...classesByName.keys()]), () => state.label, v => choose({ label: v })),
    picker('prediction', bySize([...classesByName.keys()]), () => state.pred, v => choose({ pred: v })),
    picker('segment', segments, () => state.segment, v => choose({ segment: v })),
    picker('cause', (summary.causes?.causes ?? []).filter((/** @type {any} */ c) => c.errors > 0).map((/** @type {any} */ c) => c.cause), () => state.cause, v => choose({ cause: v }), words),
    picker('cluster', (summary.clusters ?? []).map((/** @type {any} */ c) => c.cluster).sort((/** @type {number} */ a, /** @type {number} */ b) => a - b), () => state.cluster, v => choose({ cluster: v }), String),
    picker('split', bySize([...new Set([...valuesOf('split'), ...(summary.fit?.splits ?? []).map((/** @type {any} */ s) => s.split)])]), () => state.split, v => choose({ split: v })),
  ].filter(p => p !== null);
  const end = (/** @type {'low' | 'high'} */ key, /** @type {string} */ label) => el('input', {
    type: 'number', min: 0, max: 1, step: 0.05, 'aria-label': label, title: label,
    onchange: (/** @type {any} */ e) => {
      const v = Math.min(1, Math.max(0, Number(e.target.value)));
      choose(key === 'low' ? { low: v, high: Math.max(v, state.high) } : { high: v, low: Math.min(v, state.low) });
    },
  });
  const low = end('low', 'least confidence'), high = end('high', 'greatest confidence');
  const clear = el('button', { type: 'button', onclick: () => only({}) }, 'Clear');
  const told = el('output', { 'aria-live': 'polite' });
  const chips = el('span.chips');
  follow(() => {
    for (const p of pickers) p.draw();
    [low.value, high.value] = [String(state.low), String(state.high)];
    for (const input of [low, high]) input.classList.toggle('on', state.low > 0 || state.high < 1);
    clear.disabled = filters() === 0;
    told.textContent = selectionText();
    refill(chips,
      state.select !== null && el('button.chip', { type: 'button', title: 'Take off', onclick: () => choose({ select: null }) }, titled(state.select), ' ×'),
      state.rows !== null && el('button.chip', { type: 'button', title: 'Take off', onclick: () => choose({ rows: null }) }, `${count(state.rows.size)} chosen rows ×`));
  });
  return el('div.filters', { role: 'search', 'aria-label': 'Filters for the whole page' },
    pickers.map(p => p.root),
    el('label', {}, el('span', {}, 'confidence'), el('span.range', {}, low, '–', high)),
    chips, clear, told);
}

/** What the filters leave, in a sentence; replaced where the page can count all rows. */
let selectionText = () => {
  const left = rows.filter(filterTest());
  return filters() === 0 ? '' : `${count(left.length)} of ${count(rows.length)} rows on this page`;
};
