/**
 * Runs `work` over `items` with at most `concurrency` at once, pulling the next item only when there is room, so that
 * memory stays flat however long the source is. Stops pulling when `signal` is aborted or `work` throws; what has
 * started is always awaited.
 */
export async function runBounded<T>(
  items: AsyncIterable<T> | Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  for await (const item of items) {
    if (failure || signal?.aborted) break;
    const promise = work(item)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(promise));
    running.add(promise);
    if (running.size >= concurrency) await Promise.race(running);
  }
  await Promise.all(running);
  if (failure) throw failure.error;
}
