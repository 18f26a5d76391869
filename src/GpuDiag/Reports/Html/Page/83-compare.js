// The page of a comparison of two models on the same rows.

const verdictWords = /** @type {Record<string, string>} */ ({ better: 'AFTER is surely better', not_worse: 'AFTER is not worse by more than the margin', worse: 'AFTER is surely worse', cannot_tell: 'It cannot be told which is better' });

/** Before, after and their difference of a table's line. @param {any} line @param {string} metric */
function change(line, metric) {
  return { before: line[metric + '_before'], after: line[metric + '_after'], value: line[metric + '_delta'], low: line[metric + '_delta_low'], high: line[metric + '_delta_high'] };
}

/** A column of a change with its interval. @param {string} label @param {(line: any) => any} take @param {number} most @returns {Column} */
function changeColumn(label, take, most) {
  return { label, number: true, sort: l => take(l).value, show: l => el('span.estimate', {}, changeBar(take(l), most), el('span.value', {}, points(take(l).value)), el('span.dim', {}, take(l).low === null || take(l).low === undefined ? '' : `${points(take(l).low)} to ${points(take(l).high)}`)) };
}

function compareVerdict() {
  const t = summary.table, a = summary.metrics.accuracy;
  const most = Math.max(0.01, Math.abs(a?.delta.low ?? 0), Math.abs(a?.delta.high ?? 0));
  const parts = [['both right', t.both_right, 'var(--right)'], ['fixed: only AFTER right', t.only_after, 'var(--ok)'], ['broken: only BEFORE right', t.only_before, 'var(--wrong)'], ['both wrong', t.both_wrong, 'var(--dim)']];
  return section('verdict', 'Verdict', null,
    el('p.lead', {}, el('b', {}, verdictWords[summary.verdict] ?? words(summary.verdict)), ` (margin ${points(summary.margin).slice(1)} points): accuracy `, el('b', {}, `${points(a.delta.value)} points`), ` (${points(a.delta.low)} to ${points(a.delta.high)}) over ${count(summary.rows)} rows; McNemar p = ${number(summary.mcnemar?.p_value)}.`),
    el('div.tiles', {}, tile('Accuracy, before', percent(a.before.value), intervalBar(a.before), el('span.dim', {}, rangeText(a.before, percent))), tile('Accuracy, after', percent(a.after.value), intervalBar(a.after), el('span.dim', {}, rangeText(a.after, percent))),
      tile('Change, points', points(a.delta.value), changeBar(a.delta, most), el('span.dim', {}, `${points(a.delta.low)} to ${points(a.delta.high)}`)),
      ...[['Negative flips', 'negative_flip_rate'], ['Positive flips', 'positive_flip_rate'], ['Backward trust', 'backward_trust']].map(([label, key]) => summary[key] && tile(label, percent(summary[key].value), intervalBar(summary[key]), el('span.dim', {}, rangeText(summary[key], percent))))),
    el('h3', {}, 'The same rows, before and after'), stackedBar(parts.map(([label, value, color]) => ({ name: String(label), value: Number(value), color: String(color), title: `${label}: ${count(Number(value))} rows`, pick: () => go('groups') })), 'Rows by which model is right'),
    el('div.legend', {}, parts.map(([label, value, color]) => el('span', {}, el('i.swatch', { style: { background: color } }), `${label} ${count(Number(value))}`))),
    regressionsView());
}

function regressionsView() {
  const all = summary.regressions ?? [];
  const list = all.length === 0 ? null : dataTable({
    name: 'regressions', lines: () => all, search: r => r.group, step: 12,
    columns: [
      { label: 'Surely worse', sort: r => r.group, show: r => [el('span.tag', {}, r.kind), titled(r.group)] }, countColumn('Rows', 'rows'),
      { label: 'Broken', number: true, sort: r => r.table.only_before, show: r => count(r.table.only_before) }, { label: 'Fixed', number: true, sort: r => r.table.only_after, show: r => count(r.table.only_after) },
      changeColumn('Change, points', r => r.delta, Math.max(0.01, ...all.map((/** @type {any} */ r) => Math.abs(r.delta.low ?? 0)))), { label: 'q-value', number: true, sort: r => r.q_value, show: r => number(r.q_value), help: definitions.q_value },
    ],
  });
  return [el('h3', {}, 'Regressions'), list ? list.root : el('p.dim', {}, 'None: no class, segment, cluster or slice is surely worse.')];
}

