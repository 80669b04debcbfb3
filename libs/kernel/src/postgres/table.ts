import {
  EventSubscriber,
  type EntitySubscriberInterface,
  type EntityTarget,
  type ObjectLiteral,
  type QueryRunner,
  type Repository,
} from 'typeorm';

/**
 * What a repository may do here: one statement each, in the caller's transaction. Not `save`, which reads first and opens a
 * transaction of its own.
 */
const METHODS = [
  'insert',
  'update',
  'delete',
  'find',
  'findBy',
  'findOne',
  'findOneBy',
  'count',
  'countBy',
  'exists',
  'existsBy',
] as const;

/**
 * A TypeORM repository that works on the connection, in the transaction and under the role of the `Sql` that it comes from.
 * Columns that the role must not read are `select: false` in the entity.
 */
export type Table<Entity extends ObjectLiteral> = Pick<Repository<Entity>, (typeof METHODS)[number]>;

/** The class of an entity (`@Entity({ schema, name })`). */
export type EntityClass<Entity extends ObjectLiteral> = EntityTarget<Entity> & (new () => Entity);

/** A table each of whose calls asks for a repository of its own, used once. */
export function tableOf<Entity extends ObjectLiteral>(
  once: <T>(call: (repository: Repository<Entity>) => Promise<T>) => Promise<T>,
): Table<Entity> {
  const calls = METHODS.map((name) => [
    name,
    (...args: unknown[]) =>
      once((repository) => (repository[name] as (...args: unknown[]) => Promise<unknown>).apply(repository, args)),
  ]);
  return Object.fromEntries(calls) as Table<Entity>;
}

/**
 * The transaction of a query runner begins without waiting for an answer (`Transaction`). What a repository sends must not
 * count when the beginning has failed: `queryRunner.data.begun` is awaited first.
 */
@EventSubscriber()
export class WaitsForBeginning implements EntitySubscriberInterface {
  beforeQuery({ queryRunner }: { queryRunner: QueryRunner }): Promise<unknown> | undefined {
    return (queryRunner.data as { begun?: Promise<unknown> }).begun;
  }
}
