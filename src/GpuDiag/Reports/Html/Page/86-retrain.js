// The page of a retrained head, and the story of a loop.

function retrainVerdict() {
  const t = summary.test, before = t?.accuracy_before;
  return section('verdict', 'Verdict', null,
    el('p.lead', {}, 'A linear head for ', el('b', {}, `${count(summary.classes.length)} classes`), ` on ${count(summary.dimensions)} dimensions, from ${count(summary.train_rows)} rows and `, el('b', {}, `${count(summary.new_rows)} newly labelled ones`),
      t ? [': right on ', el('b', {}, percent(t.accuracy.value)), ` of ${count(t.evaluated)} test rows`, before && `, before on ${percent(before.value)}`, '.'] : '.'),
    el('div.tiles', {}, tile('Train, out of fold', percent(summary.out_of_fold_accuracy.value), intervalBar(summary.out_of_fold_accuracy), el('span.dim', {}, rangeText(summary.out_of_fold_accuracy, percent))),
      before && tile('Test, before', percent(before.value), intervalBar(before), el('span.dim', {}, rangeText(before, percent))),
      t && tile('Test, with the new head', percent(t.accuracy.value), intervalBar(t.accuracy), el('span.dim', {}, rangeText(t.accuracy, percent))),
      before && tile('Test rows mended', count(t.mended), el('span.dim', {}, 'were wrong, are right')), before && tile('Test rows broken', count(t.broken), el('span.dim', {}, 'were right, are wrong')),
      t && t.cases !== null && tile('Challenge cases right', `${count(t.cases_right)} of ${count(t.cases)}`, intervalBar({ value: t.cases > 0 ? t.cases_right / t.cases : null }))),
    !t && missing('No test data.', '--test names rows that the head was not fitted to: then this tells what it gained.'),
    !summary.converged && missing('Not converged.', `The fit ended after ${count(summary.steps)} steps before its tolerance: embeddings of very different scales make it slow.`),
    (t?.unseen_classes ?? []).length > 0 && el('p', {}, el('b', {}, 'Classes that no training row has: '), t.unseen_classes.map((/** @type {string} */ c) => el('span.tag', {}, titled(c)))));
}

function retrainFit() {
  const tried = summary.tried ?? [], losses = tried.map((/** @type {any} */ t) => t.log_loss);
  const [from, to] = axisEnds(losses);
  const powers = tried.map((/** @type {any} */ t) => `1e${Math.round(Math.log10(t.c) * 10) / 10}`);
  const left = [['rows without a label or a usable vector', summary.excluded], ['rows not labelled yet', summary.unlabelled], ['labels of ids that no data has', summary.unknown_ids]].filter(([, n]) => Number(n) > 0);
  return section('fit', 'Fit', null, el('div.split.even', {},
    el('div', {}, el('h3', {}, 'Strength of the L2 penalty'), tried.length === 0 ? el('p', {}, `C = ${number(summary.c)}, as asked for.`) : lineChart({
      label: `Log-loss by C over ${summary.folds} folds`, x: 'C, 1 ÷ strength of the penalty', y: 'log-loss over the folds', from, to, ticks: powers,
      lines: [{ name: 'log-loss', dots: true, points: tried.map((/** @type {any} */ t, /** @type {number} */ i) => ({ x: tried.length > 1 ? i / (tried.length - 1) : 0.5, y: t.log_loss, text: `C = ${number(t.c)}: ${number(t.log_loss)}` })) }],
      hint: `Chosen: C = ${number(summary.c)}, by cross-validation over ${summary.folds} folds${summary.balanced ? ', classes balanced' : ''}; ${count(summary.steps)} steps.`,
    })),
    el('div', {}, el('h3', {}, 'Classes'), dataTable({
      name: 'classes', lines: () => summary.classes, search: c => named(c.class), step: 12,
      columns: [{ label: 'Class', sort: c => c.class, show: c => [titled(c.class), c.new && el('span.tag.alarm', {}, 'new')] }, countColumn('Training rows', 'rows')],
    }).root, summary.relabelled > 0 && el('p', {}, `${count(summary.relabelled)} training rows have another label now.`),
    left.length > 0 && [el('h4', {}, 'Left out'), el('ul.plain', {}, left.map(([what, n]) => el('li', {}, `${count(Number(n))} ${what}`)))])));
}