function compareMetrics() {
  const all = Object.entries(summary.metrics).map(([key, m]) => ({ key, ...(/** @type {any} */ (m)) })).filter(m => m.delta.value !== null);
  const most = Math.max(0.005, ...all.filter(m => !unbounded.has(m.key)).map(m => Math.max(Math.abs(m.delta.low ?? 0), Math.abs(m.delta.high ?? 0))));
  const list = dataTable({
    name: 'metrics', lines: () => all, step: 40,
    columns: [
      { label: 'Metric', sort: m => m.key, show: m => el('span', { title: definitions[m.key] ?? null }, words(m.key)) }, { label: 'Before', number: true, sort: m => m.before.value, show: m => number(m.before.value) }, { label: 'After', number: true, sort: m => m.after.value, show: m => number(m.after.value) },
      changeColumn('Change, points', m => m.delta, most),
    ],
  });
  return section('metrics', 'Metrics', `Intervals of changes by ${words(summary.interval_method ?? '')} on the same rows.`, list.root, compareRanking());
}

/** The change of ROC AUC per class, by DeLong's test. */
function compareRanking() {
  const all = summary.delong ?? [];
  if (all.length === 0) return [el('h3', {}, 'ROC AUC'), missing('No ROC AUC.', 'It needs the probabilities of both models: --probs names them.')];
  const most = Math.max(0.005, ...all.map((/** @type {any} */ t) => Math.max(Math.abs(t.delta.low ?? 0), Math.abs(t.delta.high ?? 0))));
  return [el('h3', {}, 'ROC AUC, by DeLong’s test on the same rows'), dataTable({
    name: 'classes', lines: () => all, search: t => named(t.class), step: 12,
    columns: [
      { label: 'Class', sort: t => t.class, show: t => titled(t.class) }, { label: 'Before', number: true, sort: t => t.before.value, show: t => number(t.before.value) }, { label: 'After', number: true, sort: t => t.after.value, show: t => number(t.after.value) },
      changeColumn('ΔAUC, points', t => t.delta, most), { label: 'z', number: true, sort: t => t.z, show: t => number(t.z) }, { label: 'p', number: true, sort: t => t.p_value, show: t => number(t.p_value), help: definitions.p_value },
    ],
  }).root, !all.every((/** @type {any} */ t) => t.exact) && el('p.dim', {}, 'Scores were thinned: these figures are bounded approximations (docs/ranking.md).')];
}

/** What became of the failures of an earlier scan, and what of it is chance. */
function compareCases() {
  const c = summary.cases;
  if (!c) return section('cases', 'Challenge cases', null, missing('No cases.', '--cases names the folder of an earlier scan, or a table of ids: then this tells how many of its failures are mended, and how many would be by chance.'));
  const n = c.neighbors, most = Math.max(0.01, Math.abs(n.delta.low ?? 0), Math.abs(n.delta.high ?? 0)), excess = Math.max(0.01, Math.abs(c.excess.low ?? 0), Math.abs(c.excess.high ?? 0));
  const wrong = c.table.only_after + c.table.both_wrong;
  const parts = [['mended', c.table.only_after, 'var(--ok)'], ['right before and after', c.table.both_right, 'var(--right)'], ['still wrong', c.table.both_wrong, 'var(--wrong)'], ['right before, wrong now', c.table.only_before, 'var(--dim)']].filter(p => Number(p[1]) > 0);
  const groups = (/** @type {string} */ title, /** @type {string} */ key, /** @type {any[]} */ all) => all.length > 0 && el('div', {}, el('h3', {}, title), dataTable({
    name: 'groups', lines: () => all, step: 12,
    columns: [
      { label: title, sort: g => g[key], show: g => (g[key] === null ? '(none)' : key === 'cause' ? words(String(g[key])) : titled(g[key])) }, countColumn('Cases', 'rows'),
      { label: 'Mended', number: true, sort: g => g.table.only_after, show: g => count(g.table.only_after) }, estimateColumn('Share mended', g => g.fixed, percent, c.other_fixed.value),
    ],
  }).root);
  return section('cases', 'Challenge cases', 'Rows that failed once tend to go better by chance. So the share that is mended is set against that of the other errors, and rows near the cases are compared too.',
    wrong === 0 ? el('p.lead', {}, `BEFORE has none of the ${count(c.compared)} cases wrong: there is nothing to mend.`) : el('p.lead', {}, el('b', {}, percent(c.fixed.value)), ` of ${count(wrong)} cases that BEFORE had wrong are mended`, c.other_fixed.value !== null && [', of the ', count(c.other_errors), ' other errors ', el('b', {}, percent(c.other_fixed.value))], '.'),
    el('div.tiles', {}, tile('Cases mended', percent(c.fixed.value), intervalBar(c.fixed), el('span.dim', {}, rangeText(c.fixed, percent))),
      c.other_fixed.value !== null && tile('Other errors mended', percent(c.other_fixed.value), intervalBar(c.other_fixed), el('span.dim', {}, rangeText(c.other_fixed, percent))),
      c.excess.value !== null && tile('Beyond chance, points', points(c.excess.value), changeBar(c.excess, excess), el('span.dim', {}, `${points(c.excess.low)} to ${points(c.excess.high)}`)),
      n.rows > 0 && tile('Rows near them, points', points(n.delta.value), changeBar(n.delta, most), el('span.dim', {}, `${points(n.delta.low)} to ${points(n.delta.high)} on ${count(n.rows)} rows: ${words(n.verdict)}`))),
    stackedBar(parts.map(([label, value, color]) => ({ name: String(label), value: Number(value), color: String(color), title: `${label}: ${count(Number(value))} cases`, pick: () => go('rows') })), 'What became of the cases'),
    el('div.legend', {}, parts.map(([label, value, color]) => el('span', {}, el('i.swatch', { style: { background: color } }), `${label} ${count(Number(value))}`))),
    el('div.split.even', {}, groups('Cause', 'cause', c.causes ?? []), groups('Cluster', 'cluster', c.clusters ?? [])));
}

