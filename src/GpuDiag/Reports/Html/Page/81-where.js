// Where the model fails: segments, slices, clusters. And where the numbers come from.

function where() {
  const accuracy = summary.metrics.accuracy?.value ?? null;
  const segmentLines = lines('segments');
  const wrongRate = (/** @type {any} */ l) => l.error_rate;
  const error = accuracy === null ? null : 1 - accuracy;
  const segments = segmentLines.length === 0 ? null : dataTable({
    name: 'segments', total: table('segments').total, file: 'segments.parquet',
    lines: () => segmentLines.filter(s => state.segment === null || segmentParts(state.segment).some(([c, v]) => segmentParts(`${s.column}=${s.value}`).some(([d, w]) => c === d && v === w))),
    pick: s => only({ segment: `${s.column}=${s.value}` }, 'rows'), say: s => `Rows with an error where ${s.column}=${named(s.value)}`, search: s => `${s.column}=${s.value}`,
    columns: [
      { label: 'Segment', sort: s => `${s.column}=${s.value}`, show: s => equation(s.column, s.value) }, countColumn('Rows', 'rows'), countColumn('Errors', 'errors'),
      estimateColumn('Accuracy', s => estimate(s, 'accuracy'), percent, accuracy), estimateColumn('F1, macro', s => estimate(s, 'f1_macro'), percent),
      { label: 'ECE', number: true, sort: s => s.ece, show: s => number(s.ece), help: definitions.ece },
      { label: 'q-value', number: true, sort: s => s.q_value, show: s => number(s.q_value), help: definitions.q_value },
    ],
  });
  const slices = !summary.slices?.length ? null : dataTable({
    name: 'slices', lines: () => summary.slices,
    pick: s => only(galleryGroups.has('slice:' + s.predicates) ? { group: 'slice:' + s.predicates } : { select: `failing_segments like '%${s.predicates.replaceAll("'", "''")}%'` }, 'rows'), say: s => `Rows with an error where ${s.predicates}`, search: s => s.predicates,
    columns: [
      { label: 'Slice', sort: s => s.predicates, show: s => titled(s.predicates, 'bdi', 300) }, countColumn('Rows', 'rows'), countColumn('Errors', 'errors'),
      estimateColumn('Wrong', wrongRate, percent, error), { label: 'Elsewhere', number: true, sort: s => s.error_rate_elsewhere, show: s => percent(s.error_rate_elsewhere) },
      { label: 'q-value', number: true, sort: s => s.q_value, show: s => number(s.q_value), help: definitions.q_value },
    ],
  });
  const clusters = !summary.clusters?.length ? null : dataTable({
    name: 'clusters', lines: () => summary.clusters.filter((/** @type {any} */ c) => state.cluster === null || c.cluster === state.cluster),
    pick: c => only({ cluster: c.cluster }, 'rows'), say: c => `Rows to look at of cluster ${c.cluster}`,
    search: c => `${c.label} ${c.pred} ${(c.over_represented ?? []).map((/** @type {any} */ o) => `${o.column}=${o.value}`).join(' ')}`,
    columns: [
      { label: 'Cluster', sort: c => c.cluster, show: c => [`${c.cluster} `, c.label !== null && el('span.dim', {}, titled(c.label), ' taken for ', titled(c.pred))] }, countColumn('Rows', 'rows'), countColumn('Errors', 'errors'),
      estimateColumn('Wrong', wrongRate, percent, error),
      { label: 'q-value', number: true, sort: c => c.q_value, show: c => number(c.q_value), help: definitions.q_value },
      { label: 'More frequent here', sort: c => c.over_represented?.[0]?.lift, show: c => (c.over_represented ?? []).slice(0, 3).map((/** @type {any} */ o) => el('span.tag', { title: `${o.rows} rows` }, titled(`${o.column}=${o.value}`), ` ×${o.lift.toFixed(1)}`)) },
    ],
  });
  for (const t of [segments, slices, clusters]) if (t) follow(t.draw);
  return section('where', 'Where it fails', 'Each line opens its challenge cases. A q-value below 0.05 is surely worse than the rest, counted over all that was tested.',
    el('h3', {}, 'Segments'), segments ? segments.root : missing('No segments.', 'Columns of few values become segments by themselves; --segment names others, --bin cuts numbers.'),
    el('h3', {}, 'Slices: combinations of values'), slices ? slices.root : missing('No slices.', 'They need two columns or more of few values.'),
    el('h3', {}, 'Clusters of the embedding'), clusters ? clusters.root : missing('No clusters.', 'They need an embedding: --embedding names its column or .npy file.'));
}

