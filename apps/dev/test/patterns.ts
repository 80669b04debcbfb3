import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const RUNNER = fileURLToPath(new URL('pattern-runner.mjs', import.meta.url));

export interface Pattern {
  /** `file:line`, or the name of the schema it stands in. */
  place: string;
  source: string;
  flags: string;
}

/** Every regular expression written down in the sources below the folders, but for specs and what only they use. */
export function patternsIn(folders: readonly string[]): Pattern[] {
  const found: Pattern[] = [];
  for (const file of folders.flatMap(sourcesIn)) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
        found.push({ place: `${file}:${line + 1}`, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => name.endsWith('.ts') && !/\.spec\.ts$|\/test\/|\/generated\//.test(name));
}

/**
 * The pattern that takes far longer for a text than reading it takes; null when none does.
 * @param patienceMs without any news; a run has hundreds of texts for each pattern
 */
export async function whoHangs(patterns: readonly Pattern[], patienceMs: number): Promise<string | null> {
  const child = spawn(process.execPath, [RUNNER], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  const hang = () => child.kill('SIGKILL');
  let watch = setTimeout(hang, patienceMs);
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    clearTimeout(watch);
    watch = setTimeout(hang, patienceMs);
  });
  child.stdin.end(JSON.stringify(patterns));
  await once(child, 'close');
  clearTimeout(watch);
  return said.endsWith('all done\n') ? null : (said.trimEnd().split('\n').at(-1) ?? 'nothing was said');
}
