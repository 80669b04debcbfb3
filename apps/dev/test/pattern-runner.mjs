/**
 * Runs patterns (JSON on stdin) over texts that are made to make them go back, and says which one it is at. A process of its
 * own, because nothing else can be stopped in the middle of a regular expression.
 */
const LENGTH = 200_000;

let input = '';
for await (const chunk of process.stdin) input += chunk;
const patterns = JSON.parse(input);
for (const { place, source, flags } of patterns) {
  process.stdout.write(`${place} /${source}/${flags}\n`);
  const pattern = new RegExp(source, flags);
  for (const text of hostileTexts(source)) {
    pattern.lastIndex = 0;
    if (pattern.global) text.replace(pattern, '');
    else pattern.test(text);
  }
}
process.stdout.write('all done\n');

/**
 * Runs of everything the pattern speaks of, alone and in pairs, behind what it also speaks of, with an end that fits
 * nothing. Long enough that going over them once for each character takes minutes, and going over them once a moment.
 */
function* hostileTexts(source) {
  const words = [...new Set(source.match(/[a-zA-Z]{2,}|[^\\^$*+?()[\]{}|]/g) ?? [])].slice(0, 30);
  const runs = [...new Set([...words, ' ', 'a', '0', '.', '-', '\n', '\u00e9'])];
  const beginnings = new Set(['', ...words.filter((word) => word.length > 1).slice(0, 3), words.slice(0, 3).join('')]);
  for (const [at, run] of runs.entries()) {
    const text = run.repeat(LENGTH / run.length);
    yield text;
    for (const beginning of beginnings) yield `${beginning}${text}\u0001`;
    const other = runs[(at + 1) % runs.length];
    yield `${(run + other).repeat(LENGTH / (run.length + other.length))}\u0001`;
  }
}
