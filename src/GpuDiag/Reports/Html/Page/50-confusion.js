// The confusion matrix as a heat map, readable from 2 classes to thousands: right predictions blue on the diagonal, errors orange.

/**
 * Cells of a confusion matrix over places in the order of classes.
 * @typedef {{ n: number, names: string[], support: number[], predicted: number[], cells: Map<number, number>, errors: number }} Matrix
 */

/** The matrix of all rows, from the tables of classes and confusions. @returns {Matrix} */
function wholeMatrix() {
  const names = classOrder, n = names.length;
  const at = new Map(names.map((c, i) => [c, i]));
  const cells = new Map();
  let wrong = 0;
  for (const c of confusions) {
    const i = at.get(c.label), j = at.get(c.pred);
    if (i === undefined || j === undefined) continue;
    cells.set(i * n + j, c.count);
    wrong += c.count;
  }
  const support = names.map(c => classesByName.get(c).support);
  names.forEach((c, i) => {
    const right = Math.round((classesByName.get(c).recall ?? 0) * support[i]);
    if (right > 0) cells.set(i * n + i, right);
  });
  return { n, names, support, predicted: names.map(c => classesByName.get(c).predicted), cells, errors: wrong };
}

/**
 * Groups of classes that are confused with each other: pairs join, most frequent first, while a group stays readable.
 * @param {Matrix} matrix
 * @param {number} most classes of a group at most
 * @returns {{ places: number[], errors: number }[]} most errors first
 */
function confusedGroups(matrix, most) {
  const pairs = new Map();
  for (const [cell, value] of matrix.cells) {
    const i = Math.floor(cell / matrix.n), j = cell % matrix.n;
    if (i !== j) pairs.set(Math.min(i, j) * matrix.n + Math.max(i, j), (pairs.get(Math.min(i, j) * matrix.n + Math.max(i, j)) ?? 0) + value);
  }
  const group = new Map();
  for (const [pair] of [...pairs].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
    const a = group.get(Math.floor(pair / matrix.n)) ?? [Math.floor(pair / matrix.n)], b = group.get(pair % matrix.n) ?? [pair % matrix.n];
    if (a === b || a.length + b.length > most) continue;
    const both = [...a, ...b];
    for (const place of both) group.set(place, both);
  }
  const inside = new Map();
  for (const [pair, value] of pairs) {
    const a = group.get(Math.floor(pair / matrix.n));
    if (a && a === group.get(pair % matrix.n)) inside.set(a, (inside.get(a) ?? 0) + value);
  }
  return [...inside].map(([places, value]) => ({ places: [...places].sort((x, y) => x - y), errors: value })).sort((a, b) => b.errors - a.errors || a.places[0] - b.places[0]);
}

/**
 * How strongly cells are coloured, 0 to 1: what is right by its share of the class, errors by the root of their share of the most frequent one,
 * so that the worst error is strong however rare errors are; counts by their logarithm.
 * @param {Matrix} m @param {boolean} shares
 */
function strengths(m, shares) {
  let worst = 0, top = 1;
  const share = (/** @type {number} */ cell) => (m.cells.get(cell) ?? 0) / (m.support[Math.floor(cell / m.n)] || 1);
  for (const [cell, value] of m.cells) {
    top = Math.max(top, value);
    // A share of few rows says little: they do not set the scale.
    if (Math.floor(cell / m.n) !== cell % m.n && m.support[Math.floor(cell / m.n)] >= 10) worst = Math.max(worst, share(cell));
  }
  worst ||= 1;
  const of = (/** @type {number} */ i, /** @type {number} */ j) => {
    const value = m.cells.get(i * m.n + j) ?? 0;
    if (value === 0) return 0;
    if (!shares) return Math.log1p(value) / Math.log1p(top);
    return i === j ? share(i * m.n + j) : Math.min(1, Math.sqrt(share(i * m.n + j) / worst));
  };
  return { of, worst };
}

/** What a cell says in words. @param {Matrix} m @param {number} i @param {number} j */
function cellText(m, i, j) {
  const value = m.cells.get(i * m.n + j) ?? 0;
  return `${named(m.names[i])} ${i === j ? 'recognised' : 'taken for ' + named(m.names[j])}: ${count(value)} of ${count(m.support[i])} rows, ${percent(m.support[i] ? value / m.support[i] : null)}`;
}

