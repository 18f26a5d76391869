// The canvas of the map: drawing, moving, pointing, selecting. Places are the map's own until they reach the screen.

const vertexShader = 'attribute vec2 place; attribute vec4 color; uniform vec2 center, scale; uniform float size; varying vec4 tint; void main() { gl_Position = vec4((place - center) * scale, 0.0, 1.0); gl_PointSize = color.a < 0.5 ? size * 0.7 : size; tint = color; }';
const fragmentShader = 'precision mediump float; varying vec4 tint; void main() { float d = length(gl_PointCoord - 0.5); float a = tint.a * (1.0 - smoothstep(0.4, 0.5, d)); if (a < 0.01) discard; gl_FragColor = vec4(tint.rgb * a, a); }';

/** A program of two shaders with three buffers, or null where the browser has no WebGL. @param {HTMLCanvasElement} canvas */
function pointProgram(canvas) {
  const gl = canvas.getContext('webgl', { antialias: false, premultipliedAlpha: true, preserveDrawingBuffer: true });
  if (!gl) return null;
  const program = /** @type {WebGLProgram} */ (gl.createProgram());
  for (const [kind, source] of /** @type {[number, string][]} */ ([[gl.VERTEX_SHADER, vertexShader], [gl.FRAGMENT_SHADER, fragmentShader]])) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  gl.useProgram(program);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  const buffer = (/** @type {string} */ attribute, /** @type {number} */ width, /** @type {number} */ type, /** @type {boolean} */ normal) => {
    const made = gl.createBuffer(), at = gl.getAttribLocation(program, attribute);
    gl.bindBuffer(gl.ARRAY_BUFFER, made);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, width, type, normal, 0, 0);
    return (/** @type {Float32Array | Uint8Array} */ data) => { gl.bindBuffer(gl.ARRAY_BUFFER, made); gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW); };
  };
  return { gl, places: buffer('place', 2, gl.FLOAT, false), colors: buffer('color', 4, gl.UNSIGNED_BYTE, true), uniform: (/** @type {string} */ n) => gl.getUniformLocation(program, n) };
}

