import { appendFileSync, readFileSync } from 'node:fs';

/*
 * Loaded before a program (`node --import`): its wall clock is off by what a file says, in milliseconds, and jumps when
 * the file changes. The monotonic clock and timers stay as they are, as when a clock is set on a real machine. Into a second
 * file go the times at which the process stood still.
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

/** Times at which this process got no processor: on a busy machine that is a fault which nobody injected. */
const STALL_MS = 300;
const EVERY_MS = 200;
let lastMs = performance.now();

function noteStall(): void {
  const nowMs = performance.now();
  const lateMs = nowMs - lastMs - EVERY_MS;
  lastMs = nowMs;
  if (lateMs < STALL_MS) return;
  const now = RealDate.now();
  appendFileSync(`${file}.stalls`, `${Math.round(now - lateMs)} ${now}\n`);
}

if (file !== undefined) {
  read();
  setInterval(() => {
    read();
    noteStall();
  }, EVERY_MS).unref();
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [RealDate.now() + offsetMs] : args, newTarget) as object,
    apply: () => new RealDate(RealDate.now() + offsetMs).toString(),
    get: (target, name, receiver) =>
      name === 'now' ? () => RealDate.now() + offsetMs : (Reflect.get(target, name, receiver) as unknown),
  });
}