/** A matrix of few classes with its numbers. @param {Matrix} m @param {number[]} places @param {boolean} shares */
function smallMatrix(m, places, shares) {
  const scale = strengths(m, shares);
  const tall = places.some(i => named(m.names[i]).length > 7);
  return el('div.scroll', {}, el(tall ? 'table.cells.tall' : 'table.cells', {},
    el('thead', {}, el('tr', {}, el('td', {}, el('span.dim', {}, 'true ↓ predicted →')), places.map(j => el('th', { scope: 'col' }, titled(m.names[j], 'bdi.name', 26))))),
    el('tbody', {}, places.map(i => el('tr', {},
      el('th', { scope: 'row' }, titled(m.names[i], 'bdi.name', 26)),
      places.map(j => {
        const value = m.cells.get(i * m.n + j) ?? 0;
        const s = scale.of(i, j);
        return el('td', {}, el(`button.cell${i === j ? '.right' : ''}${s > 0.62 ? '.strong' : ''}`, {
          type: 'button', title: cellText(m, i, j), 'aria-label': cellText(m, i, j), style: { '--s': s.toFixed(3) },
          onclick: () => only({ label: m.names[i], pred: m.names[j] }, 'rows'),
        }, value === 0 ? '' : shares ? (100 * value / (m.support[i] || 1)).toFixed(value / (m.support[i] || 1) < 0.0995 ? 1 : 0) : count(value)));
      }))))));
}

/** A matrix of many classes as a picture, with a cursor for mouse and keys. @param {Matrix} m @param {boolean} shares */
function largeMatrix(m, shares) {
  const cell = Math.max(1, Math.floor(1000 / m.n)), size = cell * m.n;
  const canvas = el('canvas.heat', { width: size, height: size, tabindex: 0, role: 'img', 'aria-label': `Confusion matrix of ${m.n} classes; arrow keys move over cells, Enter shows the rows` });
  const told = el('output.told', { 'aria-live': 'polite' }, 'Point at a cell, or use the arrow keys.');
  const cursor = { i: 0, j: 0 };
  const draw = () => {
    const style = getComputedStyle(document.documentElement);
    const ink = canvas.getContext('2d');
    ink.clearRect(0, 0, size, size);
    const scale = strengths(m, shares);
    // Strong cells last and never smaller than the eye can find: among a thousand classes a cell is less than a pixel.
    const least = Math.max(cell, Math.min(5, Math.round(m.n / 250) + 1));
    const drawn = [...m.cells.keys()].map(k => ({ i: Math.floor(k / m.n), j: k % m.n })).map(c => ({ ...c, s: scale.of(c.i, c.j) }));
    // What is right last, and narrower, so that it is seen among the errors beside it.
    for (const { i, j, s } of drawn.sort((a, b) => (a.i === a.j ? 1 : 0) - (b.i === b.j ? 1 : 0) || a.s - b.s)) {
      ink.fillStyle = style.getPropertyValue(i === j ? '--right' : '--wrong');
      const grown = i === j ? Math.max(cell, Math.round(least / 2)) : Math.max(cell, Math.round(least * (0.5 + s)));
      const [x, y] = [j * cell - (grown - cell) / 2, i * cell - (grown - cell) / 2];
      if (i === j) ink.clearRect(x, y, grown, grown);
      ink.globalAlpha = 0.12 + 0.88 * s;
      ink.fillRect(x, y, grown, grown);
    }
    ink.globalAlpha = 1;
  };
  const tell = () => { told.textContent = cellText(m, cursor.i, cursor.j); };
  const show = () => only({ label: m.names[cursor.i], pred: m.names[cursor.j] }, 'rows');
  const place = (/** @type {MouseEvent} */ e) => {
    const box = canvas.getBoundingClientRect();
    cursor.j = Math.min(m.n - 1, Math.max(0, Math.floor((e.clientX - box.left) / box.width * m.n)));
    cursor.i = Math.min(m.n - 1, Math.max(0, Math.floor((e.clientY - box.top) / box.height * m.n)));
    // The nearest error within a few pixels: a cell may be smaller than a pointer.
    const reach = Math.ceil(3 * m.n / box.width);
    let best = -1;
    for (let i = Math.max(0, cursor.i - reach); i <= Math.min(m.n - 1, cursor.i + reach); i++)
      for (let j = Math.max(0, cursor.j - reach); j <= Math.min(m.n - 1, cursor.j + reach); j++) {
        const value = i === j ? 0 : m.cells.get(i * m.n + j) ?? 0;
        if (reach > 1 && value > best && value > 0) [best, cursor.i, cursor.j] = [value, i, j];
      }
    tell();
  };
  canvas.addEventListener('mousemove', place);
  canvas.addEventListener('click', (/** @type {MouseEvent} */ e) => { place(e); show(); });
  canvas.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[e.key];
    if (e.key === 'Enter') show();
    if (!step) return;
    e.preventDefault();
    cursor.i = Math.min(m.n - 1, Math.max(0, cursor.i + step[0]));
    cursor.j = Math.min(m.n - 1, Math.max(0, cursor.j + step[1]));
    tell();
  });
  themed.push(draw);
  draw();
  return el('div', {}, el('div.heat-frame', {}, el('span.heat-y', {}, 'true class'), canvas, el('span.heat-x', {}, 'predicted class')), told);
}

