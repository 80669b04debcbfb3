/**
 * Connections between two network namespaces: sockets in the file system are reached from all of them. The first argument is JSON,
 * `[{"from": …, "to": …}]` with what `listen` and `connect` of node:net take. Ends with its standard input.
 */
import { connect, createServer } from 'node:net';

for (const { from, to } of JSON.parse(process.argv[2])) {
  const server = createServer((incoming) => {
    const outgoing = connect(to);
    incoming.pipe(outgoing).pipe(incoming);
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise((resolve) => server.listen(from, resolve));
}
process.stdout.write('ready\n');
process.stdin.on('end', () => process.exit(0)).resume();
