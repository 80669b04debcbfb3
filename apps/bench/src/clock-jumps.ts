import { readFileSync } from 'node:fs';

/*
 * Loaded before a program (`node --import`): its wall clock is off by what a file says, in milliseconds, and jumps when
 * the file changes. The monotonic clock and timers stay as they are, as when a clock is set on a real machine.
 */
const RealDate = Date;
const file = process.env.CLOCK_OFFSET_FILE;
let offsetMs = 0;

function read(): void {
  try {
    offsetMs = Number(readFileSync(file as string, 'utf8')) || 0;
  } catch {
    // Not written yet: the clock is right.
  }
}

if (file !== undefined) {
  read();
  setInterval(read, 200).unref();
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [RealDate.now() + offsetMs] : args, newTarget) as object,
    apply: () => new RealDate(RealDate.now() + offsetMs).toString(),
    get: (target, name, receiver) =>
      name === 'now' ? () => RealDate.now() + offsetMs : (Reflect.get(target, name, receiver) as unknown),
  });
}