/** Every number, defined. @type {Record<string, string>} */
const definitions = {
  accuracy: 'Right predictions ÷ rows. Interval: Wilson, 95 %.',
  balanced_accuracy: 'Mean of the classes’ recalls.',
  precision: 'Of the rows predicted as a class, the share that has it.',
  recall: 'Of the rows of a class, the share predicted as it.',
  f1_macro: 'Harmonic mean of precision and recall, averaged over classes.',
  cohen_kappa: 'Agreement of label and prediction beyond chance.',
  matthews_corrcoef: 'Correlation of label and prediction.',
  log_loss: 'Mean of −ln of the probability given to the label.',
  brier: 'Mean squared distance of the probabilities from the label.',
  ece: 'Expected calibration error: |accuracy − confidence| averaged over 15 bins of confidence, by rows.',
  mce: 'The greatest |accuracy − confidence| of a bin.',
  temperature: 'What to divide the logits by for the least log-loss.',
  roc_auc_macro: 'Probability that a row of a class ranks above one of another, averaged over classes.',
  average_precision_macro: 'Area under the precision–recall curve, averaged over classes.',
  top_5_accuracy: 'Rows whose label is among the five most probable classes.',
  intervals: 'Proportions carry Wilson intervals; functions of the confusion matrix multinomial bootstrap or delta-method intervals, of 95 %.',
  p_value: 'Probability of a difference like this by chance.',
  q_value: 'The p-value after correction for all that was tested (Benjamini–Hochberg): the share of false alarms among findings up to here.',
  label_quality: 'The probability that the model, held out, gives to the label; 0 is worst.',
  label_issue: 'Confident learning calls the label wrong.',
  outlier_score: 'Mean distance to the nearest neighbours.',
  label_agreement: 'The share of the nearest neighbours that have the row’s label.',
  shapley: 'Value of the row for k-nearest-neighbour classification; below 0 it harms.',
  cause: 'One per error: the first whose evidence the row shows, in a fixed order.',
  gain: 'What accuracy would win if the action succeeded, with the range that the data allows.',
};

function provenance() {
  const checks = summary.pipeline?.checks ?? [];
  return section('provenance', 'Provenance', null, originView(), leftToFiles(),
    checks.length > 0 && el('details', {}, el('summary', {}, `Checks of the pipeline: ${summary.pipeline.passed} passed, ${summary.pipeline.failed} failed, ${summary.pipeline.not_applicable} do not apply`),
      el('table', {}, el('thead', {}, el('tr', {}, ['Check', 'Status', 'What is measured', 'Value', 'p'].map(h => el('th', { scope: 'col' }, h)))), el('tbody', {}, checks.map((/** @type {any} */ c) => el('tr', {}, el('td', {}, words(c.code)), el('td', {}, el(`span.status.${c.status}`, {}, words(c.status))), el('td', {}, c.statistic), el('td.number', {}, number(c.value)), el('td.number', {}, number(c.p_value))))))),
    el('details', {}, el('summary', {}, 'Every number, defined'), el('dl.definitions', {}, Object.entries(definitions).map(([k, text]) => [el('dt', {}, words(k)), el('dd', {}, text)])),
      el('p', {}, `Task: ${summary.task}. Intervals of functions of the confusion matrix: ${words(summary.interval_method ?? '')}.`, summary.positive_class !== null && summary.positive_class !== undefined && [' Positive class: ', titled(summary.positive_class), '.'])));
}
