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
  return [el('h3', {}, 'Regressions'), list ? list.root : el('p.dim', {}, 'None: no class and no segment is surely worse.')];
}

function compareMetrics() {
  const all = Object.entries(summary.metrics).map(([key, m]) => ({ key, ...(/** @type {any} */ (m)) })).filter(m => m.delta.value !== null);
  const most = Math.max(0.005, ...all.map(m => Math.max(Math.abs(m.delta.low ?? 0), Math.abs(m.delta.high ?? 0))));
  const list = dataTable({
    name: 'metrics', lines: () => all, step: 40,
    columns: [
      { label: 'Metric', sort: m => m.key, show: m => el('span', { title: definitions[m.key] ?? null }, words(m.key)) }, { label: 'Before', number: true, sort: m => m.before.value, show: m => number(m.before.value) }, { label: 'After', number: true, sort: m => m.after.value, show: m => number(m.after.value) },
      changeColumn('Change, points', m => m.delta, most),
    ],
  });
  return section('metrics', 'Metrics', `Intervals of changes by ${words(summary.interval_method ?? '')} on the same rows.`, list.root);
}

function compareGroups() {
  const view = (/** @type {string} */ id, /** @type {string} */ metric, /** @type {(l: any) => any} */ label, /** @type {string} */ rowsOf) => {
    const all = lines(id), most = Math.max(0.01, ...all.slice(0, 200).map(l => Math.max(Math.abs(change(l, metric).low ?? 0), Math.abs(change(l, metric).high ?? 0))));
    return all.length === 0 ? missing('None.', `${id}.parquet has no lines.`) : dataTable({
      name: id, lines: () => all, total: table(id).total, file: id + '.parquet', search: l => `${l.class ?? ''} ${l.column ?? ''}=${l.value ?? ''}`, step: 12,
      columns: [
        { label: 'Group', sort: l => l.class ?? `${l.column}=${l.value}`, show: label }, countColumn('Rows', rowsOf), countColumn('Broken', 'only_before'), countColumn('Fixed', 'only_after'),
        { label: 'Before → after', number: true, sort: l => l[metric + '_after'], show: l => `${percent(l[metric + '_before'])} → ${percent(l[metric + '_after'])}` },
        changeColumn('Change, points', l => change(l, metric), most), { label: 'q-value', number: true, sort: l => l.q_value, show: l => number(l.q_value), help: definitions.q_value },
        { label: 'Verdict', sort: l => l.verdict, show: l => el(l.verdict === 'worse' ? 'span.wrong' : 'span', {}, words(l.verdict ?? '')) },
      ],
    }).root;
  };
  return section('groups', 'Segments and classes', 'Broken: only BEFORE was right. Fixed: only AFTER is. Of a class the recall is compared, of a segment the accuracy.',
    compareSlices(), el('h3', {}, 'Segments'), view('segments', 'accuracy', l => [titled(l.column), ' = ', titled(l.value)], 'rows'), el('h3', {}, 'Classes'), view('classes', 'recall', l => titled(l.class), 'support'));
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
  const buttons = Object.keys(flipWords).map(k => el('button', { type: 'button', onclick: () => { kind = k; draw(); } }, flipWords[k]));
  const draw = () => {
    buttons.forEach((b, i) => b.setAttribute('aria-pressed', String(Object.keys(flipWords)[i] === kind)));
    list.draw();
  };
  draw();
  return section('rows', 'Rows that flipped', 'Most confident first. flips.parquet holds all that the comparison kept.', el('div.switch', { role: 'group', 'aria-label': 'Kind of flip' }, buttons), list.root);
}

/** Combinations of values on which AFTER is worse. */
function compareSlices() {
  const all = summary.slices ?? [];
  if (all.length === 0) return null;
  const most = Math.max(0.01, ...all.map((/** @type {any} */ s) => Math.max(Math.abs(s.delta.low ?? 0), Math.abs(s.delta.high ?? 0))));
  return [el('h3', {}, 'Slices: combinations of values that broke'), dataTable({
    name: 'slices', lines: () => all, search: s => s.predicates, step: 12,
    columns: [
      { label: 'Slice', sort: s => s.predicates, show: s => titled(s.predicates) }, countColumn('Rows', 'rows'), { label: 'Broken', number: true, sort: s => s.table.only_before, show: s => count(s.table.only_before) }, { label: 'Fixed', number: true, sort: s => s.table.only_after, show: s => count(s.table.only_after) },
      changeColumn('Change, points', s => s.delta, most), { label: 'q-value', number: true, sort: s => s.q_value, show: s => number(s.q_value), help: definitions.q_value },
    ],
  }).root];
}
