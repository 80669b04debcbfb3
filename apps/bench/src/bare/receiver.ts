import { createServer } from 'node:http';

/**
 * A receiver of webhooks that does nothing with them. `/hang` never answers. The path of an event is the moment at which it was
 * written, so that the time until its first arrival is known; `GET /arrivals` gives these times and starts again.
 */
let firstSeen = new Set<string>();
let delays: number[] = [];
let requests = 0;

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/arrivals') {
      response.end(JSON.stringify({ requests, delays }));
      [firstSeen, delays, requests] = [new Set(), [], 0];
    } else if (request.url === '/count') response.end(JSON.stringify({ requests }));
    else response.end('{}');
    return;
  }
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    if (request.url === '/hang') return;
    requests += 1;
    const id = `${request.url} ${request.headers['webhook-id'] as string}`;
    if (!firstSeen.has(id)) {
      firstSeen.add(id);
      const { data } = JSON.parse(body) as { data: { path?: string } };
      delays.push(Date.now() - Number(data.path));
    }
    response.end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env['PORT']), '127.0.0.1');
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
