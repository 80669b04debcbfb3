export { dataFoldersElsewhere } from './account.ts';
export { PostgresServer, type PostgresOptions } from './server.ts';
