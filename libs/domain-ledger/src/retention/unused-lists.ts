import { Injectable } from '@nestjs/common';
import { DAY_SECONDS, Database, Log, type Sql, isDatabaseUnavailable } from '#libs/kernel';
import { BODY_LOCK, LIST_LOCK } from '../lists/content-store.ts';
import {
  CLAIM_COLLECTION,
  FIND_UNUSED_BODIES,
  FIND_UNUSED_CHANGE_SETS,
  FIND_UNUSED_CONTENTS,
  FIND_WHAT_ONLY_THEY_USE,
  REMOVE_UNUSED_BODIES,
  REMOVE_UNUSED_CHANGE_SETS,
  REMOVE_UNUSED_CONTENTS,
  REMOVE_UNUSED_DOMAINS,
  REMOVE_UNUSED_LISTS,
} from './unused-lists.sql.ts';

export class UnusedListsOptions {
  /** Rows that are looked at in one statement, and removed in one transaction at most. */
  portion = 500;
  /** How long a portion waits for transactions that record, in milliseconds; they wait for it too. It is left to the next day then. */
  lockWaitMs = 500;
}

/** Seconds between two collections. */
const EVERY_SECONDS = DAY_SECONDS;

interface Portion {
  last: number | null;
  count: number;
  ids: number[];
}

/**
 * Removes contents, lists, domains, change sets and bodies that nothing refers to any more, above all those of platforms that were
 * removed. What begins to refer to one holds its lock shared until it commits, and the removal holds it exclusively: either the
 * reference is seen, or the row is gone before it is looked for, and made again.
 */
@Injectable()
export class UnusedLists {
  constructor(
    private readonly db: Database,
    private readonly log: Log,
    private readonly options: UnusedListsOptions = new UnusedListsOptions(),
  ) {}

  /** Once a day, in one of all processes; a day after the first call at the earliest. */
  async collectDaily({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    const [claimed] = await this.db.query<{ due: boolean }>(CLAIM_COLLECTION, [EVERY_SECONDS]);
    if (!claimed?.due) return;
    const removed = await this.collect(signal ? { signal } : {});
    if (removed > 0) this.log.info('unused_lists.removed', { rows: removed });
  }

  /** @returns rows removed */
  async collect({ signal }: { signal?: AbortSignal } = {}): Promise<number> {
    const contents = await this.walk(FIND_UNUSED_CONTENTS, (ids) => this.removeContents(ids), signal);
    const changeSets = await this.walk(FIND_UNUSED_CHANGE_SETS, (ids) => this.removeChangeSets(ids), signal);
    const bodies = await this.walk(FIND_UNUSED_BODIES, (ids) => this.removeBodies(ids), signal);
    return contents + changeSets + bodies;
  }

  private async walk(find: string, remove: (ids: number[]) => Promise<number>, signal?: AbortSignal): Promise<number> {
    let removed = 0;
    for (let after = 0; !signal?.aborted;) {
      const [found] = await this.db.query<Portion>(find, [after, this.options.portion]);
      const { last, count, ids } = found as Portion;
      if (ids.length > 0) removed += await remove(ids);
      if (last === null || count < this.options.portion) return removed;
      after = last;
    }
    return removed;
  }

  private async removeContents(ids: number[]): Promise<number> {
    const theirs = await this.onlyUsedBy(ids, []);
    return this.alone(LIST_LOCK, async (sql) => {
      const contents = await sql.run(REMOVE_UNUSED_CONTENTS, [ids]);
      const lists = await sql.run(REMOVE_UNUSED_LISTS, [theirs.lists]);
      return contents + lists + (await sql.run(REMOVE_UNUSED_DOMAINS, [theirs.domains]));
    });
  }

  private async removeChangeSets(ids: number[]): Promise<number> {
    const theirs = await this.onlyUsedBy([], ids);
    return this.alone(LIST_LOCK, async (sql) => {
      const changeSets = await sql.run(REMOVE_UNUSED_CHANGE_SETS, [ids]);
      return changeSets + (await sql.run(REMOVE_UNUSED_DOMAINS, [theirs.domains]));
    });
  }

  private removeBodies(ids: number[]): Promise<number> {
    return this.alone(BODY_LOCK, (sql) => sql.run(REMOVE_UNUSED_BODIES, [ids]));
  }

  private async onlyUsedBy(contents: number[], changeSets: number[]): Promise<{ lists: number[]; domains: number[] }> {
    const [found] = await this.db.query<{ lists: number[]; domains: number[] }>(FIND_WHAT_ONLY_THEY_USE, [
      contents,
      changeSets,
    ]);
    return found as { lists: number[]; domains: number[] };
  }

  private async alone(lock: number, work: (sql: Sql) => Promise<number>): Promise<number> {
    try {
      return await this.db.transaction(async (sql) => {
        await sql.query(`SELECT set_config('lock_timeout', $1, true)`, [`${this.options.lockWaitMs}ms`]);
        await sql.query('SELECT pg_advisory_xact_lock($1)', [lock]);
        return work(sql);
      });
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      this.log.info('unused_lists.postponed', { error });
      return 0;
    }
  }
}
