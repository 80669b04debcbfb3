import { Injectable } from '@nestjs/common';
import type { PushHandler } from './stored-push.ts';

/** What handles stored pushes, by InfoType. A library of a higher rank adds its handlers when it is made. */
@Injectable()
export class PushHandlers {
  private readonly byInfoType = new Map<string, PushHandler>();

  /** @throws when the InfoType has a handler already */
  add(infoType: string, handler: PushHandler): void {
    if (this.byInfoType.has(infoType)) throw new Error(`pushes of type ${infoType} have two handlers`);
    this.byInfoType.set(infoType, handler);
  }

  of(infoType: string): PushHandler | undefined {
    return this.byInfoType.get(infoType);
  }
}
