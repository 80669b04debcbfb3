/** A variable of the environment that we do not know, and the one that was probably meant. */
export interface Misspelt {
  readonly name: string;
  readonly meant: string;
}

/** This many letters may be wrong: short names are close to many others (HOME and HOST). */
function tolerance(name: string): number {
  return name.length < 8 ? 1 : 2;
}

/**
 * Names that are like one of ours, but not it: `DATABASE_ULR` would silently start the embedded database.
 * @param known the names that are read
 */
export function misspeltVariables(env: NodeJS.ProcessEnv, known: readonly string[]): Misspelt[] {
  const ours = new Set(known);
  return Object.keys(env)
    .filter((name) => !ours.has(name) && name.length >= 4)
    .flatMap((name) => {
      const meant = known.find((candidate) => distance(name.toUpperCase(), candidate) <= tolerance(candidate));
      return meant === undefined ? [] : [{ name, meant }];
    });
}

/** Letters to add, leave out, replace or swap with the next one (optimal string alignment). */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, (last[j] as number) + 1, (row[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] as number) + 1);
      }
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] as number;
}
