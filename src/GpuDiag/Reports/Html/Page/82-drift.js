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
