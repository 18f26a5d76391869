// The sections of the page, from the verdict to the provenance.

/** A section with its heading. @param {string} id @param {string} title @param {any} intro @param {...any} children */
function section(id, title, intro, ...children) {
  return el('section', { id: 'section-' + id, 'aria-labelledby': 'title-' + id }, el('h2', { id: 'title-' + id }, title), intro && el('p.intro', {}, intro), children);
}

/** What a part of the page needs, where the scan did not have it. @param {string} what @param {string} how */
function missing(what, how) {
  return el('p.missing', {}, el('b', {}, what), ' ', how);
}

const metricWords = /** @type {Record<string, string>} */ ({
  accuracy: 'Accuracy', balanced_accuracy: 'Balanced accuracy', f1_macro: 'F1, macro', log_loss: 'Log-loss', ece: 'Calibration error', roc_auc: 'ROC AUC', roc_auc_macro: 'ROC AUC, macro', average_precision: 'Average precision', average_precision_macro: 'Average precision, macro', brier: 'Brier score',
});

/** Metrics without an upper end at 1. */
const unbounded = new Set(['log_loss']);

function verdict() {
  const m = summary.metrics, accuracy = m.accuracy ?? {};
  const tiles = ['accuracy', 'balanced_accuracy', 'f1_macro', 'roc_auc', 'roc_auc_macro', 'log_loss', 'ece'].filter(k => m[k] && m[k].value !== null).slice(0, 6);
  return section('verdict', 'Verdict', null,
    el('p.lead', {},
      'The model is right on ', el('b', {}, percent(accuracy.value)), ` of ${count(summary.rows)} rows`, accuracy.low !== null && accuracy.low !== undefined ? ` (95 % interval ${percent(accuracy.low)} to ${percent(accuracy.high)})` : '',
      ` and wrong on `, el('b', {}, count(errors)), `. ${classesByName.size} classes, ${summary.task}.`),
    el('div.tiles', {}, tiles.map(k => {
      const e = m[k], share = !unbounded.has(k);
      const top = share ? 1 : Math.max(e.high ?? 0, e.value) * 1.25;
      return el('div.tile', {}, el('span.dim', {}, metricWords[k] ?? words(k)), el('strong', {}, share ? percent(e.value) : number(e.value)), intervalBar(e, 0, top), el('span.dim', {}, rangeText(e, share ? percent : number)));
    })),
    ofAllRows(), causesView(), actionsView(), findingsView());
}

function causesView() {
  const all = summary.causes?.causes?.filter((/** @type {any} */ c) => c.errors > 0) ?? [];
  if (all.length === 0) return errors > 0 ? missing('No causes.', 'The scan did not ask why rows are mispredicted.') : el('p', {}, 'No errors, so no causes.');
  const place = el('div');
  follow(() => {
    const counts = causesLeft();
    const causes = all.map((/** @type {any} */ c) => ({ ...c, errors: counts ? counts.get(c.cause) ?? 0 : c.errors })).filter((/** @type {any} */ c) => c.errors > 0);
    const whole = causes.reduce((/** @type {number} */ sum, /** @type {any} */ c) => sum + c.errors, 0);
    refill(place, el('h3', {}, `Why: the causes of ${count(whole)} errors${counts ? ' of the rows that the filters leave' : ''}`),
      whole === 0 ? el('p.dim', {}, 'No errors there.') : stackedBar(causes.map((/** @type {any} */ c) => ({ name: c.cause, value: c.errors, color: causeColor(c.cause), title: `${words(c.cause)}: ${count(c.errors)} errors, ${percent(c.errors / whole)}; ${c.meaning}`, pick: () => only({ cause: c.cause }, 'rows') })), 'Causes of all errors'),
      el('ul.causes', {}, causes.map((/** @type {any} */ c) => el('li', {}, el('button', { type: 'button', onclick: () => only({ cause: c.cause }, 'rows') },
        el('i.swatch', { style: { background: causeColor(c.cause) } }), el('b', {}, words(c.cause)), el('span.value', {}, `${count(c.errors)} · ${percent(c.errors / whole)}`), el('span.dim', {}, c.meaning))))));
  });
  return place;
}

