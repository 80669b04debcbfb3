import 'reflect-metadata';
import { Controller, Get, Headers, HttpCode, Module, Post, UnauthorizedException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

/** What the hand-out is compared with: Nest and Fastify as they come, one key checked, a constant of the same size. */
const AUTHORIZATION = `Bearer ${process.env.KEY}`;
const TOKEN = 'x'.repeat(Number(process.env.TOKEN_LENGTH));

@Controller()
class TokenController {
  @Get('ready')
  ready(): string {
    return 'ready';
  }

  @Post('v1/platforms/:component/authorizers/:authorizer/access-token')
  @HttpCode(200)
  token(@Headers('authorization') authorization: string) {
    if (authorization !== AUTHORIZATION) throw new UnauthorizedException();
    return { access_token: TOKEN, expires_at: '2026-01-01T00:00:00.000Z', expires_in: 7000 };
  }
}

@Module({ controllers: [TokenController] })
class BareModule {}

const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), { logger: false });
app.enableShutdownHooks();
await app.listen(Number(process.env.PORT), '127.0.0.1');
