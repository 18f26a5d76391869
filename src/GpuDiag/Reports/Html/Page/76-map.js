// The map: points by WebGL, so that 100,000 of them stay smooth. Drag moves, the wheel zooms, a lasso selects.

/** Colours of categories beyond these are one grey. */
const mostColors = 8;

/** What points are coloured by: a name, and the category or the number of a point. @returns {{ name: string, value: (i: number) => any, ramp?: boolean }[]} */
function colorings() {
  const has = (/** @type {string} */ n) => mapTable.has(n);
  return [
    { name: 'right or wrong', value: i => (correctAt(i) === null ? null : correctAt(i) ? 'right' : 'wrong') },
    ...(has('cause') ? [{ name: 'cause', value: (/** @type {number} */ i) => mapTable.get('cause', i) }] : []),
    { name: 'class', value: i => mapTable.get('label', i) }, { name: 'prediction', value: i => mapTable.get('pred', i) },
    ...(has('cluster') ? [{ name: 'cluster', value: (/** @type {number} */ i) => mapTable.get('cluster', i) }] : []),
    ...(has('confidence') ? [{ name: 'confidence', ramp: true, value: (/** @type {number} */ i) => mapTable.get('confidence', i) }] : []),
    ...(has('split') ? [{ name: 'split', value: (/** @type {number} */ i) => mapTable.get('split', i) }] : []),
    ...mapMeta.map(n => ({ name: n, value: (/** @type {number} */ i) => mapTable.get('meta.' + n, i) })),
  ];
}

/** Red, green and blue of a colour of the style sheet. @param {string} variable @returns {number[]} */
function rgb(variable) {
  const text = getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
  const digits = text.length === 4 ? [...text.slice(1)].map(d => d + d).join('') : text.slice(1);
  return [0, 2, 4].map(k => parseInt(digits.slice(k, k + 2), 16));
}

function mapSection() {
  const title = 'Map of the embedding';
  if (mapTable.rows === 0) return section('map', title, null, missing('No map.', summary.map ? 'The scan left no map.parquet: scan again with this version.' : 'It needs an embedding: --embedding names its column or .npy file.'));
  const shares = summary.map?.explained_variance_ratio;
  return section('map', title, `Rows as their two ${summary.map?.method === 'pca' ? 'principal components' : 'coordinates'}${shares ? ` (${percent(shares[0] + shares[1])} of the variance)` : ''}. Near points are alike to the model. A point opens its row.`,
    whenSeen(el('div.map-place'), mapContent));
}

/** Puts content into a place when the reader comes near: a map costs more to draw than all else on the page. @param {any} place @param {() => any} make */
function whenSeen(place, make) {
  const fillNow = () => { if (!place.firstChild) append(place, [make()]); };
  const observer = new IntersectionObserver(entries => {
    if (!entries.some(e => e.isIntersecting)) return;
    observer.disconnect();
    fillNow();
  }, { rootMargin: '800px' });
  observer.observe(place);
  addEventListener('beforeprint', fillNow, { once: true });
  return place;
}

function mapContent() {
  const ways = colorings();
  let way = ways[0], tool = 'move';
  const view = mapView();
  const legend = el('div.legend');
  const told = el('output.dim', { 'aria-live': 'polite' });
  const list = el('select', { 'aria-label': 'Colour points by', onchange: () => { way = ways[list.selectedIndex]; color(); } }, ways.map(w => el('option', {}, w.name)));
  const tools = [['move', 'Move'], ['lasso', 'Select with a lasso']].map(([id, label]) => el('button', { type: 'button', onclick: () => { tool = id; draw(); } }, label));
  const draw = () => tools.forEach((b, k) => b.setAttribute('aria-pressed', String((tool === 'move') === (k === 0))));
  const color = () => {
    const known = palette(way);
    view.color(i => known.color(way.value(i)), i => correctAt(i) === 0);
    refill(legend, known.legend);
  };
  themed.push(color);
  follow(() => {
    view.filter();
    told.textContent = `${count(leftCount.rows)} of ${count(mapTable.rows)} points${mapTable.total < summary.rows || mapTable.rows < mapTable.total ? `, a sample of ${count(summary.rows)} rows` : ''}`;
  });
  color();
  draw();
  view.listen(() => tool, chosen => choose({ rows: chosen.size > 0 ? chosen : null }));
  return [
    el('div.row', {}, el('span.filters.flat', {}, el('label', {}, el('span', {}, 'colour by'), list)), el('div.switch', { role: 'group', 'aria-label': 'Dragging' }, tools),
      el('button', { type: 'button', onclick: view.reset }, 'Whole map'), el('button', { type: 'button', onclick: () => choose({ rows: view.inView() }) }, 'Select what is in view'), el('button', { type: 'button', onclick: exportPoints }, 'Save selected ids as CSV'), told),
    legend, view.root];
}

/** Saves ids and numbers of the points that the filters leave. */
function exportPoints() {
  const names = ['row', 'id', 'label', 'pred'].filter(n => mapTable.has(n));
  const chosen = [names];
  for (let i = 0; i < mapTable.rows; i++) if (left[i]) chosen.push(names.map(n => mapTable.get(n, i)));
  save('gpudiag-selection.csv', csv(chosen));
}

/**
 * Colours of values: categories by frequency, numbers on a ramp.
 * @param {{ name: string, value: (i: number) => any, ramp?: boolean }} way
 */
function palette(way) {
  if (way.ramp) {
    const low = rgb('--wrong'), high = rgb('--right');
    const mix = (/** @type {number} */ t) => low.map((l, k) => Math.round(l + (high[k] - l) * t));
    return { color: (/** @type {any} */ v) => (v === null ? rgb('--dim') : mix(v)), legend: [0, 0.25, 0.5, 0.75, 1].map(t => el('span', {}, el('i.swatch', { style: { background: `rgb(${mix(t).join(' ')})` } }), percent(t))) };
  }
  if (way.name === 'right or wrong') {
    const [right, wrong, dim] = ['--right', '--wrong', '--dim'].map(rgb);
    return { color: (/** @type {any} */ v) => (v === 'right' ? right : v === 'wrong' ? wrong : dim), legend: [['right', '--right'], ['wrong', '--wrong']].map(([t, c]) => el('span', {}, el('i.swatch', { style: { background: `var(${c})` } }), t)) };
  }
  const counts = new Map();
  for (let i = 0; i < mapTable.rows; i++) counts.set(way.value(i), (counts.get(way.value(i)) ?? 0) + 1);
  counts.delete(null);
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostColors).map(([v]) => v);
  const variable = (/** @type {any} */ v) => (way.name === 'cause' ? causeColor(v).slice(4, -1) : ranked.includes(v) ? `--series-${ranked.indexOf(v)}` : '--dim');
  const known = new Map([...counts.keys()].map(v => [v, rgb(variable(v))]));
  const other = rgb('--dim');
  return {
    color: (/** @type {any} */ v) => known.get(v) ?? other,
    legend: [...ranked.map(v => el('span', {}, el('i.swatch', { style: { background: `var(${variable(v)})` } }), way.name === 'cause' ? words(String(v)) : titled(v))), counts.size > ranked.length && el('span.dim', {}, `${counts.size - ranked.length} others in grey`)],
  };
}
