import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

export interface UrlState {
  get(name: string): string | undefined;
  /** Changes some parameters; undefined or '' takes one out. A change of anything but the cursor goes to the first page. */
  set(changes: Record<string, string | undefined>, options?: { replace?: boolean }): void;
}

/** The state of a page lives in its address, so that a link shows a colleague the same. */
export function useUrlState(): UrlState {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (changes: Record<string, string | undefined>, options: { replace?: boolean } = {}) => {
      setParams(
        (present) => {
          const next = new URLSearchParams(present);
          if (!('cursor' in changes)) next.delete('cursor');
          for (const [name, value] of Object.entries(changes)) {
            if (value === undefined || value === '') next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: options.replace ?? false },
      );
    },
    [setParams],
  );
  return useMemo(() => ({ get: (name) => params.get(name) ?? undefined, set }), [params, set]);
}
