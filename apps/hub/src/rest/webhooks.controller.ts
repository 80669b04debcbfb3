import { Controller } from '@nestjs/common';
import type { DeliveryView, WebhookEndpointView } from '#libs/contract';
import { WebhookEndpoints } from '#libs/events';
import { AppError, Database, type Sql } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { numericId } from './numeric-id.ts';
import { answered, eventOf } from './audited.ts';
import { PlatformScope } from './platform-scope.ts';

const HOUR_SECONDS = 3600;

@Controller()
export class WebhooksController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly db: Database,
    private readonly endpoints: WebhookEndpoints,
  ) {}

  @Endpoint('createWebhookEndpoint')
  async create(@Input() { body }: In<'createWebhookEndpoint'>, @By() by: PlatformCaller) {
    await this.endpoints.assertTarget(body.url);
    return this.scope.writeOnce(by, async (sql) => {
      const { view, secret } = await this.endpoints.create(sql, by.platform.platformId, {
        url: body.url,
        description: body.description ?? null,
        eventTypes: body.event_types,
        merchantIds: merchantsWithin(by, body.merchant_ids),
        ordering: body.ordering,
        format: body.format,
        signature: body.signature,
        maxPerSecond: body.max_per_second,
        start: body.start,
        createdBy: by.principal.actor,
      });
      await this.record(sql, by, 'created', view.id, { url: body.url });
      return { ...view, secret };
    });
  }

  @Endpoint('listWebhookEndpoints')
  list(@Input() { query }: In<'listWebhookEndpoints'>, @By() by: PlatformCaller) {
    return this.scope.read(by, (sql) => this.endpoints.list(sql, by.platform.platformId, query));
  }

  @Endpoint('getWebhookEndpoint')
  get(@Input() { params }: In<'getWebhookEndpoint'>, @By() by: PlatformCaller): Promise<WebhookEndpointView> {
    return this.scope.read(by, (sql) => this.visible(sql, by, params.id));
  }

  @Endpoint('updateWebhookEndpoint')
  async update(
    @Input() { params, body }: In<'updateWebhookEndpoint'>,
    @By() by: PlatformCaller,
  ): Promise<WebhookEndpointView> {
    await this.scope.read(by, (sql) => this.visible(sql, by, params.id));
    if (body.url !== undefined) await this.endpoints.assertTarget(body.url);
    return this.scope.write(by, async (sql) => {
      const view = await this.endpoints.update(sql, by.platform.platformId, params.id, {
        ...(body.url === undefined ? {} : { url: body.url }),
        ...(body.description === undefined ? {} : { description: body.description }),
        ...(body.event_types === undefined ? {} : { eventTypes: body.event_types }),
        ...(body.merchant_ids === undefined ? {} : { merchantIds: merchantsWithin(by, body.merchant_ids) }),
        ...(body.ordering === undefined ? {} : { ordering: body.ordering }),
        ...(body.max_per_second === undefined ? {} : { maxPerSecond: body.max_per_second }),
        ...(body.state === undefined ? {} : { state: body.state }),
        ...(body.start === undefined ? {} : { start: body.start }),
      });
      if (!view) throw notFound('webhook endpoint');
      await this.record(sql, by, 'changed', params.id, { ...body });
      return view;
    });
  }

  @Endpoint('deleteWebhookEndpoint')
  async remove(@Input() { params }: In<'deleteWebhookEndpoint'>, @By() by: PlatformCaller): Promise<void> {
    await this.scope.write(by, async (sql) => {
      if (!(await this.endpoints.remove(sql, by.platform.platformId, params.id))) throw notFound('webhook endpoint');
      await this.record(sql, by, 'removed', params.id);
    });
  }

  @Endpoint('rotateWebhookSecret')
  async rotate(@Input() { params, body }: In<'rotateWebhookSecret'>, @By() by: PlatformCaller) {
    await this.scope.read(by, (sql) => this.visible(sql, by, params.id));
    const overlapSeconds = Number(body.overlap.slice(2, -1)) * HOUR_SECONDS;
    return this.db.transaction(async (sql) => {
      const made = await this.endpoints.rotate(sql, by.platform.platformId, params.id, overlapSeconds);
      if (!made) throw notFound('webhook endpoint');
      await this.record(sql, by, 'secret_rotated', params.id);
      return answered(sql, by, {
        secret: made.secret,
        public_key: made.publicKey,
        previous_valid_until: made.previousValidUntil.toISOString(),
      });
    });
  }

  @Endpoint('testWebhookEndpoint')
  async test(@Input() { params }: In<'testWebhookEndpoint'>, @By() by: PlatformCaller) {
    await this.scope.write(by, async (sql) => {
      await this.visible(sql, by, params.id);
      await this.record(sql, by, 'tested', params.id);
    });
    const { platformId, componentAppid } = by.platform;
    const result = await this.endpoints.test(platformId, componentAppid, params.id);
    if (!result) throw notFound('webhook endpoint');
    return result;
  }

  @Endpoint('getAttemptHours')
  attemptHours(@Input() { params, query }: In<'getAttemptHours'>, @By() by: PlatformCaller) {
    return this.scope.read(by, async (sql) => {
      await this.visible(sql, by, params.id);
      return this.endpoints.attemptHours(sql, by.platform.platformId, params.id, query);
    });
  }

  @Endpoint('listDeliveries')
  deliveries(@Input() { params, query }: In<'listDeliveries'>, @By() by: PlatformCaller) {
    return this.scope.read(by, async (sql) => {
      await this.visible(sql, by, params.id);
      const { authorizer_appid: authorizerAppid, ...page } = query;
      return this.endpoints.deliveries(sql, by.platform.platformId, params.id, { ...page, authorizerAppid });
    });
  }

  @Endpoint('getDelivery')
  async delivery(@Input() { params }: In<'getDelivery'>, @By() by: PlatformCaller) {
    const id = numericId(params.item);
    const found =
      id === null
        ? null
        : await this.scope.read(by, async (sql) => {
            await this.visible(sql, by, params.id);
            return this.endpoints.delivery(sql, by.platform.platformId, params.id, id);
          });
    if (!found) throw notFound('delivery');
    return found;
  }

  @Endpoint('retryDelivery')
  retry(@Input() { params }: In<'retryDelivery'>, @By() by: PlatformCaller): Promise<DeliveryView> {
    return this.scope.writeOnce(by, async (sql) => {
      await this.visible(sql, by, params.id);
      const id = numericId(params.item);
      const view = id === null ? null : await this.endpoints.retry(sql, by.platform.platformId, params.id, id);
      if (!view) throw notFound('delivery');
      await this.record(sql, by, 'delivery_retried', params.id, { delivery_id: params.item });
      return view;
    });
  }

  @Endpoint('startReplay')
  startReplay(@Input() { params, body }: In<'startReplay'>, @By() by: PlatformCaller) {
    return this.scope.writeOnce(by, async (sql) => {
      await this.visible(sql, by, params.id);
      const { id, matched } = await this.endpoints.replay(sql, by.platform.platformId, params.id, {
        range: rangeOf(body),
        types: body.types ?? null,
        authorizerAppids: body.authorizer_appids ?? null,
        only: body.only,
        isDryRun: body.dry_run,
        createdBy: by.principal.actor,
      });
      if (id !== null) await this.record(sql, by, 'replay_started', params.id, { replay_id: id, matched });
      return { id: id === null ? null : String(id), matched };
    });
  }

  @Endpoint('getReplay')
  async getReplay(@Input() { params }: In<'getReplay'>, @By() by: PlatformCaller) {
    const id = numericId(params.item);
    const found =
      id === null
        ? null
        : await this.scope.read(by, async (sql) => {
            await this.visible(sql, by, params.id);
            return this.endpoints.replayView(sql, by.platform.platformId, params.id, id);
          });
    if (!found) throw notFound('replay');
    return found;
  }

  /** @throws AppError not_found, also for an endpoint that is limited less than the caller */
  private async visible(sql: Sql, by: PlatformCaller, id: string): Promise<WebhookEndpointView> {
    const view = await this.endpoints.get(sql, by.platform.platformId, id);
    if (!view) throw notFound('webhook endpoint');
    return view;
  }

  private async record(
    sql: Sql,
    by: PlatformCaller,
    what: string,
    id: string,
    detail?: Record<string, unknown>,
  ): Promise<void> {
    await this.scope.record(sql, eventOf(by, `webhook_endpoint.${what}`, `webhook_endpoint:${id}`, detail));
  }
}

/** A caller limited to merchants gets an endpoint for these, or for some of them. @throws AppError invalid_request */
function merchantsWithin(by: PlatformCaller, asked: readonly string[] | null | undefined): readonly string[] | null {
  const { merchantIds } = by.principal;
  if (merchantIds === null) return asked ?? null;
  if (asked == null) return merchantIds;
  if (asked.some((id) => !merchantIds.includes(id))) {
    throw AppError.invalid('merchant_ids', 'must be merchants that the API key is limited to');
  }
  return asked;
}

function rangeOf({ from, to, after, until }: In<'startReplay'>['body']) {
  if (from && to && after === undefined && until === undefined) return { from, to };
  if (after !== undefined && until !== undefined && !from && !to) return { after: Number(after), until: Number(until) };
  throw AppError.invalid('from', 'give either from and to, or after and until');
}
