// Elements and texts. A value of the data goes to the page as text alone: through textContent, never as markup.

/** What an element holds: texts, numbers, nodes, lists of them; null, undefined and false are nothing. @typedef {any} Child */

/**
 * An element with properties, attributes, listeners and children.
 * @param {string} tag a name, then classes: 'div.card.wide'
 * @param {Record<string, any>} [props] `on…` a listener; `style` CSS properties; else an attribute (true: empty, false and null: none)
 * @param {...Child} children
 * @returns {any}
 */
function el(tag, props, ...children) {
  const [name, ...classes] = tag.split('.');
  return fill(document.createElement(name), classes, props, children);
}

/**
 * The same in SVG.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...Child} children
 * @returns {any}
 */
function svg(tag, props, ...children) {
  const [name, ...classes] = tag.split('.');
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), classes, props, children);
}

/**
 * @param {any} node
 * @param {string[]} classes
 * @param {Record<string, any> | undefined} props
 * @param {any[]} children
 */
function fill(node, classes, props, children) {
  node.classList.add(...classes);
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key === 'style') for (const [name, v] of Object.entries(value)) node.style.setProperty(name, String(v));
    else node.setAttribute(key, value === true ? '' : String(value));
  }
  append(node, children);
  return node;
}

/** @param {any} node @param {any[]} children */
function append(node, children) {
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

/** Puts children in place of what is there. @param {Element} node @param {...any} children */
function refill(node, ...children) {
  node.textContent = '';
  append(node, children);
}

/** A whole number with thin spaces between thousands. @param {number | null | undefined} n */
function count(n) {
  return n === null || n === undefined ? '–' : Math.round(n).toString().replace(/\B(?=(\d{3})+$)/g, '\u202F');
}

/** A share as a percentage with one digit. @param {number | null | undefined} x */
function percent(x) {
  return x === null || x === undefined || !Number.isFinite(x) ? '–' : (100 * x).toFixed(1) + '\u00A0%';
}

/** Four digits after the point, powers of ten where that shows nothing. @param {number | null | undefined} x */
function number(x) {
  if (x === null || x === undefined || !Number.isFinite(x)) return '–';
  if (Number.isInteger(x)) return Math.abs(x) >= 10000 ? count(x) : String(x);
  return Math.abs(x) < 0.0005 ? x.toExponential(1) : Math.abs(x) < 100 ? x.toFixed(4) : x.toFixed(1);
}

/** A gain in accuracy, in points. @param {number | null | undefined} x */
function points(x) {
  if (x === null || x === undefined) return '–';
  const text = (100 * x).toFixed(1);
  return Number(text) === 0 ? '0.0' : x > 0 ? '+' + text : '\u2212' + text.slice(1);
}

/** A class or value as a reader sees it: what is not there has a name too. @param {any} value */
function named(value) {
  return value === null || value === undefined ? '(none)' : value === '' ? '(empty)' : String(value).replace(/\s+/g, ' ');
}

/** A text of so many characters at most: of a longer one its beginning and its end, as long names often differ there alone. @param {string} text @param {number} most */
function short(text, most) {
  const all = text.length > most ? [...text] : [];
  const end = Math.floor(0.4 * most);
  return all.length > most ? all.slice(0, most - 1 - end).join('') + '…' + all.slice(-end).join('') : text;
}

/** A value that takes no more room than its place, whole on hover. @param {any} value @param {string} [tag] @param {number} [most] characters */
function titled(value, tag = 'bdi.name', most = 60) {
  const text = named(value);
  return el(tag, { title: text.length > Math.min(most, 14) ? text.slice(0, 1000) : null }, short(text, most));
}

/** column = value. @param {any} column @param {any} value */
function equation(column, value) {
  return [titled(column, 'bdi', 40), ' = ', titled(value, 'bdi', 100)];
}

/** A command, broken between its words alone. @param {string} text */
function command(text) {
  return el('code.command', {}, text.slice(0, 3000).split(' ').flatMap(word => [el('span', {}, word), ' ']));
}

/** snake_case to words. @param {string} text */
function words(text) {
  return text.replaceAll('_', ' ');
}

/** Saves text as a file. @param {string} fileName @param {string} text */
function save(fileName, text) {
  const link = el('a', { download: fileName, href: URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Lines of CSV; a value that a spreadsheet would take for a formula gets an apostrophe. @param {any[][]} lines */
function csv(lines) {
  const cell = (/** @type {any} */ value) => {
    let text = value === null || value === undefined ? '' : String(value);
    if (typeof value === 'string' && /^[=+\-@\t\r]/.test(text)) text = "'" + text;
    return /[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  return lines.map(line => line.map(cell).join(',')).join('\r\n') + '\r\n';
}
