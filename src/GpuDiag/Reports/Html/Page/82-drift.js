// The page of a drift: what changed between two datasets, and what it costs.

/** A bar from 0 to a signed value, in the range −most to most. @param {number | null | undefined} value @param {number} most */
function signedBar(value, most) {
  if (value === null || value === undefined) return el('span.signed');
  const half = 50 * Math.min(1, Math.abs(value) / (most || 1));
  return el('span.signed', { 'aria-hidden': 'true' }, el(value < 0 ? 'i.loss' : 'i.win', { style: { left: (value < 0 ? 50 - half : 50) + '%', width: Math.max(half, 0.8) + '%' } }));
}

/** A change with its interval, in a range that is the same left and right of 0. @param {any} e @param {number} most */
function changeBar(e, most) {
  return intervalBar(e, -most, most, 0);
}

/** A tile with a name, a value and what stands below. @param {string} label @param {any} value @param {...any} below */
function tile(label, value, ...below) {
  return el('div.tile', {}, el('span.dim', {}, label), el('strong', {}, value), below);
}

function driftVerdict() {
  const a = summary.accuracy, d = summary.decomposition;
  const most = Math.max(0.01, Math.abs(a?.change?.low ?? 0), Math.abs(a?.change?.high ?? 0));
  const kinds = ['covariate', 'prior', 'concept'].filter(k => summary.kind?.[k] > 0);
  const evidence = summary.evidence ?? {};
  return section('verdict', 'Verdict', null,
    el('p.lead', {}, el('b', {}, `${count(summary.drifted_columns)} of ${count(summary.compared_columns)}`), ` columns drifted between ${count(summary.rows.reference)} rows before and ${count(summary.rows.current)} now`,
      a?.change?.value !== null && a?.change ? ['; accuracy changed by ', el('b', {}, `${points(a.change.value)} points`)] : '', '.'),
    a?.reference && el('div.tiles', {}, tile('Accuracy, reference', percent(a.reference.value), intervalBar(a.reference), el('span.dim', {}, rangeText(a.reference, percent))),
      a.current && tile('Accuracy, current', percent(a.current.value), intervalBar(a.current), el('span.dim', {}, rangeText(a.current, percent))),
      a.change && tile('Change, points', points(a.change.value), changeBar(a.change, most), el('span.dim', {}, `${points(a.change.low)} to ${points(a.change.high)}`)),
      d && tile('by other shares of rows', points(d.mix), signedBar(d.mix, most), el('span.dim', {}, `by ${d.segmentation}`)), d && tile('by better or worse within', points(d.within), signedBar(d.within, most), el('span.dim', {}, `by ${d.segmentation}`))),
    kinds.length > 0 && [el('h3', {}, 'Kind of shift'), stackedBar(kinds.map((k, i) => ({ name: k, value: summary.kind[k], color: `var(--series-${i})`, title: `${k} shift: ${percent(summary.kind[k])}${evidence[k]?.points !== undefined && evidence[k]?.points !== null ? `, ${points(evidence[k].points)} points` : ''}`, pick: () => go('columns') })), 'Kinds of shift'),
      el('div.legend', {}, kinds.map((k, i) => el('span', {}, el('i.swatch', { style: { background: `var(--series-${i})` } }), `${k} shift ${percent(summary.kind[k])}`)))]);
}

