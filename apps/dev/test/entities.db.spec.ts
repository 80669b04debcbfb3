import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { API_ROLE } from '#libs/kernel';
import { cloneDatabase, type TestDatabase } from '#libs/testing';

type EntityClass = new () => object;

@Entity({ schema: 'jobs', name: 'worker' })
class WithAnotherType {
  @PrimaryColumn({ name: 'worker_id', type: 'text' })
  workerId!: string;
  @Column({ name: 'heartbeat_at', type: 'int' })
  heartbeatAt!: number;
}

@Entity({ schema: 'jobs', name: 'worker' })
class WithoutAColumn {
  @PrimaryColumn({ name: 'worker_id', type: 'text' })
  workerId!: string;
}

@Entity({ schema: 'jobs', name: 'no_such_table' })
class WithoutATable {
  @PrimaryColumn({ type: 'int' })
  id!: number;
}

describe('the entities', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(() => test.drop());

  /**
   * What TypeORM would do to make the schema that of the entities. Checks, unique constraints, foreign keys and indexes stand in the
   * migrations alone (docs/schema.md shows them): that an entity does not know them is no difference.
   */
  async function differences(entities: readonly EntityClass[]): Promise<string[]> {
    const source = new DataSource({
      type: 'postgres',
      url: test.url,
      entities: [...entities],
      installExtensions: false,
    });
    await source.initialize();
    try {
      const { upQueries } = await source.driver.createSchemaBuilder().log();
      return upQueries
        .map(({ query }) => query)
        .filter((query) => !/^ALTER TABLE \S+ DROP CONSTRAINT |^DROP INDEX /.test(query));
    } finally {
      await source.destroy();
    }
  }

  async function entities(): Promise<EntityClass[]> {
    const files = (await readdir('libs', { recursive: true })).filter((file) => file.endsWith('.entity.ts'));
    const found = await Promise.all(
      files.map(async (file) => {
        const exported = (await import(pathToFileURL(join(process.cwd(), 'libs', file)).href)) as Record<
          string,
          unknown
        >;
        return Object.values(exported).filter((value): value is EntityClass => typeof value === 'function');
      }),
    );
    return found.flat();
  }

  it('are as the migrations made their tables', async () => {
    const all = await entities();
    expect(all.length).toBeGreaterThan(10);
    expect(await differences(all)).toEqual([]);
  });

  it('read what the role of a tenant may read, and nothing else unless it is asked for by name', async () => {
    const source = new DataSource({ type: 'postgres', url: test.url, entities: await entities() });
    await source.initialize();
    const readable = await test.db.query<{ name: string; column: string; may: boolean }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name, a.attname AS column,
              has_column_privilege('${API_ROLE}', c.oid, a.attnum, 'SELECT') AS may
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND has_any_column_privilege('${API_ROLE}', c.oid, 'SELECT')`,
    );
    const known = new Map(source.entityMetadatas.map((metadata) => [metadata.tablePath, metadata]));
    const columns = readable.flatMap(({ name, column, may }) => {
      const metadata = known.get(name)?.columns.find(({ databaseName }) => databaseName === column);
      return metadata ? [{ column: `${name}.${column}`, may, isSelected: metadata.isSelect }] : [];
    });
    await source.destroy();
    expect(columns.length).toBeGreaterThan(100);
    expect(columns.filter(({ may, isSelected }) => may !== isSelected)).toEqual([]);
  });

  it.each<[string, EntityClass]>([
    ['a type', WithAnotherType],
    ['a column', WithoutAColumn],
    ['a table', WithoutATable],
  ])('differ when %s is another one', async (_, entity) => {
    expect(await differences([entity])).not.toEqual([]);
  });
});