function loopVerdict() {
  const all = summary.accuracy, told = summary.labelled !== null, c = summary.cases;
  const low = Math.min(...all.map((/** @type {any} */ a) => a.accuracy.low ?? a.accuracy.value ?? 0)), from = Math.max(0, Math.floor(low * 10 - 0.5) / 10);
  return section('verdict', 'Verdict', null,
    el('p.lead', {}, told
      ? [el('b', {}, `${count(summary.labelled)} of ${count(summary.mined)}`), ` mined rows are labelled: accuracy on the test data `, el('b', {}, percent(all[1]?.accuracy.value)), ' without, ', el('b', {}, percent(all[2]?.accuracy.value)), ' with them.']
      : [el('b', {}, `${count(summary.mined)} rows`), ' to label next, chosen by ', el('b', {}, words(summary.strategy)), '.']),
    el('h3', {}, 'Accuracy on the test data'), el('table.wide', {}, el('tbody', {}, all.map((/** @type {any} */ a) => el('tr', {}, el('th', { scope: 'row' }, a.of), el('td.number', {}, percent(a.accuracy.value)), el('td', {}, intervalBar(a.accuracy, from, 1)), el('td.dim', {}, rangeText(a.accuracy, percent)))))),
    el('p.dim', {}, `Bars go from ${percent(from)} to 100 %; intervals of 95 %, Wilson.`),
    told && c.failures > 0 && [el('h3', {}, `Of ${count(c.failures)} failures that labels can mend`), el('ul.shares.wide-shares', {}, [['right without the new labels', c.right_without_labels, 'before'], ['right with them', c.right_with_labels, 'after']].map(([label, n, kind]) => el('li', {}, label,
      el('span.pair-bars', { 'aria-hidden': 'true' }, el(`i.${kind}`, { style: { width: 100 * Number(n) / c.failures + '%' } })), el('span.value', {}, `${count(Number(n))} · ${percent(Number(n) / c.failures)}`))))],
    told && el('p.missing', {}, el('b', {}, 'Somewhat too good.'), ' The failures come from the same test data: keep rows aside that no mining has seen.'),
    !told && el('p', {}, 'Next: fill the column ', el('code', {}, 'label'), ' of ', el('code', {}, 'mine/mined.csv'), ', and run the same command with ', el('code', {}, '--labels'), ' and this file.'));
}

function loopSegments() {
  const all = summary.segments ?? [];
  return section('segments', 'The model’s worst segments', null, all.length === 0 ? missing('None.', 'They are told when labels are back.') : dataTable({
    name: 'segments', lines: () => all,
    columns: [
      { label: 'Segment', sort: s => `${s.column}=${s.value}`, show: s => equation(s.column, s.value) }, countColumn('Rows', 'rows'),
      ...[['Model', 'model'], ['Head without labels', 'without_labels'], ['Head with them', 'with_labels']].map(([label, key]) => ({ label, number: true, sort: (/** @type {any} */ s) => s[key], show: (/** @type {any} */ s) => el('span.estimate', {}, intervalBar({ value: s[key] }), el('span.value', {}, percent(s[key]))) })),
      { label: 'Change, points', number: true, sort: s => s.with_labels - s.without_labels, show: s => points(s.with_labels - s.without_labels) },
    ],
  }).root);
}

function loopSteps() {
  return section('steps', 'Steps', 'Each is a command that can be run alone, and left a page of its own in its folder.', el('ol.steps', {}, summary.commands.map((/** @type {string} */ c) => el('li', {}, command(c)))));
}
