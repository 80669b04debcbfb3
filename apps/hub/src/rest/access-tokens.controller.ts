import { Controller } from '@nestjs/common';
import type { AccessTokenView } from '#libs/contract';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { TokenHandOut } from './token-hand-out.ts';

/** What is not answered from memory before it comes here (`fromMemory` in `hub.ts`). */
@Controller()
export class AccessTokensController {
  constructor(private readonly handOut: TokenHandOut) {}

  @Endpoint('issueAccessToken')
  issue(@Input() input: In<'issueAccessToken'>, @By() by: PlatformCaller): Promise<AccessTokenView> {
    return this.handOut.issue(by, input);
  }
}