function actionsView() {
  const actions = summary.actions ?? [];
  if (actions.length === 0) return null;
  const most = Math.max(0.0001, ...actions.map((/** @type {any} */ a) => a.gain.high ?? a.gain.value ?? 0));
  return el('div', {}, el('h3', {}, 'What to do, greatest gain first'), el('p.dim', {}, 'Gain in accuracy in points, with its interval; gains overlap. Each goes to its rows.'),
    el('ol.actions', {}, actions.map((/** @type {any} */ a) => el('li.card', {},
      el('div.gain', {}, el('strong', {}, a.gain.value === null ? (a.gain.high === null ? el('span.dim.small', {}, 'gain unknown') : 'up to ' + points(a.gain.high)) : points(a.gain.value)), a.gain.value !== null && el('span.dim', {}, `${points(a.gain.low)} to ${points(a.gain.high)}`),
        a.gain.high !== null && intervalBar({ value: a.gain.value ?? a.gain.high, low: a.gain.low, high: a.gain.high }, 0, most)),
      el('div', {}, el('p', {}, el('span.tag', {}, words(a.action)), ' ', el('b', {}, long(a.title))), el('p.advice', {}, long(a.advice)),
        a.gain_method && el('p.dim', {}, 'Gain: ', a.gain_method, '.'),
        el('p.row', {}, a.select !== null && selection(a.select) && el('button', { type: 'button', onclick: () => only({ select: a.select }, 'rows') }, `Show the rows`), a.command && command(a.command)))))));
}

/** A sentence of the scan, which may hold values of any length. @param {string} text */
function long(text) {
  return el('bdi', { title: text.length > 400 ? text.slice(0, 3000) : null }, text.length > 400 ? text.slice(0, 400) + '…' : text);
}

/** Where a finding's rows are. @param {any} finding @returns {(() => void) | null} */
function findingRows(finding) {
  const e = finding.evidence ?? {};
  const action = (summary.actions ?? []).find((/** @type {any} */ a) => a.finding === finding.code && a.title === finding.title && a.select);
  if (action && selection(action.select)) return () => only({ select: action.select }, 'rows');
  if (typeof e.column === 'string' && e.value !== undefined) return () => only({ segment: `${e.column}=${e.value}` }, 'rows');
  if (typeof e.label === 'string' && typeof e.pred === 'string') return () => only({ label: e.label, pred: e.pred }, 'rows');
  if (finding.code === 'labels.issues') return () => only({ select: 'label_issue' }, 'rows');
  if (typeof e.class === 'string') return () => only({ label: e.class }, 'rows');
  if (typeof e.cluster === 'number') return () => only({ cluster: e.cluster }, 'rows');
  return null;
}

function findingsView() {
  const findings = summary.findings ?? [];
  return el('div', {}, el('h3', {}, 'Findings'), findings.length === 0 ? el('p.dim', {}, 'None: nothing stands out beyond chance.') : el('ul.findings', {}, findings.map((/** @type {any} */ f) => {
    const show = findingRows(f);
    return el('li', {}, el(`span.severity.${['high', 'medium', 'low'].includes(f.severity) ? f.severity : 'low'}`, {}, f.severity),
      el('div', {}, el('b', {}, long(f.title)), el('span.dim', {}, ` ${f.code}`), el('p.advice', {}, long(f.action)), show && el('button', { type: 'button', onclick: show }, 'Show the rows')));
  })));
}

function metrics() {
  const all = Object.entries(summary.metrics).filter(([, e]) => /** @type {any} */ (e).value !== null);
  const accuracy = summary.metrics.accuracy?.value ?? null;
  const overall = dataTable({
    name: 'metrics', lines: () => all.map(([key, e]) => ({ key, ...(/** @type {any} */ (e)) })), step: 40,
    columns: [
      { label: 'Metric', sort: l => l.key, show: l => el('span', { title: definitions[l.key] ?? null }, words(l.key)) },
      { label: 'Value, 95 % interval', number: true, sort: l => l.value, show: l => el('span.estimate', {}, intervalBar(l, 0, unbounded.has(l.key) ? Math.max(1, l.high ?? l.value) : 1), estimateText(l, number)) },
    ],
  });
  const classLines = lines('classes');
  const perClass = dataTable({
    name: 'classes', total: table('classes').total, file: 'classes.parquet', step: 10, sorted: 5,
    lines: () => classesLeft(classLines),
    pick: c => only({ label: c.class }, 'rows'), say: c => `Rows of ${named(c.class)}`, search: c => c.class,
    columns: [
      { label: 'Class', sort: c => c.class, show: c => titled(c.class) }, countColumn('Rows', 'support'), countColumn('Predicted', 'predicted'),
      estimateColumn('Precision', c => estimate(c, 'precision'), percent), estimateColumn('Recall', c => estimate(c, 'recall'), percent, accuracy), estimateColumn('F1', c => estimate(c, 'f1'), percent),
      ...(classLines.some(c => c.roc_auc !== null) ? [{ label: 'ROC AUC', number: true, sort: (/** @type {any} */ c) => c.roc_auc, show: (/** @type {any} */ c) => number(c.roc_auc) }] : []),
    ],
  });
  follow(perClass.draw);
  return section('metrics', 'Metrics', null, ofAllRows(),
    el('div.split.even', {}, el('div', {}, el('h3', {}, 'Overall'), overall.root), el('div', {}, el('h3', {}, 'Calibration'), calibrationView())),
    curvesView(), splitsView(),
    el('h3', {}, 'Confusion matrix'), confusionView(),
    el('h3', {}, 'Per class'), perClass.root);
}

