import { Injectable } from '@nestjs/common';
import { Settings } from '#libs/kernel';

/** Addresses of this installation as WeChat and browsers reach it. */
@Injectable()
export class PublicUrls {
  private current: string;

  constructor(settings: Settings) {
    this.current = settings.http.publicUrl;
  }

  /** Without a trailing slash. */
  get base(): string {
    return this.current;
  }

  /** A listener on port 0 learns its port only when it listens. */
  rebase(base: string): void {
    this.current = base;
  }

  events(componentAppid: string): string {
    return `${this.base}/wechat/${componentAppid}/events`;
  }

  /** WeChat replaces `$APPID$` by the appid of the authorizer. */
  messages(componentAppid: string): string {
    return `${this.base}/wechat/${componentAppid}/messages/$APPID$`;
  }

  redirect(componentAppid: string): string {
    return `${this.base}/wechat/${componentAppid}/authorized`;
  }
}
