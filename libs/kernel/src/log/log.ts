import { Secret } from '../sealing/secret.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
const ORDER: Record<LogLevel, number> = { debug: 10, info: 20, warn: 30, error: 40 };

/** Names of fields whose values are never written, whatever their type. */
const SENSITIVE = /token|secret|password|ticket|auth_?code|api_?key|aes_?key|authorization$|cookie/i;
/** Names that match above but carry no secret: times, counts, ids and states about a token. */
const HARMLESS = /(_at|At|_?ms|Ms|count|Count|state|State|_?id|Id|generation|seconds|Seconds)$/;

/**
 * What JSON leaves as it is and a terminal or a log viewer may take for more than text: further control characters, line
 * separators, and marks that turn the direction of writing around. Escaped, they are still the same JSON.
 */
const UNSHOWABLE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

export type LogFields = Record<string, unknown>;

/**
 * Structured JSON lines, one event a line. `event` is a short stable name (`token.refreshed`), everything variable is
 * a field. An `error` line should wake somebody up; what heals itself is a `warn`.
 */
export class Log {
  constructor(
    private readonly level: LogLevel = 'info',
    private readonly write: (line: string) => void = (line) => process.stdout.write(line + '\n'),
    private readonly fields: LogFields = {},
  ) {}

  /** A log that adds `fields` to every line. */
  child(fields: LogFields): Log {
    return new Log(this.level, this.write, { ...this.fields, ...fields });
  }

  debug(event: string, fields?: LogFields): void {
    this.emit('debug', event, fields);
  }

  info(event: string, fields?: LogFields): void {
    this.emit('info', event, fields);
  }

  warn(event: string, fields?: LogFields): void {
    this.emit('warn', event, fields);
  }

  error(event: string, fields?: LogFields): void {
    this.emit('error', event, fields);
  }

  /** Whether lines of this level are written; for callers whose fields cost something to collect. */
  writes(level: LogLevel): boolean {
    return ORDER[level] >= ORDER[this.level];
  }

  private emit(level: LogLevel, event: string, fields: LogFields = {}): void {
    if (!this.writes(level)) return;
    const line = { at: new Date().toISOString(), level, event, ...this.fields, ...fields };
    this.write(JSON.stringify(line, redact).replace(UNSHOWABLE, escapeCharacter));
  }
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function redact(name: string, value: unknown): unknown {
  if (value instanceof Secret) return value.toJSON();
  if (value instanceof Error) return describeError(value);
  if (typeof value === 'bigint') return value.toString();
  if (name !== '' && value != null && typeof value !== 'boolean' && SENSITIVE.test(name) && !HARMLESS.test(name)) {
    return '[redacted]';
  }
  return value;
}

/** What a log line says of an error: its name, code, message and causes; never enumerable extras such as request data. */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: typeof error === 'string' ? error : 'non-error thrown' };
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: error.message,
    ...(depth === 0 ? { stack: error.stack?.split('\n').slice(1, 6).join('\n') } : {}),
    ...(error.cause !== undefined && depth < 3 ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}
