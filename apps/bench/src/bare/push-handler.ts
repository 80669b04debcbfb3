import 'reflect-metadata';
import { Body, Controller, ForbiddenException, Get, HttpCode, Module, Param, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { decodeAesKey, openPush, parsePushEnvelope, parsePushMessage, verifyPushSignature } from '#libs/wechat-wire';

/** What the intake of pushes is compared with: the same server, signature and decryption, nothing stored. */
const TOKENS = [process.env.PUSH_TOKEN!];
const AES_KEYS = [decodeAesKey(process.env.AES_KEY!)];

@Controller()
class EventController {
  @Get('ready')
  ready(): string {
    return 'ready';
  }

  @Post('wechat/:component/events')
  @HttpCode(200)
  event(
    @Param('component') receiveId: string,
    @Query() query: { timestamp: string; nonce: string; msg_signature: string },
    @Body() body: string,
  ): string {
    const { encrypt } = parsePushEnvelope(body);
    if (!verifyPushSignature(TOKENS, query, encrypt)) throw new ForbiddenException();
    const { plaintext } = openPush({ aesKeys: AES_KEYS, receiveId, encrypt });
    if (parsePushMessage(plaintext).kind === 'unknown') throw new ForbiddenException();
    return 'success';
  }
}

@Module({ controllers: [EventController] })
class BareModule {}

const adapter = new FastifyAdapter();
adapter
  .getInstance()
  .addContentTypeParser('text/xml', { parseAs: 'string' }, (_request, body, done) => done(null, body));
const app = await NestFactory.create<NestFastifyApplication>(BareModule, adapter, { logger: false });
app.enableShutdownHooks();
await app.listen(Number(process.env.PORT), '127.0.0.1');
