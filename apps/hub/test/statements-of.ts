import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import pg from 'pg';
import { API_ROLE } from '#libs/kernel';

const STARTED = 'http.server.request.start';
const HEADER = 'x-spec-request';

/** One statement, and whether it ran as the role that is held to the tenant of the request. */
export interface Statement {
  text: string;
  asTenant: boolean;
}

type Query = (this: pg.Client, ...args: unknown[]) => unknown;

/**
 * Which statements a request made, by the asynchronous context it runs in: what schedules and other requests do at the same
 * time is not counted. Nothing is changed, every statement goes where it went.
 */
export class StatementsOf {
  private readonly context = new AsyncLocalStorage<Statement[]>();
  private readonly byRequest = new Map<string, Statement[]>();
  private readonly query = Reflect.get(pg.Client.prototype, 'query') as Query;
  /** Connections in a transaction on behalf of a tenant. */
  private readonly inTenant = new WeakSet<pg.Client>();
  private requests = 0;

  constructor() {
    subscribe(STARTED, this.begin);
    const { context, query, inTenant } = this;
    const recording: Query = function (...args) {
      const [config] = args as [string | { text: string; values?: unknown[] }];
      const { text, values } = typeof config === 'string' ? { text: config } : config;
      if (text.startsWith("SELECT set_config('role', $1, true)") && values?.[0] === API_ROLE) inTenant.add(this);
      // Nobody knows yet on whose behalf, and nothing is read or written; whether a connection has to change its role depends
      // on who had it before.
      if (!/^BEGIN|^SELECT set_config\('wxfleet.clock_shift'/.test(text))
        context.getStore()?.push({ text, asTenant: inTenant.has(this) });
      if (text === 'COMMIT' || text === 'ROLLBACK') inTenant.delete(this);
      return query.apply(this, args);
    };
    pg.Client.prototype.query = recording as never;
  }

  stop(): void {
    pg.Client.prototype.query = this.query as never;
    unsubscribe(STARTED, this.begin);
  }

  /** @param send makes one request with the headers it is given */
  async request<T>(
    send: (headers: Record<string, string>) => Promise<T>,
  ): Promise<{ answer: T; statements: Statement[] }> {
    const name = String((this.requests += 1));
    const statements: Statement[] = [];
    this.byRequest.set(name, statements);
    return { answer: await send({ [HEADER]: name }), statements };
  }

  private readonly begin = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage };
    const statements = this.byRequest.get(String(request.headers[HEADER]));
    if (statements) this.context.enterWith(statements);
  };
}