function driftColumns() {
  const columns = summary.columns ?? [];
  const list = dataTable({
    name: 'columns', lines: () => columns, search: c => c.column, step: 30,
    columns: [
      { label: 'Column', sort: c => c.column, show: c => [titled(c.column), c.drifted && el('span.tag.alarm', {}, 'drifted')] }, { label: 'Kind', sort: c => c.kind, show: c => c.kind }, { label: 'Test', sort: c => c.method, show: c => c.method },
      { label: 'Effect', number: true, sort: c => c.effect, help: 'KS statistic or normalised Wasserstein distance, whichever is greater; Jensen–Shannon distance of categories', show: c => el('span.estimate', {}, intervalBar({ value: c.effect }, 0, Math.max(1, ...columns.map((/** @type {any} */ o) => o.effect ?? 0)), summary.thresholds.effect), el('span.value', {}, number(c.effect))) },
      { label: 'q-value', number: true, sort: c => c.q_value, show: c => number(c.q_value), help: definitions.q_value },
      { label: 'Missing', number: true, sort: c => c.missing?.effect, show: c => c.missing ? `${count(c.missing.reference)} → ${count(c.missing.current)}` : '' },
    ],
  });
  const told = columns.filter((/** @type {any} */ c) => c.shares?.length > 0).sort((/** @type {any} */ a, /** @type {any} */ b) => Number(b.drifted) - Number(a.drifted) || (b.effect ?? 0) - (a.effect ?? 0)).slice(0, 12);
  return section('columns', 'Columns', `Drifted: an effect of ${number(summary.thresholds.effect)} or more and a q-value of ${number(summary.thresholds.q_value)} or less; the mark in a bar is the limit.`, list.root,
    el('h3', {}, 'Where values went'), el('p.dim', {}, 'Shares of the rows: above the reference, below the current data.'),
    el('div.blocks', {}, told.map((/** @type {any} */ c) => {
      const most = Math.max(...c.shares.map((/** @type {any} */ s) => Math.max(s.reference, s.current)), 1e-9);
      return el('div.card', {}, el('p', {}, el('b', {}, titled(c.column)), c.drifted && el('span.tag.alarm', {}, 'drifted')), el('ul.shares', {}, c.shares.slice(0, 12).map((/** @type {any} */ s) => el('li', {}, titled(s.value),
        el('span.pair-bars', { 'aria-hidden': 'true' }, el('i.before', { style: { width: 100 * s.reference / most + '%' } }), el('i.after', { style: { width: 100 * s.current / most + '%' } })), el('span.value', {}, `${percent(s.reference)} → ${percent(s.current)}`)))));
    })),
    summary.not_compared?.length > 0 && el('details', {}, el('summary', {}, `${count(summary.not_compared.length)} columns not compared`), el('ul.plain', {}, summary.not_compared.map((/** @type {any} */ c) => el('li', {}, titled(c.column), el('span.dim', {}, ` ${c.reason}`))))));
}

function driftCost() {
  const d = summary.decomposition;
  if (!d) return section('cost', 'What it costs', null, missing('No accuracy on both sides.', 'With labels and predictions in both datasets the change is told apart by segment.'));
  const most = Math.max(...d.cells.map((/** @type {any} */ c) => Math.max(Math.abs(c.mix_centred ?? c.mix), Math.abs(c.within))), 1e-9);
  const list = dataTable({
    name: 'segments', lines: () => d.cells, search: c => named(c.value), step: 20,
    columns: [
      { label: words(d.segmentation), sort: c => c.value, show: c => titled(c.value) },
      { label: 'Rows', number: true, sort: c => c.current_rows, show: c => `${count(c.reference_rows)} → ${count(c.current_rows)}` },
      { label: 'Accuracy', number: true, sort: c => c.current_accuracy, show: c => `${percent(c.reference_accuracy)} → ${percent(c.current_accuracy)}` },
      { label: 'by mix, points', number: true, sort: c => c.mix_centred ?? c.mix, show: c => el('span.estimate', {}, signedBar(c.mix_centred ?? c.mix, most), el('span.value', {}, points(c.mix_centred ?? c.mix))) },
      { label: 'within, points', number: true, sort: c => c.within, show: c => el('span.estimate', {}, signedBar(c.within, most), el('span.value', {}, points(c.within))) },
    ],
  });
  return section('cost', 'What it costs', 'Mix: other shares of the rows, against the mean accuracy. Within: better or worse on the same kind of rows.', list.root);
}

/** Columns drawn over time at most. */
const mostColumns = 6;

