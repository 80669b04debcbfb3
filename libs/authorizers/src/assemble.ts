import {
  authorizationDoubted,
  authorizationLost,
  type AuthorizerTokens,
  type ComponentTokens,
  type CustodyNews,
  type PlatformRef,
} from '#libs/custody';
import { type JobHandler, type JobQueue, handleJob } from '#libs/jobs';
import type { Clock, Database, Log, Metrics, Sealer } from '#libs/kernel';
import type { ComponentApi } from '#libs/wechat';
import { AuthorizationCalls } from './authorizations/authorization-calls.ts';
import { AuthorizationCodes } from './authorizations/authorization-codes.ts';
import { AuthorizationLinks } from './links/authorization-links.ts';
import { AuthorizerRefs } from './accounts/authorizer-refs.ts';
import { AuthorizerStore, type Changed } from './accounts/authorizer-store.ts';
import { CodeExchange } from './authorizations/code-exchange.ts';
import { AuthorizerDirectory } from './accounts/directory.ts';
import { DetailsReading } from './details/details.ts';
import { exchangeAuthorizationCode, readAuthorizerDetails, refreshAuthorizerInfo, runReconciliation } from './jobs.ts';
import { AuthorizerLifecycle } from './authorizations/lifecycle.ts';
import { Merchants } from './merchants/merchants.ts';
import { ReconciliationAlarm } from './reconciliation/reconcile-alarm.ts';
import type { ListGuard } from './reconciliation/reconcile-guard.ts';
import { ReconciliationPages } from './reconciliation/reconcile-page.ts';
import { ReconciliationStore } from './reconciliation/reconcile-store.ts';
import { AuthorizerReconcile } from './reconciliation/reconcile.ts';
import type { ReturnUrlPolicy } from './links/return-url.ts';
import { type AuthorizerHooks, AuthorizerVerification } from './details/verification.ts';

export interface AuthorizersParts {
  db: Database;
  sealer: Sealer;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  jobs: JobQueue;
  api: ComponentApi;
  componentTokens: Pick<ComponentTokens, 'call'>;
  tokens: Pick<AuthorizerTokens, 'keep' | 'keepMany' | 'suspend' | 'resume' | 'held'>;
  news: CustodyNews;
  platformOf: (platformId: number) => Promise<PlatformRef | null>;
  returnUrls: ReturnUrlPolicy;
  hooks?: AuthorizerHooks;
  reconcile?: {
    guard?: ListGuard;
    pageSize?: number;
    pagePausesMs?: readonly number[];
    /** How long a killed process keeps a run from others, in seconds; default 60. */
    leaseSeconds?: number;
  };
  strangersAllowed?: number;
  /** How long an authorization code belongs to one process, in seconds; longer than three calls to WeChat. Default 45. */
  exchangeLeaseSeconds?: number;
}

/** Everything of this library, wired; the composition root hands in what is outside of it. */
export interface Authorizers {
  merchants: Merchants;
  links: AuthorizationLinks;
  lifecycle: AuthorizerLifecycle;
  directory: AuthorizerDirectory;
  refs: AuthorizerRefs;
  reconcile: AuthorizerReconcile;
  jobHandlers: JobHandler[];
}

export function assembleAuthorizers(parts: AuthorizersParts): Authorizers {
  const { db, sealer, clock, log, metrics, jobs, tokens, news } = parts;
  const changed: Changed = (sql, platformId, ...authorizerAppids) =>
    news.tokensChanged(sql, platformId, authorizerAppids);
  const refs = new AuthorizerRefs(db, clock);
  news.onToken((platformId, authorizerAppid) => {
    if (authorizerAppid !== '') refs.outdate(platformId, authorizerAppid);
  });
  news.onGap(() => refs.outdateAll());

  const calls = new AuthorizationCalls(parts.api, parts.componentTokens);
  const store = new AuthorizerStore();
  const codes = new AuthorizationCodes(db, sealer);
  const links = new AuthorizationLinks(calls, parts.returnUrls);
  const hooks = parts.hooks ?? {};
  const verification = new AuthorizerVerification({ db, calls, store, tokens, hooks, log, changed });
  const details = new DetailsReading(db, verification, jobs, log);
  const runs = new ReconciliationStore(parts.reconcile?.leaseSeconds);
  const pages = new ReconciliationPages({ db, store, runs, tokens, verification, jobs, log, changed });
  const reconcile = new AuthorizerReconcile({
    db,
    calls,
    runs,
    pages,
    verification,
    alarm: new ReconciliationAlarm({ db, clock, metrics, platformOf: parts.platformOf }),
    jobs,
    log,
    metrics,
    ...parts.reconcile,
  });
  const onUnresolved = async (platform: PlatformRef) => {
    await reconcile.start(platform);
  };
  const exchange = new CodeExchange({
    db,
    calls,
    codes,
    store,
    links,
    tokens,
    jobs,
    log,
    changed,
    onUnresolved,
    leaseSeconds: parts.exchangeLeaseSeconds,
  });
  const lifecycle = new AuthorizerLifecycle({
    db,
    store,
    codes,
    links,
    exchange,
    verification,
    tokens,
    jobs,
    log,
    changed,
    strangersAllowed: parts.strangersAllowed,
  });

  const platform = async (platformId: number): Promise<PlatformRef> => {
    const found = await parts.platformOf(platformId);
    if (!found) throw new Error(`there is no platform ${platformId}`);
    return found;
  };
  const jobHandlers = [
    handleJob(refreshAuthorizerInfo, async ({ platformId, authorizerAppid }) => {
      await lifecycle.refreshInfo(await platform(platformId), authorizerAppid);
    }),
    handleJob(authorizationDoubted, async ({ platformId, authorizerAppid }) => {
      await lifecycle.refreshInfo(await platform(platformId), authorizerAppid);
    }),
    handleJob(authorizationLost, ({ platformId, authorizerAppid }) => lifecycle.markLost(platformId, authorizerAppid)),
    handleJob(readAuthorizerDetails, async ({ platformId, authorizerAppids, askedAt }, { signal }) => {
      await details.read(await platform(platformId), authorizerAppids, new Date(askedAt), signal);
    }),
    handleJob(exchangeAuthorizationCode, async ({ platformId, digest }) => {
      await lifecycle.resumeCode(await platform(platformId), digest);
    }),
    handleJob(runReconciliation, async ({ platformId, reconciliationId, ...options }, { signal }) => {
      const outcome = await reconcile.run(await platform(platformId), reconciliationId, { ...options, signal });
      // The engine tries again later; by then the lease of whoever had it is over, or the run is.
      if (outcome === 'interrupted') throw new Error('the process stopped before the reconciliation was done');
    }),
  ];
  return {
    merchants: new Merchants(),
    links,
    lifecycle,
    directory: new AuthorizerDirectory(refs, changed),
    refs,
    reconcile,
    jobHandlers,
  };
}
