// Where the numbers of a comparison, a drift or a mining come from.

function source() {
  return section('provenance', 'Provenance', null, originView(), leftToFiles());
}

/** How a column was found. @type {Record<string, string>} */
const howWords = { name: 'found by its name', option: 'asked for', cardinality: 'has few values' };

/** Program, columns, options, files, and what was left out. */
function originView() {
  if (!lineage) return [missing('Not told.', 'summary.json has no provenance: make it again with this version.'), excludedView()];
  const options = Object.entries(lineage.options ?? {});
  return el('div.split.even', {},
    el('div', {}, el('h3', {}, 'Columns taken'), lineage.roles.length === 0 ? el('p.dim', {}, 'None by a role: columns are taken as they are.') : el('div.scroll', {}, el('table', {}, el('tbody', {}, lineage.roles.map((/** @type {any} */ r) => el('tr', {}, el('th', { scope: 'row' }, r.role), el('td', {}, titled(r.column)), el('td.dim', {}, howWords[r.how] ?? r.how)))))),
      el('h3', {}, 'Options that are not the defaults'), options.length === 0 ? el('p.dim', {}, 'None.') : el('dl.facts', {}, options.map(([name, value]) => [el('dt', {}, words(name)), el('dd', {}, long(optionText(value)))]))),
    el('div', {}, el('h3', {}, 'Input'), el('p', {}, `GpuDiag ${lineage.version}, command ${lineage.command}, seed ${lineage.seed}, schema ${summary.schema}.`), inputsView(),
      summary.join && el('p', {}, `Joined by ${summary.join.by}: ${count(summary.join.matched)} rows matched, ${count(summary.join.only_before)} before alone, ${count(summary.join.only_after)} after alone.`),
      lineage.skipped_files > 0 && [el('h4', {}, `${count(lineage.skipped_files)} files skipped`), el('ul.plain', {}, lineage.skipped.map((/** @type {any} */ s) => el('li', {}, titled(s.file), ': ', long(s.reason))))],
      excludedView(),
      el('p.dim', {}, 'Folders, device, threads and times are in run.json: nothing on this page depends on them.')));
}

/** An option's value. @param {any} value @returns {string} */
function optionText(value) {
  return Array.isArray(value) ? value.map(optionText).join(', ') : value !== null && typeof value === 'object' ? Object.values(value).map(optionText).join(' ') : String(value);
}

/** Bytes in a unit that people read. @param {number} n */
function bytes(n) {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) [n, unit] = [n / 1000, unit + 1];
  return `${unit === 0 || n >= 100 ? Math.round(n) : n.toFixed(1)}\u00A0${units[unit]}`;
}

/** The files, set by set. */
function inputsView() {
  const list = dataTable({
    name: 'files', lines: () => lineage.inputs, step: 12,
    columns: [
      { label: 'File', sort: i => i.file, show: i => (i.file === null ? `${count(i.files)} others` : titled(i.file)) }, { label: 'Of', sort: i => i.set, show: i => i.set }, countColumn('Rows', 'rows'),
      { label: 'Size', number: true, sort: i => i.bytes, show: i => bytes(i.bytes) },
    ],
  });
  return list.root;
}

/** Tables of the page, and what their lines are called. @type {[string, string][]} */
const tableWords = [['rows', 'rows to look at'], ['gallery', 'challenge cases'], ['map', 'points of the map'], ['segments', 'segments'], ['classes', 'classes'], ['confusions', 'confusions'], ['neighbors', 'neighbours'], ['curves', 'points of curves'], ['flips', 'rows that flipped'], ['mined', 'rows to label']];

/** What the page leaves to the files beside it, in a sentence. */
function leftToFiles() {
  const page = block('page');
  const shown = tableWords.map(([id, name]) => ({ name, ...table(id) })).filter(t => t.rows < t.total).map(t => `${count(t.rows)} of ${count(t.total)} ${t.name}`);
  if (page.pictures_shown < page.pictures) shown.push(`${count(page.pictures_shown)} of ${count(page.pictures)} pictures, those of the highest rank`);
  shown.push(`texts up to ${count(page.longest_text)} characters`, `lists up to ${count(page.items)} items`);
  return [el('h3', {}, 'What this page leaves out'), el('p', {}, `The page stays below ${page.most_bytes / 1e6} MB whatever the data. It holds ${shown.join('; ')}. The files beside it hold all.`)];
}

/** What was left out, row by row, with the reason. */
function excludedView() {
  const excluded = Object.entries(summary.excluded ?? {}).filter(([, n]) => /** @type {number} */ (n) > 0);
  return typeof summary.excluded === 'object' && [el('h4', {}, 'Left out, row by row'), excluded.length === 0 ? el('p.dim', {}, 'Nothing: every row counts.') : el('ul.plain', {}, excluded.map(([k, n]) => el('li', {}, `${words(k)}: ${count(/** @type {number} */ (n))} rows`)))];
}