function mapView() {
  const n = mapTable.rows;
  const xs = Float32Array.from({ length: n }, (_, i) => mapTable.get('x', i) ?? NaN), ys = Float32Array.from({ length: n }, (_, i) => mapTable.get('y', i) ?? NaN);
  const canvas = el('canvas.points', { tabindex: 0, role: 'img', 'aria-label': `Map of ${n} rows. Arrow keys move, plus and minus zoom, 0 shows all; the filters and the list below select without a pointer.` });
  const over = svg('svg.lasso', { 'aria-hidden': 'true' });
  const tip = el('div.tip', { hidden: true });
  const root = el('div.map', {}, canvas, over, tip);
  const program = pointProgram(canvas);
  const flat = program ? null : canvas.getContext('2d');
  // Errors are drawn last, so that they are never hidden by what is right.
  let drawn = Uint32Array.from({ length: n }, (_, i) => i);
  /** @type {(i: number) => number[]} */
  let colorOf = () => [0, 0, 0];
  const whole = bounds(xs, ys);
  let center = [...whole.center], zoom = 1, waiting = false;
  const box = () => ({ width: Math.max(1, canvas.clientWidth), height: Math.max(1, canvas.clientHeight) });
  /** Units of the map per half of the shorter side. */
  const reach = () => whole.reach / zoom;
  const aspect = () => { const b = box(), s = Math.min(b.width, b.height); return [s / b.width, s / b.height]; };
  const toScreen = (/** @type {number} */ x, /** @type {number} */ y) => { const b = box(), s = Math.min(b.width, b.height) / 2 / reach(); return [b.width / 2 + (x - center[0]) * s, b.height / 2 - (y - center[1]) * s]; };
  const toMap = (/** @type {number} */ px, /** @type {number} */ py) => { const b = box(), s = Math.min(b.width, b.height) / 2 / reach(); return [center[0] + (px - b.width / 2) / s, center[1] - (py - b.height / 2) / s]; };

  function upload() {
    const places = new Float32Array(2 * n), colors = new Uint8Array(4 * n);
    drawn.forEach((i, k) => {
      places[2 * k] = xs[i];
      places[2 * k + 1] = ys[i];
      colors.set(colorOf(i), 4 * k);
      colors[4 * k + 3] = left[i] ? 225 : 20;
    });
    if (program) { program.places(places); program.colors(colors); }
    later();
  }
  function draw() {
    waiting = false;
    const b = box(), ratio = devicePixelRatio || 1;
    if (canvas.width !== Math.round(b.width * ratio) || canvas.height !== Math.round(b.height * ratio)) [canvas.width, canvas.height] = [Math.round(b.width * ratio), Math.round(b.height * ratio)];
    const size = Math.min(12, Math.max(2.5, 110 / Math.sqrt(n) * Math.sqrt(zoom) + 2.5)) * ratio;
    if (program) {
      const { gl } = program, [ax, ay] = aspect();
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.uniform2f(program.uniform('center'), center[0], center[1]);
      gl.uniform2f(program.uniform('scale'), ax / reach(), ay / reach());
      gl.uniform1f(program.uniform('size'), size);
      gl.drawArrays(gl.POINTS, 0, n);
    } else if (flat) {
      flat.clearRect(0, 0, canvas.width, canvas.height);
      for (const i of drawn) {
        const [px, py] = toScreen(xs[i], ys[i]);
        flat.globalAlpha = left[i] ? 0.9 : 0.08;
        flat.fillStyle = `rgb(${colorOf(i).join(' ')})`;
        flat.fillRect(px * ratio - size / 2, py * ratio - size / 2, size, size);
      }
    }
  }
  function later() {
    if (!waiting) requestAnimationFrame(draw);
    waiting = true;
  }
  const zoomAt = (/** @type {number} */ factor, /** @type {number} */ px, /** @type {number} */ py) => {
    const before = toMap(px, py);
    zoom = Math.min(2000, Math.max(0.5, zoom * factor));
    const after = toMap(px, py);
    center = [center[0] + before[0] - after[0], center[1] + before[1] - after[1]];
    later();
  };
  const reset = () => { center = [...whole.center]; zoom = 1; later(); };
  /** The point under the pointer, −1 for none. */
  const nearest = (/** @type {number} */ px, /** @type {number} */ py) => {
    const [mx, my] = toMap(px, py), far = toMap(px + 9, py)[0] - mx;
    let best = -1, least = far * far;
    for (let i = 0; i < n; i++) {
      if (!left[i]) continue;
      const dx = xs[i] - mx, dy = ys[i] - my, d = dx * dx + dy * dy;
      if (d < least) [best, least] = [i, d];
    }
    return best;
  };
  const inView = () => {
    const b = box(), [x0, y1] = toMap(0, 0), [x1, y0] = toMap(b.width, b.height);
    return pick(i => xs[i] >= x0 && xs[i] <= x1 && ys[i] >= y0 && ys[i] <= y1);
  };
  const pick = (/** @type {(i: number) => boolean} */ test) => {
    const chosen = new Set();
    for (let i = 0; i < n; i++) if (left[i] && test(i)) chosen.add(mapTable.get('row', i));
    return chosen;
  };

  /** @param {() => string} tool @param {(rows: Set<number>) => void} chosen */
  function listen(tool, chosen) {
    /** @type {{ x: number, y: number, path: number[][] | null, moved: boolean } | null} */
    let drag = null;
    canvas.addEventListener('pointerdown', (/** @type {PointerEvent} */ e) => {
      canvas.setPointerCapture(e.pointerId);
      drag = { x: e.offsetX, y: e.offsetY, path: (tool() === 'lasso') !== e.shiftKey ? [[e.offsetX, e.offsetY]] : null, moved: false };
    });
    canvas.addEventListener('pointermove', (/** @type {PointerEvent} */ e) => {
      if (!drag) return hover(e.offsetX, e.offsetY);
      if (Math.abs(e.offsetX - drag.x) + Math.abs(e.offsetY - drag.y) > 3) drag.moved = true;
      if (drag.path) {
        drag.path.push([e.offsetX, e.offsetY]);
        refill(over, svg('polygon', { points: drag.path.map(p => p.join(',')).join(' ') }));
      } else if (drag.moved) {
        const [ax, ay] = toMap(drag.x, drag.y), [bx, by] = toMap(e.offsetX, e.offsetY);
        center = [center[0] + ax - bx, center[1] + ay - by];
        [drag.x, drag.y] = [e.offsetX, e.offsetY];
        later();
      }
    });
    canvas.addEventListener('pointerup', (/** @type {PointerEvent} */ e) => {
      const ended = drag;
      drag = null;
      over.textContent = '';
      if (ended && !ended.moved) {
        const i = nearest(e.offsetX, e.offsetY);
        if (i >= 0) choose({ row: mapTable.get('row', i) });
      } else if (ended?.path) {
        const ring = ended.path.map(p => toMap(p[0], p[1]));
        chosen(pick(i => inside(xs[i], ys[i], ring)));
      }
    });
    canvas.addEventListener('pointerleave', () => { tip.hidden = true; });
    canvas.addEventListener('wheel', (/** @type {WheelEvent} */ e) => { e.preventDefault(); zoomAt(Math.exp(-e.deltaY / 400), e.offsetX, e.offsetY); }, { passive: false });
    canvas.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key], b = box();
      if (step) center = [center[0] + step[0] * reach() / 5, center[1] + step[1] * reach() / 5];
      else if (e.key === '+' || e.key === '=') zoomAt(1.4, b.width / 2, b.height / 2);
      else if (e.key === '-') zoomAt(1 / 1.4, b.width / 2, b.height / 2);
      else if (e.key === '0') reset();
      else return;
      e.preventDefault();
      later();
    });
    new ResizeObserver(later).observe(canvas);
  }
  let hovered = -1;
  function hover(/** @type {number} */ px, /** @type {number} */ py) {
    const i = nearest(px, py);
    tip.hidden = i < 0;
    if (i < 0) { hovered = -1; return; }
    if (i !== hovered) {
      const number = mapTable.get('row', i), row = rowsByNumber.get(number);
      refill(tip, picture(row), el('div', {}, el('b', {}, titled(mapTable.get('id', i) ?? '#' + number)), el('div', {}, titled(mapTable.get('label', i)), correctAt(i) === 0 && [' taken for ', el('span.wrong', {}, titled(mapTable.get('pred', i)))]),
        el('div.dim', {}, mapTable.get('confidence', i) === null ? '' : `confidence ${percent(mapTable.get('confidence', i))}`, mapTable.get('cause', i) && ` · ${words(mapTable.get('cause', i))}`)));
    }
    hovered = i;
    const [x, y] = toScreen(xs[i], ys[i]);
    tip.style.left = Math.min(x + 14, box().width - 230) + 'px';
    tip.style.top = Math.max(4, y - 30) + 'px';
  }

  return {
    root, reset, inView, listen, filter: upload,
    color: (/** @type {(i: number) => number[]} */ color, /** @type {(i: number) => boolean} */ last) => {
      colorOf = color;
      /** @type {number[][]} */
      const ends = [[], []];
      for (let i = 0; i < n; i++) ends[Number(last(i))].push(i);
      drawn = Uint32Array.from(ends.flat());
      upload();
    },
  };
}

/** The middle of all points, and how far the farthest but few are. @param {Float32Array} xs @param {Float32Array} ys */
function bounds(xs, ys) {
  const ends = [xs, ys].map(v => { const s = v.filter(Number.isFinite).sort(); return s.length > 0 ? [s[0], s[s.length - 1]] : [0, 1]; });
  return { center: ends.map(([a, b]) => (a + b) / 2), reach: Math.max(1e-9, ...ends.map(([a, b]) => (b - a) / 2)) * 1.06 };
}

/** A place is inside a closed line, by the even-odd rule. @param {number} x @param {number} y @param {number[][]} ring */
function inside(x, y, ring) {
  let odd = false;
  for (let a = 0, b = ring.length - 1; a < ring.length; b = a++)
    if (ring[a][1] > y !== ring[b][1] > y && x < (ring[b][0] - ring[a][0]) * (y - ring[a][1]) / (ring[b][1] - ring[a][1]) + ring[a][0]) odd = !odd;
  return odd;
}
