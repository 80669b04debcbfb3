/**
 * A PostgreSQL of the present network namespace: data folder, address. Lets in who comes from 10.0.0.0/8 with the password.
 * Says the URL, and ends with its standard input.
 */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PostgresServer } from '#libs/postgres';

const [dataDir, address] = process.argv.slice(2);
const settings = [`listen_addresses=127.0.0.1,${address}`, 'max_connections=150', 'shared_buffers=64MB'];
const server = await PostgresServer.start({ dataDir, durable: false, settings });
await appendFile(join(server.clusterDir, 'pg_hba.conf'), '\nhost all all 10.0.0.0/8 scram-sha-256\n');
await server.restart();
const url = new URL(server.url());
url.hostname = address;
process.stdout.write(`url ${url.href}\n`);
process.stdin.on('end', () => void server.destroy().then(() => process.exit(0))).resume();
