// The rows to look at: a list, and one row in full.

/** How a row is called. @param {any} row */
function rowName(row) {
  return row.id ?? '#' + row.row;
}

/** A picture of a row; null where the page has none. @param {Row | undefined} row */
function picture(row) {
  const card = row?.card;
  if (!card) return null;
  const broken = () => el('span.broken', { role: 'img', 'aria-label': 'The image cannot be read' }, 'broken image');
  if (!card.image) return card.broken ? broken() : null;
  const image = el('img', { src: card.image, alt: `Image of ${rowName(row)}`, decoding: 'async', onerror: () => image.replaceWith(broken()) });
  return image;
}

/** The rows of the filters, in the order of the group where one is chosen. @returns {Row[]} */
function chosenRows() {
  const group = state.group === null ? null : galleryGroups.get(state.group);
  return (group ?? rows).filter(filterTest());
}

/** The list of rows. */
function rowList() {
  const total = table('rows').total;
  const qualities = rows.some(r => r.label_quality !== null && r.label_quality !== undefined);
  const list = dataTable({
    name: 'rows', lines: chosenRows, total, file: 'rows.parquet', step: 12,
    pick: row => choose({ row: row.row }), say: row => `Everything about row ${row.row}`,
    search: row => [row.id, row.row, row.label, row.pred, row.cause, row.failing_segments, row.card?.text].join(' '),
    columns: [
      { label: 'Row', sort: r => r.row, show: r => [picture(r), el('bdi', {}, rowName(r))] },
      { label: 'Label', sort: r => r.label, show: r => titled(r.label) },
      { label: 'Prediction', sort: r => r.pred, show: r => el(r.correct === 0 ? 'span.wrong' : 'span', {}, titled(r.pred)) },
      { label: 'Confidence', number: true, sort: r => r.confidence, show: r => percent(r.confidence) },
      { label: 'Loss', number: true, sort: r => r.loss, show: r => number(r.loss) },
      { label: 'Cause', sort: r => r.cause, show: r => r.cause && el('span.cause', {}, el('i.swatch', { style: { background: causeColor(r.cause) } }), words(r.cause)) },
      ...(qualities ? [
        { label: 'Label quality', number: true, sort: (/** @type {any} */ r) => r.label_quality, show: (/** @type {any} */ r) => number(r.label_quality), help: 'Probability that the model gives to the label: 0 is worst' },
        { label: 'Suggested', sort: (/** @type {any} */ r) => r.suggested_label, show: (/** @type {any} */ r) => r.suggested_label !== null && titled(r.suggested_label) },
      ] : []),
      { label: 'Failing segments', sort: r => r.failing_segments, show: r => r.failing_segments && titled(r.failing_segments, 'bdi', 120) },
    ],
  });
  follow(list.draw);
  return list.root;
}

/** Saves the rows of the filters. */
function exportRows() {
  const names = table('rows').names;
  save('gpudiag-rows.csv', csv([names, ...chosenRows().map(r => names.map(n => r[n]))]));
}

/** What a row's columns mean. @type {Record<string, string>} */
const rowWords = {
  row: 'Row number', id: 'Id', split: 'Split', label: 'Label', pred: 'Prediction', confidence: 'Confidence', correct: 'Right', loss: 'Loss', cause: 'Cause', evidence: 'Evidence for',
  label_issue: 'Label issue', label_quality: 'Label quality', suggested_label: 'Suggested label', outlier: 'Outlier', outlier_score: 'Outlier score', outlier_percentile: 'Outlier percentile',
  duplicate_set: 'Duplicate set', leak: 'Leak', label_agreement: 'Neighbours with its label', pred_agreement: 'Neighbours with its prediction', cluster: 'Cluster', shapley: 'Shapley value', failing_segments: 'Failing segments', slices: 'Slices',
};

/** Columns of 0 and 1. */
const yesNo = new Set(['correct', 'label_issue', 'outlier', 'leak']);

/** One row in full, over the page. */
function rowDialog() {
  const dialog = el('dialog', { 'aria-label': 'One row', onclose: () => { if (state.row !== null) choose({ row: null }); } });
  const step = (/** @type {number} */ by) => {
    const list = chosenRows(), at = list.findIndex(r => r.row === state.row);
    if (at >= 0 && list[at + by]) choose({ row: list[at + by].row });
  };
  dialog.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => {
    if (e.key === 'ArrowRight') step(1);
    if (e.key === 'ArrowLeft') step(-1);
  });
  dialog.addEventListener('click', (/** @type {MouseEvent} */ e) => { if (e.target === dialog) dialog.close(); });
  follow(() => {
    if (state.row === null) {
      if (dialog.open) dialog.close();
      return;
    }
    refill(dialog, rowInFull(state.row, step, () => dialog.close()));
    if (!dialog.open && dialog.isConnected) dialog.showModal();
  });
  return dialog;
}

/** @param {number} wanted @param {(by: number) => void} step @param {() => void} close */
function rowInFull(wanted, step, close) {
  const row = rowsByNumber.get(wanted);
  const tools = el('div.row.tools', {}, el('button', { type: 'button', onclick: () => step(-1), title: 'Key: ←' }, '← Before'), el('button', { type: 'button', onclick: () => step(1), title: 'Key: →' }, 'Next →'), el('button', { type: 'button', onclick: close }, 'Close'));
  if (!row) return [tools, el('p', {}, `Row ${wanted} is not on this page. Ask for it: `, el('code', {}, `gpudiag explain DATA --row '#${wanted}'`))];
  const facts = Object.entries(rowWords).filter(([key]) => row[key] !== null && row[key] !== undefined)
    .map(([key, label]) => [el('dt', {}, label), el('dd', {}, yesNo.has(key) ? (row[key] ? 'yes' : 'no') : key === 'cause' || key === 'evidence' ? words(String(row[key])) : typeof row[key] === 'number' ? number(row[key]) : titled(row[key], 'bdi', 300))]);
  const near = neighborsOf(wanted);
  return [
    tools,
    el('h3', {}, el('bdi', {}, rowName(row)), ': ', titled(row.label), row.correct === 0 ? [' taken for ', el('span.wrong', {}, titled(row.pred))] : row.correct === 1 ? ' recognised' : ''),
    el('div.full', {},
      el('div.seen', {}, picture(row), row.card?.text && el('p.text', { dir: 'auto' }, row.card.text)),
      el('dl.facts', {}, facts, Object.entries(row.meta).map(([key, value]) => value === null ? null : [el('dt.meta', {}, titled(key)), el('dd', {}, typeof value === 'number' ? number(value) : titled(value, 'bdi', 300))]))),
    near.length > 0 && [
      el('h4', {}, 'Nearest rows of the embedding'),
      el('ol.near', {}, near.map(n => {
        const known = n.source === 'data' ? rowsByNumber.get(n.neighbor_row) : trainRows.get(n.neighbor_row);
        const same = n.label === row.label ? 'label' : n.label === row.pred ? 'prediction' : null;
        const content = [picture(known), el('span', {}, titled(n.label)), el('span.dim', {}, same ? `its ${same}` : 'another class'), el('span.dim', {}, `${n.source === 'train' ? 'train ' : ''}${n.neighbor} · ${number(n.distance)}`)];
        return el(`li.${same ?? 'other'}`, {}, n.source === 'data' && known ? el('button', { type: 'button', onclick: () => choose({ row: n.neighbor_row }) }, content) : el('span', {}, content));
      })),
    ],
    el('p.dim', {}, 'More: ', el('code', {}, `gpudiag explain DATA --row '#${wanted}'`)),
  ];
}
