import { useSyncExternalStore, type ReactNode } from 'react';

interface Toast {
  id: number;
  text: string;
  bad: boolean;
}
let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();
function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** A short message that goes away by itself; errors stay longer. */
export function say(text: string, kind: 'good' | 'bad' = 'good'): void {
  const id = (last += 1);
  set([...toasts.slice(-3), { id, text, bad: kind === 'bad' }]);
  setTimeout(() => set(toasts.filter((toast) => toast.id !== id)), kind === 'bad' ? 9000 : 4000);
}

export function Toasts(): ReactNode {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, bad }) => (
        <div key={id} className={`toast ${bad ? 'bad' : ''}`}>
          {text}
        </div>
      ))}
    </div>
  );
}
