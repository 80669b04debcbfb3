export { PostgresServer, type PostgresOptions } from './server.ts';
