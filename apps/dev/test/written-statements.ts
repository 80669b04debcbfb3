import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

/** One INSERT, UPDATE or DELETE on a table of a schema, as it stands in the source. */
export interface Write {
  file: string;
  verb: 'INSERT' | 'UPDATE' | 'DELETE';
  /** With its schema. */
  table: string;
  /** From the verb to the end of the statement, or of the parenthesis that it stands in. */
  text: string;
}

/** A part of a text that is known only when it runs. */
const UNKNOWN = ' ? ';
const WRITE = /\b(INSERT INTO|UPDATE|DELETE FROM)\s+(?:ONLY\s+)?([a-z_]+\.[a-z_]+)/g;

/** Every write in the libraries. Texts are put together from the constants and functions of the source, as far as they are known. */
export function writes(): Write[] {
  const files = readdirSync('libs', { recursive: true, encoding: 'utf8' })
    .map((name) => join('libs', name))
    .filter((name) => /\/src\/.*\.ts$/.test(name) && !name.endsWith('.spec.ts') && !name.startsWith('libs/testing'));
  const texts = new Texts();
  return files.flatMap((file) => {
    const found = new Map<string, Write>();
    for (const text of texts.of(file)) {
      for (const match of text.matchAll(WRITE)) {
        const [, words = '', table = ''] = match;
        const verb = words.split(' ')[0] as Write['verb'];
        const part = statementAt(text, match.index);
        found.set(part, { file, verb, table, text: part });
      }
    }
    return [...found.values()];
  });
}

/** Up to the closing parenthesis of the CTE it stands in, or to the main statement behind the last CTE, or the end. */
function statementAt(text: string, from: number): string {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth < 0 || text[at] === ';') return text.slice(from, at);
  }
  return text.slice(from);
}

/** Template literals with their parts filled in. */
class Texts {
  private readonly sources = new Map<string, ts.SourceFile>();

  /** Of the outermost literals of a file. */
  of(file: string): string[] {
    const found: string[] = [];
    const visit = (node: ts.Node) => {
      if (ts.isTemplateExpression(node) || ts.isStringLiteralLike(node)) found.push(this.text(node, file, 0));
      else ts.forEachChild(node, visit);
    };
    visit(this.source(file));
    return found;
  }

  private source(file: string): ts.SourceFile {
    const known = this.sources.get(file);
    if (known) return known;
    const made = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ESNext, true);
    this.sources.set(file, made);
    return made;
  }

  private text(node: ts.Expression, file: string, depth: number): string {
    if (depth > 8) return UNKNOWN;
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isTemplateExpression(node)) {
      return (
        node.head.text +
        node.templateSpans.map((span) => this.text(span.expression, file, depth + 1) + span.literal.text).join('')
      );
    }
    if (ts.isParenthesizedExpression(node)) return this.text(node.expression, file, depth);
    // Either may run: what is said of the text holds for both.
    if (ts.isConditionalExpression(node)) {
      return `${this.text(node.whenTrue, file, depth + 1)} ${this.text(node.whenFalse, file, depth + 1)}`;
    }
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return this.text(node.body, file, depth + 1);
    if (ts.isCallExpression(node)) return this.text(node.expression, file, depth + 1);
    if (ts.isIdentifier(node)) return this.named(node.text, file, depth + 1);
    return UNKNOWN;
  }

  private named(name: string, file: string, depth: number): string {
    for (const statement of this.source(file).statements) {
      if (ts.isVariableStatement(statement)) {
        for (const { name: given, initializer } of statement.declarationList.declarations) {
          if (ts.isIdentifier(given) && given.text === name && initializer) return this.text(initializer, file, depth);
        }
      }
      if (ts.isFunctionDeclaration(statement) && statement.name?.text === name && statement.body) {
        const [first] = statement.body.statements.filter(ts.isReturnStatement);
        return first?.expression ? this.text(first.expression, file, depth) : UNKNOWN;
      }
      if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
        const bindings = statement.importClause?.namedBindings;
        const from = statement.moduleSpecifier.text;
        if (!from.startsWith('.') || !bindings || !ts.isNamedImports(bindings)) continue;
        const found = bindings.elements.find((element) => element.name.text === name);
        if (found)
          return this.named((found.propertyName ?? found.name).text, normalize(join(dirname(file), from)), depth);
      }
    }
    return UNKNOWN;
  }
}

/** What Citus refuses where a function is not immutable, by the construct that holds it. */
export function constructs(write: Write): { construct: string; text: string }[] {
  const { text } = write;
  const parts: { construct: string; text: string }[] = [];
  for (const match of text.matchAll(/\bCASE\b/g)) parts.push({ construct: 'CASE', text: caseAt(text, match.index) });
  for (const match of text.matchAll(/\bcoalesce\(/gi)) {
    parts.push({ construct: 'COALESCE', text: statementAt(text, match.index + match[0].length) });
  }
  const update = /\bDO UPDATE\b/.exec(text);
  const returning = /\bRETURNING\b/.exec(text);
  if (update) parts.push({ construct: 'DO UPDATE', text: text.slice(update.index, returning?.index) });
  if (returning) parts.push({ construct: 'RETURNING', text: text.slice(returning.index) });
  return parts;
}

function caseAt(text: string, from: number): string {
  let depth = 0;
  for (const match of text.slice(from).matchAll(/\b(CASE|END)\b/g)) {
    depth += match[0] === 'CASE' ? 1 : -1;
    if (depth === 0) return text.slice(from, from + match.index);
  }
  return text.slice(from);
}
