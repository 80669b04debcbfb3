import { Injectable } from '@nestjs/common';

/** A table with sealed columns, described by the library that owns it. */
export interface SealedTable {
  /** With its schema. */
  table: string;
  /** Primary key, in index order. */
  key: readonly { column: string; type: 'int' | 'bigint' | 'text' | 'bytea' }[];
  sealed: readonly { column: string; aad: (keyOfRow: Record<string, unknown>) => string }[];
}

/**
 * Every table with sealed values, for the rotation of the master key. A library that owns one adds it in the constructor of its
 * module, so that the list is complete before any module is initialised.
 */
@Injectable()
export class SealedTables {
  private readonly tables: SealedTable[] = [];

  add(tables: readonly SealedTable[]): this {
    this.tables.push(...tables);
    return this;
  }

  get all(): readonly SealedTable[] {
    return this.tables;
  }
}
