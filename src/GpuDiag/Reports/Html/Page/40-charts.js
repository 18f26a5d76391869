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
 * A line chart on the unit square, or between given limits.
 * @param {{ label: string, x: string, y: string, diagonal?: boolean, hint?: string,
 *   lines: { name: string, points: { x: number, y: number, low?: number | null, high?: number | null, weight?: number, text?: string }[], dots?: boolean, color?: string }[] }} chart
 */
function lineChart(chart) {
  const [width, height, left, bottom, top, right] = [420, 320, 46, 40, 10, 12];
  const px = (/** @type {number} */ v) => left + v * (width - left - right);
  const py = (/** @type {number} */ v) => height - bottom - v * (height - bottom - top);
  const root = svg('svg.chart', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': chart.label });
  for (let t = 0; t <= 5; t++) {
    const v = t / 5;
    append(root, [
      svg('line.grid', { x1: px(v), x2: px(v), y1: py(0), y2: py(1) }),
      svg('line.grid', { x1: px(0), x2: px(1), y1: py(v), y2: py(v) }),
      svg('text.tick', { x: px(v), y: py(0) + 16, 'text-anchor': 'middle' }, v.toFixed(1)),
      svg('text.tick', { x: px(0) - 7, y: py(v) + 4, 'text-anchor': 'end' }, v.toFixed(1)),
    ]);
  }
  append(root, [
    svg('text.axis', { x: px(0.5), y: height - 6, 'text-anchor': 'middle' }, chart.x),
    svg('text.axis', { x: 12, y: py(0.5), 'text-anchor': 'middle', transform: `rotate(-90 12 ${py(0.5)})` }, chart.y),
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
