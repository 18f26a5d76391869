// Small charts. Colours come from the style sheet, so that they follow dark and light.

/**
 * A bar of an interval: a line from low to high, a dot at the value, within a range.
 * @param {{ value?: number | null, low?: number | null, high?: number | null }} e
 * @param {number} [from] the left end
 * @param {number} [to] the right end
 * @param {number | null} [mark] a value to compare with
 */
function intervalBar(e, from = 0, to = 1, mark = null) {
  const x = (/** @type {number} */ v) => 100 * Math.min(1, Math.max(0, (v - from) / (to - from || 1)));
  if (e.value === null || e.value === undefined) return el('span.interval.empty');
  const low = e.low ?? e.value, high = e.high ?? e.value;
  return el('span.interval', { 'aria-hidden': 'true' },
    mark !== null && el('i.mark', { style: { left: x(mark) + '%' } }),
    el('i.range', { style: { left: x(low) + '%', width: Math.max(1, x(high) - x(low)) + '%' } }),
    el('i.dot', { style: { left: x(e.value) + '%' } }));
}

/** An estimate as text, its interval dimmed. @param {any} e @param {(x: any) => string} format */
function estimateText(e, format) {
  return [el('span.value', {}, format(e.value)), el('span.dim', {}, rangeText(e, format))];
}

/** The ends of an interval; nothing where it has none. @param {any} e @param {(x: any) => string} format */
function rangeText(e, format) {
  if (e.low === null || e.low === undefined || e.high === null || e.high === undefined) return '';
  return format === percent ? `${(100 * e.low).toFixed(1)} – ${percent(e.high)}` : `${format(e.low)} – ${format(e.high)}`;
}

/**
 * A line chart on the unit square. `from` and `to`: other ends of the y axis; `ticks`: names at equal distances on the x axis instead of numbers; `limit`: a line to compare with.
 * @param {{ label: string, x: string, y: string, diagonal?: boolean, hint?: string, from?: number, to?: number, ticks?: string[], limit?: number | null,
 *   lines: { name: string, points: { x: number, y: number, low?: number | null, high?: number | null, weight?: number, text?: string }[], dots?: boolean, color?: string }[] }} chart
 */
function lineChart(chart) {
  const [width, height, left, bottom, top, right] = [420, 320, 46, 40, 10, 12];
  const px = (/** @type {number} */ v) => left + v * (width - left - right);
  const [from, to] = [chart.from ?? 0, chart.to ?? 1];
  const py = (/** @type {number} */ v) => height - bottom - (v - from) / (to - from) * (height - bottom - top);
  const digits = Math.max(1, Math.ceil(-Math.log10((to - from) / 5) - 1e-9));
  const root = svg('svg.chart', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': chart.label });
  for (let t = 0; t <= 5; t++) {
    const v = from + t / 5 * (to - from);
    append(root, [
      svg('line.grid', { x1: px(0), x2: px(1), y1: py(v), y2: py(v) }),
      svg('text.tick', { x: px(0) - 7, y: py(v) + 4, 'text-anchor': 'end' }, v.toFixed(digits)),
    ]);
  }
  const names = chart.ticks ?? [0, 1, 2, 3, 4, 5].map(t => (t / 5).toFixed(1));
  names.forEach((name, i) => {
    const at = names.length > 1 ? i / (names.length - 1) : 0.5;
    // No more names than there is room for.
    const told = i % Math.ceil(names.length / 12) === 0;
    append(root, [svg('line.grid', { x1: px(at), x2: px(at), y1: py(from), y2: py(to) }), told && svg('text.tick', { x: px(at), y: py(from) + 16, 'text-anchor': i === names.length - 1 && i > 0 && name.length > 4 ? 'end' : 'middle' }, name)]);
  });
  append(root, [
    svg('text.axis', { x: px(0.5), y: height - 6, 'text-anchor': 'middle' }, chart.x),
    svg('text.axis', { x: 12, y: py((from + to) / 2), 'text-anchor': 'middle', transform: `rotate(-90 12 ${py((from + to) / 2)})` }, chart.y),
    chart.limit !== null && chart.limit !== undefined && chart.limit <= to && svg('line.diagonal', { x1: px(0), x2: px(1), y1: py(chart.limit), y2: py(chart.limit) }),
    chart.diagonal && svg('line.diagonal', { x1: px(0), y1: py(0), x2: px(1), y2: py(1) }),
  ]);
  const heaviest = Math.max(1, ...chart.lines.flatMap(l => l.points.map(p => p.weight ?? 0)));
  chart.lines.forEach((line, i) => {
    const color = line.color ?? `var(--series-${i % 8})`;
    const at = (/** @type {any} */ p) => `${px(p.x).toFixed(1)},${py(p.y).toFixed(1)}`;
    const group = svg('g', { style: { '--c': color } });
    for (const p of line.points)
      if (p.low !== null && p.low !== undefined && p.high !== null && p.high !== undefined)
        append(group, [svg('line.error', { x1: px(p.x), x2: px(p.x), y1: py(p.low), y2: py(p.high) })]);
    append(group, [svg('polyline.line', { points: line.points.map(at).join(' ') })]);
    if (line.dots)
      for (const p of line.points)
        append(group, [svg('circle.point', { cx: px(p.x), cy: py(p.y), r: 3 + 5 * Math.sqrt((p.weight ?? 0) / heaviest) }, svg('title', {}, p.text ?? ''))]);
    append(root, [group]);
  });
  return el('figure.figure', {}, root,
    chart.lines.length > 1 && el('div.legend', {}, chart.lines.map((line, i) => el('span', {}, el('i.swatch', { style: { background: line.color ?? `var(--series-${i % 8})` } }), titled(line.name)))),
    chart.hint && el('figcaption.dim', {}, chart.hint));
}

/** Ends of an axis of five equal, round steps that holds these values. @param {number[]} values @returns {[number, number]} */
function axisEnds(values) {
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values), high = Math.max(...values);
  for (let power = Math.floor(Math.log10((high - low) / 5 || 0.01)); ; power++) {
    for (const digit of [1, 2, 5]) {
      const step = digit * 10 ** power, from = Math.floor(low / step + 1e-9) * step;
      if (from + 5 * step >= high - 1e-9 * step) return [from, from + 5 * step];
    }
  }
}

/** The colour of a cause. @param {string | null} cause */
function causeColor(cause) {
  const place = (summary.causes?.causes ?? []).findIndex((/** @type {any} */ c) => c.cause === cause);
  return place < 0 ? 'var(--dim)' : `var(--cause-${place % 10})`;
}

/**
 * One bar of parts that sum to a whole; a part is a button.
 * @param {{ name: string, value: number, color: string, title: string, pick: () => void }[]} parts
 * @param {string} label
 */
function stackedBar(parts, label) {
  const whole = parts.reduce((sum, p) => sum + p.value, 0);
  return el('div.stack', { role: 'group', 'aria-label': label }, parts.filter(p => p.value > 0).map(p =>
    el('button.part', { type: 'button', title: p.title, 'aria-label': p.title, style: { 'flex-grow': p.value, background: p.color }, onclick: p.pick },
      p.value / whole > 0.07 && el('span', {}, percent(p.value / whole)))));
}
