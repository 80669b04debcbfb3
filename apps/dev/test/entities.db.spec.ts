import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
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

  it('are as the migrations made their tables', async () => {
    const files = (await readdir('libs', { recursive: true })).filter((file) => file.endsWith('.entity.ts'));
    expect(files.length).toBeGreaterThan(0);
    const entities = await Promise.all(
      files.map(async (file) => {
        const found = (await import(pathToFileURL(join(process.cwd(), 'libs', file)).href)) as Record<string, unknown>;
        return Object.values(found).filter((value): value is EntityClass => typeof value === 'function');
      }),
    );
    expect(await differences(entities.flat())).toEqual([]);
  });

  it.each<[string, EntityClass]>([
    ['a type', WithAnotherType],
    ['a column', WithoutAColumn],
    ['a table', WithoutATable],
  ])('differ when %s is another one', async (_, entity) => {
    expect(await differences([entity])).not.toEqual([]);
  });
});