/** Three datasets or more: what became of accuracy and of the columns, dataset by dataset. */
function driftSeries() {
  const series = summary.series ?? [];
  if (series.length < 2) return section('time', 'Over time', null, missing('Two datasets.', 'With more of them, gpudiag drift REFERENCE MAY JUNE JULY, this tells what changed from one to the next.'));
  const names = series.map((/** @type {any} */ s) => datasetName(s.dataset));
  const at = (/** @type {number} */ i, /** @type {number} */ n) => (n > 1 ? i / (n - 1) : 0.5);
  const line = (/** @type {string} */ name, /** @type {(s: any) => number | null | undefined} */ take, /** @type {number | null} */ first, /** @type {string | undefined} */ color) => {
    const values = first === null ? series.map(take) : [first, ...series.map(take)];
    return { name, color, dots: true, points: values.map((/** @type {any} */ y, /** @type {number} */ i) => ({ x: at(i, values.length), y, text: `${name}: ${number(y)}` })).filter((/** @type {any} */ p) => p.y !== null && p.y !== undefined) };
  };
  const base = summary.accuracy?.reference?.value ?? null;
  const accuracy = [line('accuracy', s => s.accuracy, base, 'var(--series-0)'), line('estimated from confidences', s => s.estimated_accuracy, null, 'var(--series-1)')].filter(l => l.points.length > 0);
  // An estimate has no reference of its own, so its line begins one place later.
  if (base !== null) for (const l of accuracy.slice(1)) l.points.forEach((/** @type {any} */ p, /** @type {number} */ i) => { p.x = at(i + 1, series.length + 1); });
  const [low, high] = axisEnds(accuracy.flatMap(l => l.points.map((/** @type {any} */ p) => p.y)));
  /** @type {Map<string, number>} */
  const greatest = new Map();
  for (const s of series) for (const c of s.columns) greatest.set(c.column, Math.max(greatest.get(c.column) ?? 0, c.effect ?? 0));
  const drawn = [...greatest].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostColumns).map(([c]) => c);
  const effects = drawn.map(c => line(c, s => s.columns.find((/** @type {any} */ o) => o.column === c)?.effect, null, undefined));
  const told = /** @type {[string, string, (x: any) => string][]} */ ([['Accuracy', 'accuracy', percent], ['Estimated', 'estimated_accuracy', percent], ['by mix, points', 'mix', points], ['within, points', 'within', points]]);
  const measured = told.filter(([, key]) => series.some((/** @type {any} */ s) => s[key] !== null));
  const list = dataTable({
    name: 'datasets', lines: () => series, step: 30,
    columns: [
      { label: 'Dataset', sort: s => s.dataset, show: s => [`${s.dataset} `, el('span.dim', {}, titled(datasetName(s.dataset)))] }, countColumn('Rows', 'rows'),
      { label: 'Drifted columns', number: true, sort: s => s.drifted_columns, show: s => `${count(s.drifted_columns)} of ${count(s.compared_columns)}` },
      ...measured.map(([label, key, show]) => ({ label, number: true, sort: (/** @type {any} */ s) => s[key], show: (/** @type {any} */ s) => show(s[key]) })),
    ],
  });
  return section('time', 'Over time', 'Every dataset against the same reference; all else on this page is of the last one.',
    el('div.split.even', {},
      accuracy.length > 0 && el('div', {}, el('h3', {}, 'Accuracy'), lineChart({ label: `Accuracy of ${series.length} datasets`, x: 'dataset', y: 'accuracy', from: low, to: high, ticks: base === null ? names.map(shortName) : ['reference', ...names.map(shortName)], lines: accuracy, hint: 'The axis does not begin at 0.' })),
      el('div', {}, el('h3', {}, 'Effect of the columns'), lineChart({ label: `Effects of ${drawn.join(', ')}`, x: 'dataset', y: 'effect', to: axisEnds([0, summary.thresholds.effect, ...effects.flatMap(l => l.points.map((/** @type {any} */ p) => p.y))])[1], ticks: names.map(shortName), limit: summary.thresholds.effect, lines: effects,
        hint: `The ${drawn.length} columns of ${greatest.size} with the greatest effect in any dataset; the dashed line is the limit for drift.` }))),
    list.root);
}

/** What a dataset of the series is called: its file, where it is one. @param {number} dataset */
function datasetName(dataset) {
  const files = (lineage?.inputs ?? []).filter((/** @type {any} */ i) => i.set === `current ${dataset}`);
  return files.length === 1 && files[0].file !== null ? files[0].file.replace(/\.[^.]+$/, '') : `dataset ${dataset}`;
}

/** A name that fits under a tick. @param {string} name */
function shortName(name) {
  return name.length > 9 ? name.slice(0, 8) + '…' : name;
}
