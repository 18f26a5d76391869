// Puts the page together.

/**
 * A kind of page, by the schema of summary.json: its title, a line beside it, its sections in their order (id, title, content), and whether it shows rows.
 * @type {Record<string, { title: string, beside: () => string, sections: [string, string, () => any][], rows?: boolean }>}
 */
const kinds = {
  'gpudiag/summary/1': {
    title: 'GpuDiag', beside: () => `${count(summary.rows)} rows, ${classesByName.size} classes`, rows: true,
    sections: [['verdict', 'Verdict', verdict], ['metrics', 'Metrics', metrics], ['where', 'Where it fails', where], ['map', 'Map', mapSection], ['rows', 'Challenge cases', casesSection], ['provenance', 'Provenance', provenance]],
  },
  'gpudiag/compare/1': {
    title: 'GpuDiag compare', beside: () => `two models on ${count(summary.rows)} rows`,
    sections: [['verdict', 'Verdict', compareVerdict], ['metrics', 'Metrics', compareMetrics], ['groups', 'Segments, clusters and classes', compareGroups], ['cases', 'Challenge cases', compareCases], ['rows', 'Rows that flipped', compareRows], ['provenance', 'Provenance', source]],
  },
  'gpudiag/drift/1': {
    title: 'GpuDiag drift', beside: () => `${count(summary.rows.reference)} rows against ${count(summary.rows.current)}`,
    sections: [['verdict', 'Verdict', driftVerdict], ['time', 'Over time', driftSeries], ['columns', 'Columns', driftColumns], ['cost', 'What it costs', driftCost], ['provenance', 'Provenance', source]],
  },
  'gpudiag/mine/1': {
    title: 'GpuDiag mine', beside: () => `${count(summary.mined)} of ${count(summary.pool)} rows`,
    sections: [['verdict', 'Verdict', mineVerdict], ['rows', 'Rows to label', mineRows], ['provenance', 'Provenance', source]],
  },
  'gpudiag/retrain/1': {
    title: 'GpuDiag retrain', beside: () => `${count(summary.train_rows)} rows and ${count(summary.new_rows)} new labels`,
    sections: [['verdict', 'Verdict', retrainVerdict], ['fit', 'Fit', retrainFit], ['provenance', 'Provenance', source]],
  },
  'gpudiag/history/1': {
    title: 'GpuDiag history', beside: () => `${count(summary.runs.length)} scans`,
    sections: [['verdict', 'Verdict', historyVerdict], ['time', 'Over time', historyCharts], ['metrics', 'Metrics', historyMetrics], ['runs', 'Scans', historyRuns]],
  },
  'gpudiag/loop/1': {
    title: 'GpuDiag loop', beside: () => `${count(summary.mined)} rows mined`,
    sections: [['verdict', 'Verdict', loopVerdict], ['segments', 'Worst segments', loopSegments], ['steps', 'Steps', loopSteps]],
  },
};
const kind = kinds[summary.schema];
const sections = kind.sections;

/** Dark, light, or as the system has it. */
function themeButton() {
  const button = el('button', { type: 'button', onclick: () => {
    const dark = document.documentElement.dataset.theme === 'dark' || (!document.documentElement.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);
    document.documentElement.dataset.theme = dark ? 'light' : 'dark';
    for (const draw of themed) draw();
  } }, 'Dark / light');
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { for (const draw of themed) draw(); });
  return button;
}

readAddress();
const dialog = kind.rows ? rowDialog() : null;
document.title = kind.title + ' report';
append(document.getElementById('page'), [
  el('a.skip', { href: '#', onclick: (/** @type {Event} */ e) => { e.preventDefault(); document.querySelector('main')?.focus(); } }, 'To the content'),
  el('header.top', {},
    el('div.row', {}, el('h1', {}, kind.title, ' ', el('span.dim', {}, kind.beside())),
      el('nav', { 'aria-label': 'Sections' }, sections.map(([id, title]) => el('a', { href: '#at=' + id, onclick: (/** @type {Event} */ e) => { e.preventDefault(); choose({}, id); } }, title))), themeButton()),
    kind.rows && filterBar()),
  el('main', { tabindex: -1 }, sections[0][2]()),
  dialog]);
// Sections stop below the bar, however many lines the filters take.
const bar = /** @type {HTMLElement} */ (document.querySelector('.top'));
new ResizeObserver(() => {
  const height = getComputedStyle(bar).position === 'sticky' ? bar.offsetHeight : 0;
  document.documentElement.style.setProperty('--header', height + 8 + 'px');
}).observe(bar);
addEventListener('hashchange', readAddress);
// On paper nothing can be opened.
addEventListener('beforeprint', () => { for (const d of document.querySelectorAll('details')) d.open = true; });
// The first screen is on view before the rest is made.
setTimeout(() => {
  append(document.querySelector('main'), sections.slice(1).map(([, , make]) => make()));
  if (state.row !== null) dialog?.showModal();
  if (place) go(place);
  document.documentElement.dataset.ready = 'true';
});
