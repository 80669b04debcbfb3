/** Node versions, and the ranges of `engines.node` in package.json files; without dependencies, because it runs before there are any. */

/** Whether a version (`20.19.0`) is in a range (`^20.19.0 || >=24`). @throws Error for a form of range that is not known here */
export function satisfies(version, range) {
  const wanted = version.split('.').map(Number);
  return range.split('||').some((part) => comparators(part).every((holds) => holds(wanted)));
}

function comparators(part) {
  const texts = part
    .trim()
    .replace(/([<>=^~])\s+/g, '$1')
    .split(/\s+/)
    .filter((text) => text !== '');
  return texts.map((text) => {
    const found = /^(>=|<=|>|<|\^|~|=)?v?(\d+|[*x])(?:\.(\d+|[*x]))?(?:\.(\d+|[*x]))?$/.exec(text);
    if (!found) throw new Error(`unknown form of a version range: ${text}`);
    const [, operator = '', ...numbers] = found;
    const given = numbers.filter((number) => number !== undefined && number !== '*' && number !== 'x').map(Number);
    const low = [given[0] ?? 0, given[1] ?? 0, given[2] ?? 0];
    switch (operator) {
      case '>=':
        return (version) => compare(version, low) >= 0;
      case '>':
        return (version) => compare(version, low) > 0;
      case '<':
        return (version) => compare(version, low) < 0;
      case '<=':
        return (version) => compare(version, low) <= 0;
      case '^':
        return (version) => version[0] === low[0] && compare(version, low) >= 0;
      case '~':
        return (version) => version[0] === low[0] && version[1] === low[1] && compare(version, low) >= 0;
      default:
        return (version) => given.every((number, n) => version[n] === number);
    }
  });
}

function compare(a, b) {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
