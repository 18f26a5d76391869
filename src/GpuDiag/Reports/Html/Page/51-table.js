// A table that sorts by any column, filters by text and shows more on demand.

/**
 * @typedef {{ label: string, sort: (line: any) => any, show: (line: any) => any, number?: boolean, help?: string }} Column
 */

/**
 * @param {{ name: string, columns: Column[], lines: () => any[], total?: number, file?: string, pick?: (line: any) => void, say?: (line: any) => string,
 *   search?: (line: any) => string, sorted?: number, descending?: boolean, step?: number }} options `sorted`: the column; none for the given order
 */
function dataTable(options) {
  let sorted = options.sorted ?? -1, descending = options.descending ?? false, shown = options.step ?? 12, wanted = '';
  const body = el('tbody');
  const more = el('button.more', { type: 'button', onclick: () => { shown *= 4; draw(); } });
  const told = el('span.dim', { 'aria-live': 'polite' });
  const heads = options.columns.map((column, c) => el('th', { scope: 'col', class: column.number ? 'number' : null },
    el('button', {
      type: 'button', title: column.help ?? null,
      onclick: () => {
        descending = sorted === c ? !descending : Boolean(column.number);
        sorted = c;
        draw();
      },
    }, column.label)));

  function draw() {
    heads.forEach((th, c) => th.setAttribute('aria-sort', c !== sorted ? 'none' : descending ? 'descending' : 'ascending'));
    let chosen = options.lines();
    if (wanted && options.search) chosen = chosen.filter(line => /** @type {any} */ (options).search(line).toLowerCase().includes(wanted));
    if (sorted >= 0) {
      const key = options.columns[sorted].sort;
      chosen = [...chosen].sort((a, b) => order(key(a), key(b), descending));
    }
    refill(body, chosen.slice(0, shown).map(line => {
      const cells = options.columns.map((column, c) => {
        const content = column.show(line);
        const inner = c === 0 && options.pick ? el('button.link', { type: 'button', title: options.say?.(line) ?? null, onclick: () => options.pick?.(line) }, content) : content;
        return el('td', { class: column.number ? 'number' : null }, inner);
      });
      return el('tr', {}, cells);
    }), chosen.length === 0 && el('tr', {}, el('td.dim', { colspan: options.columns.length }, 'Nothing here.')));
    const left = chosen.length - shown;
    more.hidden = left <= 0;
    more.textContent = moreText(left, shown * 3);
    const beyond = (options.total ?? 0) > options.lines().length && filters() === 0 ? `; ${options.file} holds ${count(options.total)}` : '';
    told.textContent = `${count(chosen.length)} ${chosen.length === 1 ? options.name.replace(/(ss)es$|s$/, '$1') : options.name}${beyond}`;
  }

  const head = el('div.row', {}, told, options.search && el('input', {
    type: 'search', placeholder: 'Find in this table', 'aria-label': `Find in ${options.name}`,
    oninput: (/** @type {any} */ e) => { wanted = e.target.value.toLowerCase(); draw(); },
  }));
  const root = el('div.data', {}, head, el('div.scroll', {}, el('table', {}, el('caption.hidden', {}, options.name), el('thead', {}, el('tr', {}, heads)), body)), more);
  draw();
  return { root, draw };
}

/** What a button says that shows more of what is left. @param {number} left @param {number} step */
function moreText(left, step) {
  return left <= step ? `Show the other ${count(left)}` : `Show ${count(step)} more, of ${count(left)} others`;
}

/** Orders values; what is not there comes last either way. @param {any} a @param {any} b @param {boolean} descending */
function order(a, b, descending) {
  const missing = (/** @type {any} */ v) => v === null || v === undefined || Number.isNaN(v);
  if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b));
  const sign = a < b ? -1 : a > b ? 1 : 0;
  return descending ? -sign : sign;
}

/** A column of counts. @param {string} label @param {string} key @param {string} [help] @returns {Column} */
function countColumn(label, key, help) {
  return { label, number: true, sort: l => l[key], show: l => count(l[key]), help };
}

/**
 * A column of an estimate, with its bar.
 * @param {string} label @param {(line: any) => any} take @param {(x: any) => string} format @param {number | null} [mark] @param {number} [to]
 * @returns {Column}
 */
function estimateColumn(label, take, format, mark = null, to = 1) {
  return { label, number: true, sort: l => take(l).value, show: l => el('span.estimate', {}, intervalBar(take(l), 0, to, mark), estimateText(take(l), format)) };
}
