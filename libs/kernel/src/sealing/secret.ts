import { timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/**
 * A value that must never be printed: token, app secret, key. Every way of turning it into text by accident
 * (template string, JSON, console, error formatting) yields `[redacted]`; only `reveal()` gives the value.
 */
export class Secret {
  // A private field: not enumerable, not reachable by a debugger-style property walk such as util.inspect.
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  static of(value: string): Secret {
    return new Secret(value);
  }

  /** The value itself. Call it at the last moment, where it leaves the process. */
  reveal(): string {
    return this.#value;
  }

  /** Constant-time comparison (for equal lengths). */
  equals(other: Secret): boolean {
    const a = Buffer.from(this.#value);
    const b = Buffer.from(other.#value);
    return a.length === b.length && timingSafeEqual(a, b);
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
