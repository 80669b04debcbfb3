import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';

/** Tabs whose choice is in the address; links, so that the keyboard and a new window work as everywhere. */
export function Tabs<K extends string>({
  label,
  tabs,
  current,
}: {
  label: string;
  tabs: readonly (readonly [key: K, title: string])[];
  current: K;
}): ReactNode {
  const [params] = useSearchParams();
  const kept = ['at', 'from', 'to'].flatMap((name) => {
    const value = params.get(name);
    return value === null ? [] : [[name, value] as [string, string]];
  });
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(([key, title], index) => (
        <Link
          key={key}
          to={{
            search: `?${new URLSearchParams([...(index === 0 ? [] : [['tab', key] as [string, string]]), ...kept])}`,
          }}
          {...(key === current ? { 'aria-current': 'page' as const } : {})}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}
