import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RelayRunner, type RelayOutcome } from '#libs/events';
import { type AcceptedPush, type WaitedFor, PushAnswers, PushInbox } from '#libs/inbox';
import { Endpoint, Input } from './http/endpoint.ts';
import type { In } from './http/endpoint.ts';

/** What WeChat calls. No API key: the signature is the key. */
@Controller()
export class WechatPushesController {
  constructor(
    private readonly inbox: PushInbox,
    private readonly relays: RelayRunner,
    private readonly answers: PushAnswers,
  ) {}

  @Endpoint('echoEvents')
  echoEvents(@Input() { params, query }: In<'echoEvents'>, @Res({ passthrough: true }) reply: FastifyReply) {
    reply.type('text/plain; charset=utf-8');
    return this.inbox.echo(params.component_appid, query);
  }

  @Endpoint('echoMessages')
  echoMessages(@Input() { params, query }: In<'echoMessages'>, @Res({ passthrough: true }) reply: FastifyReply) {
    reply.type('text/plain; charset=utf-8');
    return this.inbox.echo(params.component_appid, query);
  }

  @Endpoint('receiveEvent')
  async event(
    @Input() { params, query, body }: In<'receiveEvent'>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { component_appid: componentAppid } = params;
    const accepted = await this.inbox.accept({ componentAppid, query, body, address: request.ip });
    await this.passOn(request, accepted, { componentAppid, source: 'events', body });
    this.noteAnswer(accepted, 'hub', reply);
    return answer(reply, accepted);
  }

  @Endpoint('receiveMessage')
  async message(
    @Input() { params, query, body }: In<'receiveMessage'>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | Buffer | undefined> {
    const { component_appid: componentAppid, authorizer_appid: authorizerAppid } = params;
    const accepted = await this.inbox.accept({ componentAppid, authorizerAppid, query, body, address: request.ip });
    const acceptedMs = reply.elapsedTime;
    const outcome = await this.passOn(request, accepted, { componentAppid, authorizerAppid, source: 'messages', body });
    const isOfBackend = outcome.kind !== 'pass' && reply.elapsedTime > 2 * acceptedMs;
    this.noteAnswer(accepted, isOfBackend ? 'backend' : 'hub', reply);
    if (outcome.kind === 'again') {
      // WeChat asks again when a connection breaks, and joins the call of the backend that is still under way.
      reply.hijack();
      request.raw.socket.destroy();
      return undefined;
    }
    if (outcome.kind !== 'reply') return answer(reply, accepted);
    reply.type(outcome.contentType);
    return outcome.body;
  }

  /** Of what WeChat sent: not of the hub's own test push, nor of the publication check. */
  private noteAnswer({ opened }: AcceptedPush, waitedFor: WaitedFor, reply: FastifyReply): void {
    if (opened) this.answers.note(opened.platformId, waitedFor, reply.elapsedTime);
  }

  /** To the backends that want to know or to answer. The publication check and tickets are the hub's own business. */
  private async passOn(
    request: FastifyRequest,
    { message, opened }: AcceptedPush,
    push: { componentAppid: string; authorizerAppid?: string; source: 'messages' | 'events'; body: string },
  ): Promise<RelayOutcome> {
    if (!opened || message.kind === 'component_verify_ticket') return { kind: 'pass' };
    const { url } = request.raw;
    return this.relays.handle({
      ...opened,
      componentAppid: push.componentAppid,
      source: push.source,
      authorizerAppid: push.authorizerAppid ?? accountOf(message),
      rawQuery: url?.includes('?') ? url.slice(url.indexOf('?') + 1) : '',
      rawBody: push.body,
    });
  }
}

/** The account that a push names. */
function accountOf(message: AcceptedPush['message']): string | null {
  if ('authorizerAppid' in message) return message.authorizerAppid;
  const named = message.kind === 'unknown' ? message.fields['AuthorizerAppid'] : undefined;
  return typeof named === 'string' ? named : null;
}

function answer(reply: FastifyReply, accepted: AcceptedPush): string {
  if (accepted.reply !== undefined && accepted.reply !== '') {
    reply.type('text/xml; charset=utf-8');
    return accepted.reply;
  }
  reply.type('text/plain; charset=utf-8');
  return accepted.reply ?? 'success';
}
