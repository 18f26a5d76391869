// The page of what was mined from a pool: the rows to label first, and why.

function mineVerdict() {
  const clusters = (summary.clusters ?? []).filter((/** @type {any} */ c) => c.mined > 0);
  return section('verdict', 'Verdict', null,
    el('p.lead', {}, el('b', {}, `${count(summary.mined)} rows`), ` of a pool of ${count(summary.pool)} are most worth a label, by the strategy `, el('b', {}, summary.strategy), summary.cases?.failures ? `; they resemble ${count(summary.cases.failures)} failures` : '', '.'),
    summary.mined < summary.budget && missing('Fewer than asked for.', `The budget was ${count(summary.budget)}; repeated rows and those of the training set are never chosen.`),
    clusters.length > 0 && [el('h3', {}, 'Which failures they are like'), stackedBar(clusters.map((/** @type {any} */ c, /** @type {number} */ i) => ({ name: String(c.cluster), value: c.mined, color: `var(--series-${i % 8})`, title: `cluster ${c.cluster}${c.label !== null && c.label !== undefined ? `, ${named(c.label)} taken for ${named(c.pred)}` : ''}: ${count(c.mined)} rows`, pick: () => go('rows') })), 'Mined rows by cluster of failures')],
    mineClusters());
}

function mineClusters() {
  const all = summary.clusters ?? [];
  return all.length === 0 ? null : dataTable({
    name: 'clusters', lines: () => all, step: 20,
    columns: [
      { label: 'Cluster', sort: c => c.cluster, show: c => [`${c.cluster} `, c.label !== null && c.label !== undefined && el('span.dim', {}, titled(c.label), ' taken for ', titled(c.pred))] }, countColumn('Rows', 'rows'), countColumn('Failures', 'failures'),
      { label: 'Severity', number: true, sort: c => c.severity, show: c => number(c.severity), help: 'Failures × the lower end of Wilson’s interval of their share' }, countColumn('Quota', 'quota'), countColumn('Mined', 'mined'),
    ],
  }).root;
}

function mineRows() {
  const all = lines('mined');
  if (all.length === 0) return section('rows', 'Rows to label', null, missing('No table of rows.', 'mined.parquet is not in the folder: --export parquet writes it.'));
  return section('rows', 'Rows to label', 'In the order of the choice: each is near to failures, unsure, and not like what was chosen before.', dataTable({
    name: 'rows', lines: () => all, total: table('mined').total, file: 'mined.parquet', step: 25, search: r => `${r.id} ${r.reason} ${r.pred}`,
    columns: [
      { label: 'Rank', number: true, sort: r => r.rank, show: r => count(r.rank) }, { label: 'Row', sort: r => r.id, show: r => titled(r.id) }, { label: 'Prediction', sort: r => r.pred, show: r => r.pred !== null && titled(r.pred) },
      { label: 'Confidence', number: true, sort: r => r.confidence, show: r => percent(r.confidence) }, { label: 'Score', number: true, sort: r => r.score, show: r => number(r.score) }, { label: 'Why', sort: r => r.reason, show: r => r.reason && long(r.reason) },
    ],
  }).root, el('div.row', {}, el('button', { type: 'button', onclick: () => save('gpudiag-to-label.csv', csv([['rank', 'id', 'row', 'label'], ...all.map(r => [r.rank, r.id, r.row, ''])])) }, 'Save as CSV with an empty column label')));
}
