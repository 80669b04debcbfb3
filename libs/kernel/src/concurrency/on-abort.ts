const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `act` when the signal is aborted; returns what takes that back. A signal finds a listener that is to be removed by
 * walking through all it has, and a sweep puts one on the same signal for every call: here they share one.
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  let acts = waiting.get(signal);
  if (!acts) {
    const all = (acts = new Set());
    waiting.set(signal, all);
    signal.addEventListener('abort', () => all.forEach((each) => each()), { once: true });
  }
  const mine = acts;
  mine.add(act);
  return () => mine.delete(act);
}
