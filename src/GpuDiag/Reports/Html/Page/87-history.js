// The page of earlier scans: how their metrics went over time.

/** The metrics that have a chart, where a scan tells them. */
const pastCharts = ['accuracy', 'balanced_accuracy', 'f1_macro', 'log_loss', 'roc_auc', 'roc_auc_macro', 'average_precision', 'average_precision_macro', 'ece', 'brier'];

/** Runs from the oldest to the latest that the page holds. @returns {any[]} */
function pastRuns() {
  return summary.runs ?? [];
}

/** The metrics that any run has a value of, in their order. @returns {string[]} */
function pastMetrics() {
  const names = new Set();
  for (const run of pastRuns()) for (const [name, e] of Object.entries(run.metrics)) if (/** @type {any} */ (e).value !== null) names.add(name);
  return [...names];
}

/** When a run began, to the minute. @param {any} run */
function runTime(run) {
  return run.started.slice(0, 16).replace('T', ' ');
}

/** The last part of a folder's path. @param {any} run */
function runName(run) {
  return run.run.split('/').filter((/** @type {string} */ p) => p !== '').at(-1) ?? run.run;
}

/** A metric as people read it. @param {string} name @returns {(x: any) => string} */
function pastFormat(name) {
  return unbounded.has(name) || name === 'temperature' ? number : percent;
}

function historyVerdict() {
  const runs = pastRuns(), last = runs[runs.length - 1], before = runs.length > 1 ? runs[runs.length - 2] : null;
  const verdicts = Object.entries(last.apart_from_before), worse = verdicts.filter(([, v]) => v === 'worse').map(([k]) => k), better = verdicts.filter(([, v]) => v === 'better').map(([k]) => k);
  const tiles = ['accuracy', 'balanced_accuracy', 'f1_macro', 'roc_auc', 'roc_auc_macro', 'log_loss', 'ece'].filter(k => last.metrics[k]?.value !== null && last.metrics[k] !== undefined).slice(0, 6);
  const list = (/** @type {string[]} */ names) => names.map(n => el('span.tag', {}, metricWords[n] ?? words(n)));
  return section('verdict', 'Verdict', null,
    el('p.lead', {}, el('b', {}, `${count(runs.length)} ${runs.length === 1 ? 'scan' : 'scans'}`), ` from ${runTime(runs[0])} to ${runTime(last)} UTC. The last one: right on `, el('b', {}, percent(last.metrics.accuracy?.value)), ` of ${count(last.rows)} rows`,
      before?.metrics.accuracy ? `, the one before on ${percent(before.metrics.accuracy.value)}.` : '.'),
    el('div.tiles', {}, tiles.map(k => {
      const e = last.metrics[k], show = pastFormat(k);
      return tile(metricWords[k] ?? words(k), show(e.value), intervalBar(e, 0, show === percent ? 1 : Math.max(e.high ?? 0, e.value) * 1.25), el('span.dim', {}, rangeText(e, show)));
    })),
    worse.length > 0 && el('p', {}, el('b', {}, 'Worse than in the scan before, intervals apart: '), list(worse)),
    better.length > 0 && el('p', {}, el('b', {}, 'Better: '), list(better)),
    before !== null && worse.length + better.length === 0 && el('p', {}, 'No metric’s 95 % interval lies apart from that of the scan before.'),
    before === null && missing('One scan.', 'With more of them below the folder this tells what changed.'),
    el('p.dim', {}, 'Of two scans alike, a metric’s intervals lie apart by chance in one comparison of 180 or so.'));
}

function historyCharts() {
  const runs = pastRuns(), names = pastMetrics(), drawn = pastCharts.filter(n => names.includes(n));
  const at = (/** @type {number} */ i) => (runs.length > 1 ? i / (runs.length - 1) : 0.5);
  return section('time', 'Over time', 'Each metric over all rows of a scan, with its 95 % interval; axes need not begin at 0.',
    el('div.split.even', {}, drawn.map(name => {
      const points = runs.map((run, i) => ({ run, x: at(i), e: run.metrics[name] })).filter(p => p.e?.value !== null && p.e !== undefined)
        .map(p => ({ x: p.x, y: p.e.value, low: p.e.low, high: p.e.high, text: `${runTime(p.run)}: ${number(p.e.value)}` }));
      const [from, to] = axisEnds(points.flatMap(p => [p.y, p.low ?? p.y, p.high ?? p.y]));
      const label = metricWords[name] ?? words(name);
      return el('div', {}, el('h3', {}, label), lineChart({ label: `${label} of ${runs.length} scans`, x: 'scan', y: '', from, to, ticks: runs.map(r => r.started.slice(5, 10)), lines: [{ name: label, points, dots: true }] }));
    })),
    names.length > drawn.length && el('p.dim', {}, `${count(names.length - drawn.length)} further metrics are in the table below and in history.parquet.`));
}

function historyMetrics() {
  const runs = pastRuns(), last = runs[runs.length - 1], before = runs.length > 1 ? runs[runs.length - 2] : null;
  const lines = pastMetrics().map(name => ({ name, first: runs.find(r => r.metrics[name]?.value !== null && r.metrics[name] !== undefined)?.metrics[name], before: before?.metrics[name], last: last.metrics[name], verdict: last.apart_from_before[name] ?? null }));
  const change = (/** @type {any} */ m) => (m.last?.value === null || m.last === undefined || m.before?.value === null || m.before === undefined ? null : m.last.value - m.before.value);
  return section('metrics', 'Metrics', null, dataTable({
    name: 'metrics', lines: () => lines, step: 40,
    columns: [
      { label: 'Metric', sort: m => m.name, show: m => [metricWords[m.name] ?? words(m.name), m.verdict && el(m.verdict === 'worse' ? 'span.tag.alarm' : 'span.tag', {}, m.verdict)] },
      ...['first', 'before', 'last'].map(key => ({ label: key === 'first' ? 'First' : key === 'before' ? 'Before' : 'Last', number: true, sort: (/** @type {any} */ m) => m[key]?.value, show: (/** @type {any} */ m) => number(m[key]?.value) })),
      { label: 'Interval of the last', number: true, sort: m => m.last?.low, show: m => (m.last ? rangeText(m.last, number) : '–') },
      { label: 'Change', number: true, sort: change, show: m => { const d = change(m); return d === null ? '–' : (d > 0 ? '+' : '') + number(d); } },
    ],
  }).root);
}

function historyRuns() {
  return section('runs', 'Scans', null, dataTable({
    name: 'scans', lines: () => [...pastRuns()].reverse(), search: r => r.run, step: 30,
    columns: [
      { label: 'Scan', sort: r => r.run, show: r => titled(runName(r)) }, { label: 'UTC', sort: r => r.started, show: r => runTime(r) }, countColumn('Rows', 'rows'),
      { label: 'Accuracy', number: true, sort: r => r.metrics.accuracy?.value, show: r => (r.metrics.accuracy ? el('span.estimate', {}, intervalBar(r.metrics.accuracy), estimateText(r.metrics.accuracy, percent)) : '–') },
      { label: 'Severe findings', number: true, sort: r => r.findings.high, show: r => count(r.findings.high) }, countColumn('Label issues', 'label_issues'), countColumn('Failed checks', 'pipeline_checks_failed'), countColumn('Files skipped', 'skipped_files'),
    ],
  }).root);
}