function calibrationView() {
  const c = summary.calibration;
  const bins = (c?.curve ?? []).filter((/** @type {any} */ b) => b.rows > 0);
  if (bins.length === 0) return missing('No calibration.', 'The data has neither probabilities nor a confidence: --probs or --confidence name them.');
  return el('div', {}, lineChart({
    label: `Reliability curve: ECE ${number(c.ece)}`, x: 'what the model says (confidence)', y: 'what comes true (accuracy)', diagonal: true,
    lines: [{ name: 'model', dots: true, points: bins.map((/** @type {any} */ b) => ({ x: b.confidence, y: b.accuracy, low: b.accuracy_low, high: b.accuracy_high, weight: b.rows, text: `${count(b.rows)} rows of confidence ${percent(b.low)} to ${percent(b.high)}: said ${percent(b.confidence)}, true ${percent(b.accuracy)}` })) }],
    hint: 'On the dashed line the model keeps what it says; below it is over-confident. Dots grow with rows; bars are 95 % intervals.',
  }), el('p', {}, `ECE ${number(c.ece)}, greatest error of a bin ${number(c.mce)}`, c.temperature ? `, temperature ${number(c.temperature)} (${c.temperature > 1 ? 'over-confident' : 'under-confident'}).` : '.'));
}

/** Curves drawn together at most. */
const mostCurves = 6;

/** Curves of ROC and precision–recall: of the class of the filter, else of the classes that rank worst. */
function curvesView() {
  /** @type {Map<string, Map<string, { x: number, y: number }[]>>} */
  const kinds = new Map([['roc', new Map()], ['pr', new Map()]]);
  for (const p of lines('curves')) {
    const byClass = kinds.get(p.curve);
    if (!byClass) continue;
    if (!byClass.has(p.class)) byClass.set(p.class, []);
    byClass.get(p.class)?.push({ x: p.x, y: p.y });
  }
  if (kinds.get('roc')?.size === 0 && kinds.get('pr')?.size === 0) return null;
  const chart = (/** @type {string} */ kind, /** @type {string} */ score, /** @type {string} */ label, /** @type {string} */ x, /** @type {string} */ y) => {
    const byClass = kinds.get(kind) ?? new Map();
    const worst = [...byClass.keys()].sort((a, b) => (classesByName.get(a)?.[score] ?? 2) - (classesByName.get(b)?.[score] ?? 2) || (a < b ? -1 : 1));
    const shown = state.label !== null && byClass.has(state.label) ? [state.label] : worst.slice(0, mostCurves);
    const beside = (/** @type {string} */ c) => `${named(c)}: ${number(classesByName.get(c)?.[score])}`;
    return shown.length > 0 && el('div', {}, el('h3', {}, label), lineChart({
      label: `${label} of ${shown.map(beside).join(', ')}`, x, y, diagonal: kind === 'roc', lines: shown.map(c => ({ name: byClass.size > 1 ? beside(c) : c, points: byClass.get(c) })),
      hint: shown.length < byClass.size ? `${state.label !== null ? 'The class of the filter' : `The ${shown.length} classes that rank worst`}, of ${byClass.size}, each against the rest.` : undefined,
    }));
  };
  const place = el('div.split.even');
  let drawn = /** @type {string | null | undefined} */ (undefined);
  follow(() => {
    if (drawn === state.label) return;
    drawn = state.label;
    refill(place, chart('roc', 'roc_auc', 'ROC curve', 'false positive rate', 'true positive rate'), chart('pr', 'average_precision', 'Precision and recall', 'recall', 'precision'));
  });
  return place;
}

function splitsView() {
  const splits = summary.splits ?? summary.fit?.splits ?? [];
  if (splits.length === 0) return missing('No splits.', 'A column of splits (--split) tells train, validation and test apart.');
  const list = dataTable({
    name: 'splits', lines: () => splits.filter((/** @type {any} */ s) => state.split === null || s.split === state.split),
    pick: s => only({ split: s.split }, 'rows'),
    columns: [
      { label: 'Split', sort: s => s.split, show: s => titled(s.split) }, countColumn('Rows', 'rows'),
      estimateColumn('Accuracy', s => s.accuracy ?? s.metrics?.accuracy ?? {}, percent), estimateColumn('F1, macro', s => s.f1_macro ?? s.metrics?.f1_macro ?? {}, percent),
      { label: 'Log-loss', number: true, sort: s => (s.log_loss ?? s.metrics?.log_loss)?.value, show: s => number((s.log_loss ?? s.metrics?.log_loss)?.value) },
    ],
  });
  follow(list.draw);
  return el('div', {}, el('h3', {}, 'Per split'), list.root, summary.fit && el('p.dim', {}, `Fit: ${words(summary.fit.verdict)}${summary.fit.why ? ', ' + summary.fit.why : ''}.`));
}
