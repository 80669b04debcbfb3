import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * CPU time used so far by the server processes of a PostgreSQL cluster, in seconds; 0 where the system does not tell.
 * A process that has ended is missing, so compare two readings only while the connections stay.
 */
export function postgresCpuSeconds(clusterDir: string): number {
  try {
    const postmaster = Number(readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    let ticks = 0;
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      const fields = statOf(entry);
      // Parent, user time and system time are fields 4, 14 and 15.
      if (fields && (Number(fields[1]) === postmaster || Number(entry) === postmaster))
        ticks += Number(fields[11]) + Number(fields[12]);
    }
    return ticks / 100;
  } catch {
    return 0;
  }
}

function statOf(pid: string): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
