// Where the numbers of a comparison, a drift or a mining come from.

function source() {
  return section('provenance', 'Provenance', null, run ? el('div.split.even', {},
    el('div', {}, el('h3', {}, 'Columns taken'), el('table', {}, el('tbody', {}, (run.roles ?? []).map((/** @type {any} */ r) => el('tr', {}, el('th', { scope: 'row' }, r.role), el('td', {}, titled(r.column)), el('td.dim', {}, r.how)))))),
    el('div', {}, el('h3', {}, 'Input'), el('p', {}, `GpuDiag ${run.version}, seed ${run.seed ?? '–'}.`), el('ul.plain', {}, (run.inputs ?? []).map((/** @type {any} */ i) => el('li', {}, `${i.set}: ${count(i.rows)} rows`))),
      summary.join && el('p', {}, `Joined by ${summary.join.by}: ${count(summary.join.matched)} rows matched, ${count(summary.join.only_before)} before alone, ${count(summary.join.only_after)} after alone.`),
      excludedView(),
      el('p.dim', {}, 'Files, device, threads and times are in run.json: nothing on this page depends on them.')))
    : missing('Unknown.', 'run.json is not in the folder.'));
}

/** What was left out, row by row. */
function excludedView() {
  const excluded = Object.entries(summary.excluded ?? {}).filter(([, n]) => /** @type {number} */ (n) > 0);
  return excluded.length > 0 && [el('h4', {}, 'Left out'), el('ul.plain', {}, excluded.map(([k, n]) => el('li', {}, `${words(k)}: ${count(/** @type {number} */ (n))} rows`)))];
}