/** Functions that draw again when dark and light change. @type {(() => void)[]} */
const themed = [];

/** Most classes whose matrix is told in numbers. */
const mostInNumbers = 20;

/** The heat map with its choices, and below it the groups of classes that are confused. */
function confusionView() {
  const place = el('div');
  let shares = true;
  const draw = () => {
    const m = currentMatrix();
    const all = m.names.map((_, i) => i);
    const groups = m.n > 12 ? confusedGroups(m, 8).slice(0, 6) : [];
    refill(place,
      el('div.row', {},
        el('div.switch', { role: 'group', 'aria-label': 'What cells tell' }, [['Share of the true class, %', true], ['Rows', false]].map(([label, value]) =>
          el('button', { type: 'button', 'aria-pressed': String(shares === value), onclick: () => { shares = Boolean(value); draw(); } }, label))),
        el('span.dim', {}, el('i.swatch.right', {}), ' right ', el('i.swatch.wrong', {}), shares ? ` wrong, full colour at ${percent(strengths(m, true).worst)} of a class` : ' wrong', ' · classes ordered ', summary.class_order ? 'so that confused ones are neighbours' : 'by name')),
      m.n <= mostInNumbers ? smallMatrix(m, all, shares) : el('div.split', {}, largeMatrix(m, shares), topConfusions(m)),
      m.n <= mostInNumbers ? topConfusions(m) : null,
      groups.length > 0 && [
        el('h4', {}, 'Classes that are confused among themselves'),
        el('p.dim', {}, `The ${groups.length} groups with most errors, ${percent(groups.reduce((sum, g) => sum + g.errors, 0) / (m.errors || 1))} of all; no group has more than 8 classes.`),
        el('div.blocks', {}, groups.map(g => el('div.card', {}, el('p', {}, el('b', {}, count(g.errors)), ' errors among ', String(g.places.length), ' classes'), smallMatrix(m, g.places, shares)))),
      ]);
  };
  follow(() => { if (matrixDependsOnFilters || !place.firstChild) draw(); });
  return place;
}

/** The matrix to show; replaced where the page can count the rows of a filter. @type {() => Matrix} */
let currentMatrix = (() => {
  /** @type {Matrix | null} */
  let kept = null;
  return () => (kept ??= wholeMatrix());
})();

let matrixDependsOnFilters = false;

/** The most frequent confusions. @param {Matrix} m */
function topConfusions(m) {
  const worst = [...m.cells].filter(([k]) => Math.floor(k / m.n) !== k % m.n).sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 12);
  const most = worst.length > 0 ? worst[0][1] : 1;
  return el('ol.confusions', { 'aria-label': 'Most frequent confusions' }, worst.map(([k, value]) => {
    const i = Math.floor(k / m.n), j = k % m.n;
    return el('li', {}, el('button', { type: 'button', onclick: () => only({ label: m.names[i], pred: m.names[j] }, 'rows') },
      el('span.pair', {}, titled(m.names[i], 'bdi', 40), el('span.dim', {}, ' taken for '), titled(m.names[j], 'bdi', 40)),
      el('span.bar', { 'aria-hidden': 'true' }, el('i', { style: { width: 100 * value / most + '%' } })),
      el('span.value', {}, count(value))));
  }));
}
