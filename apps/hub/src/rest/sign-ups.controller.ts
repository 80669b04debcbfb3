import { Controller, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ConsoleUserView } from '#libs/contract';
import { AppError, Secret } from '#libs/kernel';
import { Endpoint, Input } from '../http/endpoint.ts';
import type { In } from '../http/endpoint.ts';
import { HUB } from '../services.ts';
import type { HubServices } from '../services.ts';

/** The first user of an empty installation, by the link that the hub printed at its start. */
@Controller()
export class SignUpsController {
  constructor(@Inject(HUB) private readonly hub: HubServices) {}

  @Endpoint('createFirstOperator')
  async create(@Input() { body }: In<'createFirstOperator'>, @Req() request: FastifyRequest): Promise<ConsoleUserView> {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      throw new AppError('forbidden', "sign-ups must originate from this hub's own page");
    }
    const { firstOperator, passwords } = this.hub;
    await firstOperator.check(body.token);
    const hash = await passwords.hash(new Secret(body.password), { kind: 'change', who: 'operators' });
    const {
      userId: _,
      platformId: __,
      ...made
    } = await firstOperator.redeem(body.token, {
      username: body.username,
      hash,
      address: request.ip,
    });
    return { ...made, component_appid: null };
  }
}
