// The expressions that actions give to select rows by, as SQL writes them:
//   cause = 'label_error'   not correct   label_agreement <= 0.2 and pred_agreement >= 0.8   failing_segments like '%a=b%'   x is not null

/**
 * A test of rows from an expression; null where it is none of ours.
 * @param {string} text
 * @returns {((row: any) => boolean) | null}
 */
function selection(text) {
  const tokens = text.match(/'(?:[^']|'')*'|[a-z_][a-z_0-9]*|<=|>=|<>|[=<>]|-?[0-9.]+(?:e[-+]?[0-9]+)?|\S/gi) ?? [];
  let at = 0;
  const next = (/** @type {string} */ word) => tokens[at]?.toLowerCase() === word && ++at > 0;
  /** @type {((row: any) => boolean)[]} */
  const tests = [];
  do {
    const negated = next('not');
    const column = tokens[at++];
    if (!column || !/^[a-z_]/i.test(column)) return null;
    let test = (/** @type {any} */ row) => Boolean(row[column]);
    if (next('is')) {
      const some = next('not');
      if (!next('null')) return null;
      test = row => (row[column] !== null && row[column] !== undefined) === some;
    } else if (next('like')) {
      const wanted = literal(tokens[at++]);
      if (typeof wanted !== 'string') return null;
      test = like(column, wanted);
    } else if (/^(<=|>=|<>|[=<>])$/.test(tokens[at] ?? '')) {
      const sign = tokens[at++];
      const wanted = literal(tokens[at++]);
      if (wanted === undefined) return null;
      test = row => compare(row[column], sign, wanted);
    }
    tests.push(negated ? row => row[column] !== null && row[column] !== undefined && !test(row) : test);
  } while (next('and'));
  return at === tokens.length ? row => tests.every(test => test(row)) : null;
}

/** @param {string | undefined} token */
function literal(token) {
  if (token === undefined) return undefined;
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  const value = Number(token);
  return Number.isNaN(value) ? undefined : value;
}

/** @param {any} value @param {string} sign @param {any} wanted */
function compare(value, sign, wanted) {
  if (value === null || value === undefined) return false;
  switch (sign) {
    case '=': return value === wanted;
    case '<>': return value !== wanted;
    case '<': return value < wanted;
    case '>': return value > wanted;
    case '<=': return value <= wanted;
    default: return value >= wanted;
  }
}

/** LIKE with % alone, as far as the actions use it. @param {string} column @param {string} pattern */
function like(column, pattern) {
  const parts = pattern.split('%');
  const first = parts[0], last = parts[parts.length - 1], inner = parts.slice(1, -1);
  return (/** @type {any} */ row) => {
    const value = row[column];
    if (typeof value !== 'string') return false;
    if (parts.length === 1) return value === pattern;
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    let from = first.length;
    for (const part of inner) {
      const found = value.indexOf(part, from);
      if (found < 0) return false;
      from = found + part.length;
    }
    return from <= value.length - last.length;
  };
}
