import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventView } from '#libs/contract';
import { EventFeed, FeedReader, type AsReader } from '#libs/events';
import { AppError } from '#libs/kernel';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { EventStreams } from '../http/event-streams.ts';
import { PlatformScope } from './platform-scope.ts';

@Controller()
export class EventsController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly feed: EventFeed,
    private readonly reading: FeedReader,
    private readonly streams: EventStreams,
  ) {}

  @Endpoint('listEvents')
  async list(
    @Input() { query }: In<'listEvents'>,
    @By() by: PlatformCaller,
    @Req() request: FastifyRequest,
  ): Promise<{ items: EventView[]; next_cursor: string; last_event_id: string }> {
    const gone = this.streams.goneSignal(request.raw.socket);
    const { items, lastSeq } = await this.reading.page(
      this.reader(by),
      by.platform.platformId,
      {
        after: query.after === undefined ? null : Number(query.after),
        limit: query.limit,
        waitMs: query.wait,
        ...filterOf(query, by),
      },
      gone,
    );
    return { items, next_cursor: String(lastSeq), last_event_id: String(lastSeq) };
  }

  @Endpoint('streamEvents')
  async stream(
    @Input() { query }: In<'streamEvents'>,
    @By() by: PlatformCaller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { platformId } = by.platform;
    const after = lastEventIdOf(request) ?? (query.after === undefined ? null : Number(query.after));
    // What is wrong with the position is answered as a problem; after this the answer is a stream.
    if (after !== null) await this.reader(by)((sql) => this.feed.read(sql, platformId, { after, limit: 1 }));
    await this.streams.serve(request, reply, by, (signal) =>
      this.reading.follow(this.reader(by), platformId, { after, ...filterOf(query, by) }, signal),
    );
  }

  private reader(by: PlatformCaller): AsReader {
    return (work) => this.scope.read(by, work);
  }
}

function filterOf(query: In<'streamEvents'>['query'], by: PlatformCaller) {
  const { merchantIds } = by.principal;
  const { merchant_id: asked } = query;
  return {
    types: query.type,
    authorizerAppid: query.authorizer_appid,
    merchantIds: asked === undefined ? merchantIds : [asked].filter((id) => merchantIds?.includes(id) ?? true),
  };
}

/** A browser sends it by itself when it connects again. */
function lastEventIdOf(request: FastifyRequest): number | null {
  const header = request.headers['last-event-id'];
  if (header === undefined || header === '') return null;
  if (typeof header !== 'string' || !/^(0|[1-9]\d{0,14})$/.test(header)) {
    throw AppError.invalid('header.last-event-id', 'must be the id of an event');
  }
  return Number(header);
}
