import type { Database, Sql } from '#libs/kernel';

/** Deadlock and serialisation failure: the transaction did nothing and may simply run again. */
const AGAIN = new Set(['40P01', '40001']);
const ATTEMPTS = 4;

/** A transaction that runs again when the database chose it to end a deadlock. `work` must only touch the database. */
export async function inTransaction<T>(db: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction(work);
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      if (attempt >= ATTEMPTS || typeof code !== 'string' || !AGAIN.has(code)) throw error;
    }
  }
}
