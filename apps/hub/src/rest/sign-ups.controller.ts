import { Controller, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { FirstOperator, Passwords } from '#libs/access';
import type { ConsoleUserView } from '#libs/contract';
import { AppError, Secret } from '#libs/kernel';
import { Endpoint, Input } from '../http/endpoint.ts';
import type { In } from '../http/endpoint.ts';

/** The first user of an empty installation, by the link that the hub printed at its start. */
@Controller()
export class SignUpsController {
  constructor(
    private readonly firstOperator: FirstOperator,
    private readonly passwords: Passwords,
  ) {}

  @Endpoint('createFirstOperator')
  async create(@Input() { body }: In<'createFirstOperator'>, @Req() request: FastifyRequest): Promise<ConsoleUserView> {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      throw new AppError('forbidden', "sign-ups must originate from this hub's own page");
    }
    await this.firstOperator.check(body.token);
    const hash = await this.passwords.hash(new Secret(body.password), { kind: 'change', who: 'operators' });
    const {
      userId: _,
      platformId: __,
      ...made
    } = await this.firstOperator.redeem(body.token, {
      username: body.username,
      hash,
      address: request.ip,
    });
    return { ...made, component_appid: null };
  }
}