function compareGroups() {
  const view = (/** @type {string} */ id, /** @type {string} */ metric, /** @type {(l: any) => any} */ label, /** @type {string} */ rowsOf) => {
    const all = lines(id), most = Math.max(0.01, ...all.slice(0, 200).map(l => Math.max(Math.abs(change(l, metric).low ?? 0), Math.abs(change(l, metric).high ?? 0))));
    return all.length === 0 ? missing('None.', `${id}.parquet has no lines.`) : dataTable({
      name: id, lines: () => all, total: table(id).total, file: id + '.parquet', search: l => `${l.class ?? l.over_represented ?? ''} ${l.column ?? ''}=${l.value ?? ''}`, step: 12,
      columns: [
        { label: 'Group', sort: l => l.class ?? l.cluster ?? `${l.column}=${l.value}`, show: label }, countColumn('Rows', rowsOf), countColumn('Broken', 'only_before'), countColumn('Fixed', 'only_after'),
        { label: 'Before → after', number: true, sort: l => l[metric + '_after'], show: l => `${percent(l[metric + '_before'])} → ${percent(l[metric + '_after'])}` },
        changeColumn('Change, points', l => change(l, metric), most), { label: 'q-value', number: true, sort: l => l.q_value, show: l => number(l.q_value), help: definitions.q_value },
        { label: 'Verdict', sort: l => l.verdict, show: l => el(l.verdict === 'worse' ? 'span.wrong' : 'span', {}, words(l.verdict ?? '')) },
      ],
    }).root;
  };
  return section('groups', 'Segments, clusters and classes', 'Broken: only BEFORE was right. Fixed: only AFTER is. Of a class the recall is compared, of a segment and a cluster the accuracy.',
    compareSlices(), el('h3', {}, 'Segments'), view('segments', 'accuracy', l => equation(l.column, l.value), 'rows'), compareClusters(view), el('h3', {}, 'Classes'), view('classes', 'recall', l => titled(l.class), 'support'));
}

/** Clusters of BEFORE's embedding. @param {(id: string, metric: string, label: (l: any) => any, rowsOf: string) => any} view */
function compareClusters(view) {
  const origin = summary.cluster_origin;
  if (!origin) return null;
  if (origin.reason) return [el('h3', {}, 'Clusters'), missing('No clusters.', `From ${origin.source}: ${origin.reason}.`)];
  return [el('h3', {}, 'Clusters of all rows'), view('clusters', 'accuracy', l => [`${l.cluster} `, l.over_represented && el('span.tag', {}, titled(l.over_represented)), l.broken_label !== null && el('span.dim', {}, ' broken: ', titled(l.broken_label), ' taken for ', titled(l.broken_pred))], 'rows')];
}

