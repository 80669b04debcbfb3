import { Controller, Inject } from '@nestjs/common';
import type { AccessTokenView } from '#libs/contract';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { HUB } from '../services.ts';
import type { HubServices } from '../services.ts';
import { handOut } from './hand-out.ts';

/** What is not answered from memory before it comes here (`fromMemory` in `hub.ts`). */
@Controller()
export class AccessTokensController {
  constructor(@Inject(HUB) private readonly hub: HubServices) {}

  @Endpoint('issueAccessToken')
  issue(@Input() input: In<'issueAccessToken'>, @By() by: PlatformCaller): Promise<AccessTokenView> {
    return handOut(this.hub, by, input);
  }
}
