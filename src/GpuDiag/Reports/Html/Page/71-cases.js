// The challenge cases: the rows as cards with their pictures, texts or metadata, and as a list.

/** What groups of the gallery are called. @param {string} group */
function groupName(group) {
  const at = group.indexOf(':');
  const [kind, rest] = at < 0 ? [group, ''] : [group.slice(0, at), group.slice(at + 1)];
  const kinds = /** @type {Record<string, string>} */ ({
    errors: 'Worst errors', label_issues: 'Label suspects', duplicates: 'Duplicates', leaks: 'Leaks', outliers: 'Outliers', neighbors: 'Neighbours', train: 'Training rows',
    cause: 'Cause', segment: 'Segment', slice: 'Slice', cluster: 'Cluster', confusion: 'Confusion',
  });
  return (kinds[kind] ?? kind) + (rest === '' ? '' : `: ${kind === 'cause' ? words(rest) : named(rest)}`);
}

/** Cards at first, and more each time they are asked for. */
const cardsAtOnce = 24;

function casesSection() {
  if (rows.length === 0) return section('rows', 'Challenge cases', null, el('p', {}, 'No rows to look at: no error, no suspect label, no duplicate, no outlier.'));
  let asList = false, shown = cardsAtOnce, last = '';
  const place = el('div');
  const list = el('div', {}, rowList());
  const more = el('button.more', { type: 'button', onclick: () => { shown += 2 * cardsAtOnce; draw(); } });
  const told = el('span.dim', { 'aria-live': 'polite' });
  const views = [['Cards', false], ['List', true]].map(([label, value]) => el('button', { type: 'button', onclick: () => { asList = Boolean(value); draw(); } }, label));
  const groups = [...galleryGroups.keys()].filter(g => g !== 'neighbors' && g !== 'train');
  const group = picker('group', groups, () => state.group, v => choose({ group: v }), g => `${groupName(g)} (${galleryGroups.get(g)?.length})`);
  const draw = () => {
    views.forEach((b, i) => b.setAttribute('aria-pressed', String(asList === (i === 1))));
    group?.draw();
    const key = JSON.stringify({ ...state, row: null, rows: state.rows ? [...state.rows] : null });
    if (key !== last) shown = cardsAtOnce;
    last = key;
    list.hidden = !asList;
    place.hidden = more.hidden = asList;
    const chosen = chosenRows();
    told.textContent = asList ? '' : `${count(chosen.length)} rows${filters() > 0 ? ' of the filters' : ''}${state.group !== null ? ', ' + groupName(state.group) : ''}`;
    if (asList) return;
    refill(place, chosen.length === 0 ? el('p.missing', {}, el('b', {}, 'No row here.'), ' The page holds challenge cases, not all rows; the filters may leave none of them.') : cards(chosen.slice(0, shown)));
    more.hidden = chosen.length <= shown;
    more.textContent = moreText(chosen.length - shown, 2 * cardsAtOnce);
  };
  follow(draw);
  const pictures = rows.some(r => r.card?.image || r.card?.broken), said = rows.some(r => r.card?.text);
  return section('rows', 'Challenge cases', 'Errors first, greatest loss first, unless a group has an order of its own. A card opens in full, with its nearest neighbours.',
    table('gallery').rows === 0 ? missing('No gallery.', 'The scan left no gallery.parquet: scan again; --image and --text name the columns of pictures and texts.')
      : !pictures && !said && missing('No pictures or texts.', 'Where the data has them, --image and --text name their columns; cards tell the other columns meanwhile.'),
    el('div.row', {}, el('div.switch', { role: 'group', 'aria-label': 'View' }, views), group && el('span.filters.flat', {}, group.root), el('button', { type: 'button', onclick: exportRows }, 'Save these rows as CSV'), told),
    place, list, more);
}

/** Cards; those of one set of duplicates stand side by side. @param {Row[]} chosen */
function cards(chosen) {
  if (state.group !== 'duplicates') return el('ul.cards', {}, chosen.map(r => el('li', {}, card(r))));
  const sets = new Map();
  for (const r of chosen) sets.set(r.duplicate_set, [...(sets.get(r.duplicate_set) ?? []), r]);
  return [...sets].map(([set, members]) => el('div.set', {}, el('p', {}, el('b', {}, `Set ${set}`), el('span.dim', {}, new Set(members.map((/** @type {Row} */ r) => r.label)).size > 1 ? ' labels differ' : ' one label')), el('ul.cards', {}, members.map((/** @type {Row} */ r) => el('li', {}, card(r))))));
}

/** A row as a card. @param {Row} row */
function card(row) {
  const shown = picture(row);
  const text = row.card?.text;
  const meta = !shown && !text ? Object.entries(row.meta).filter(([, v]) => v !== null).slice(0, 6) : [];
  const near = neighborsOf(row.row);
  // A leak stands beside the row of the training set that it repeats.
  const twin = row.leak ? near.find(n => n.source === 'train') : undefined;
  const others = near.map(n => ({ n, known: n.source === 'train' ? trainRows.get(n.neighbor_row) : rowsByNumber.get(n.neighbor_row) })).filter(o => o.known?.card?.image).slice(0, 5);
  return el('button.case', { type: 'button', onclick: () => choose({ row: row.row }), 'aria-label': `${rowName(row)}: ${named(row.label)}${row.correct === 0 ? ' taken for ' + named(row.pred) : ''}` },
    (shown || twin) && el('span.shown', {}, shown, twin && picture(trainRows.get(twin.neighbor_row))),
    text && el('span.said', { dir: 'auto' }, text.length > 280 ? text.slice(0, 280) + '…' : text),
    meta.length > 0 && el('span.metas', {}, meta.map(([k, v]) => el('span', {}, el('span.dim', {}, titled(k)), ' ', titled(typeof v === 'number' ? number(v) : v)))),
    el('span.claims', {}, titled(row.label, 'bdi', 28), row.correct === 0 ? [el('span.dim', {}, ' → '), el('span.wrong', {}, titled(row.pred, 'bdi', 28))] : row.correct === 1 && el('span.dim', {}, ' ✓')),
    el('span.dim.small', {}, [row.confidence !== null && row.confidence !== undefined && percent(row.confidence), row.suggested_label && `looks like ${named(row.suggested_label)}`, row.leak && 'leak', row.outlier && 'outlier'].filter(Boolean).join(' · ')),
    row.cause && el('span.small', {}, el('i.swatch', { style: { background: causeColor(row.cause) } }), ' ', words(row.cause)),
    others.length > 0 && el('span.strip', { 'aria-hidden': 'true', title: 'Nearest rows; a bar in blue: its label, in orange: its prediction' }, others.map(o => el(`span.${o.n.label === row.label ? 'label' : o.n.label === row.pred ? 'prediction' : 'other'}`, {}, picture(o.known)))));
}