/** What flips are called. @type {Record<string, string>} */
const flipWords = { broken: 'broken', fixed: 'fixed', still_wrong: 'still wrong' };

function compareRows() {
  const all = lines('flips');
  if (all.length === 0) return section('rows', 'Rows that flipped', null, missing('No rows.', 'flips.parquet has no lines: no prediction changed from right to wrong or back.'));
  let kind = all.some(r => r.kind === 'broken') ? 'broken' : all[0].kind;
  const list = dataTable({
    name: 'rows', lines: () => all.filter(r => r.kind === kind), step: 20, search: r => `${r.id} ${r.label} ${r.before} ${r.after}`,
    columns: [
      { label: 'Row', sort: r => r.row, show: r => titled(r.id ?? '#' + r.row) }, { label: 'Label', sort: r => r.label, show: r => titled(r.label) },
      { label: 'Before', sort: r => r.before, show: r => el(r.before === r.label ? 'span' : 'span.wrong', {}, titled(r.before)) }, { label: 'After', sort: r => r.after, show: r => el(r.after === r.label ? 'span' : 'span.wrong', {}, titled(r.after)) },
      { label: 'Confidence before', number: true, sort: r => r.confidence_before, show: r => percent(r.confidence_before) }, { label: 'after', number: true, sort: r => r.confidence_after, show: r => percent(r.confidence_after) },
    ],
  });
  const buttons = Object.keys(flipWords).map(k => el('button', { type: 'button', onclick: () => { kind = k; shown = cardsAtOnce; draw(); } }, flipWords[k]));
  let shown = cardsAtOnce;
  const place = el('div'), more = el('button.more', { type: 'button', onclick: () => { shown += 2 * cardsAtOnce; draw(); } });
  const draw = () => {
    const pictured = all.filter(r => r.kind === kind && r.image_type);
    refill(place, pictured.length > 0 && el('ul.cards', {}, pictured.slice(0, shown).map(r => el('li', {}, flipCard(r)))));
    more.hidden = pictured.length <= shown;
    more.textContent = moreText(pictured.length - shown, 2 * cardsAtOnce);
    buttons.forEach((b, i) => b.setAttribute('aria-pressed', String(Object.keys(flipWords)[i] === kind)));
    list.draw();
  };
  draw();
  return section('rows', 'Rows that flipped', 'Most confident first. flips.parquet holds all that the comparison kept.', el('div.switch', { role: 'group', 'aria-label': 'Kind of flip' }, buttons), place, more, list.root);
}

/** A row that flipped, with its picture. @param {any} r */
function flipCard(r) {
  r.card ??= cardOf(r.image, r.image_type, null);
  const said = (/** @type {string} */ prediction) => el(prediction === r.label ? 'span' : 'span.wrong', {}, titled(prediction, 'bdi', 28));
  return el('div.case', {}, el('span.shown', {}, picture(r)), el('span.claims', {}, titled(r.label, 'bdi', 28)), el('span.small', {}, said(r.before), el('span.dim', {}, ' → '), said(r.after)),
    el('span.dim.small', {}, titled(rowName(r)), r.confidence_after !== null && ` · ${percent(r.confidence_after)}`));
}

/** Combinations of values on which AFTER is worse. */
function compareSlices() {
  const all = summary.slices ?? [];
  if (all.length === 0) return null;
  const most = Math.max(0.01, ...all.map((/** @type {any} */ s) => Math.max(Math.abs(s.delta.low ?? 0), Math.abs(s.delta.high ?? 0))));
  return [el('h3', {}, 'Slices: combinations of values that broke'), dataTable({
    name: 'slices', lines: () => all, search: s => s.predicates, step: 12,
    columns: [
      { label: 'Slice', sort: s => s.predicates, show: s => titled(s.predicates, 'bdi', 300) }, countColumn('Rows', 'rows'), { label: 'Broken', number: true, sort: s => s.table.only_before, show: s => count(s.table.only_before) }, { label: 'Fixed', number: true, sort: s => s.table.only_after, show: s => count(s.table.only_after) },
      changeColumn('Change, points', s => s.delta, most), { label: 'q-value', number: true, sort: s => s.q_value, show: s => number(s.q_value), help: definitions.q_value },
    ],
  }).root];
}
