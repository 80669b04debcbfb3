import type { Platform } from './platform.ts';
import { pushXml } from './push-texts.ts';
import type { Delivery } from './pusher.ts';
import { Refusal } from './refusal.ts';
import type { WorldState } from './world-state.ts';

/** Simulated seconds a ticket may be used (WeChat page "component_verify_ticket"). */
export const TICKET_LIFETIME_S = 43_200;

/** Pushes `component_verify_ticket` on time and judges the tickets that come back. */
export class Tickets {
  readonly #world: WorldState;
  readonly #intervalMs: number;
  readonly #stopAfterFailures: number;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(world: WorldState, options: { intervalSeconds: number; stopAfterFailures: number }) {
    this.#world = world;
    this.#intervalMs = options.intervalSeconds * 1000;
    this.#stopAfterFailures = options.stopAfterFailures;
    world.clock.onJump(() => this.#arm());
  }

  /** Makes a new ticket and pushes it. The ticket counts as soon as it is made, whether or not it arrives. */
  async push(platform: Platform): Promise<Delivery> {
    const { clock, mint, pusher, quirks } = this.#world;
    platform.ticketSerial += 1;
    const ticket = mint.ticket(platform.componentAppid, clock.nowSeconds(), platform.ticketSerial);
    platform.lastTicket = ticket;
    platform.nextTicketAt = clock.nowMs() + this.#intervalMs;
    this.#world.touch();
    this.#arm();
    const delivery = await pusher.deliver({
      platform,
      infoType: 'component_verify_ticket',
      authorizerAppid: '',
      url: platform.eventsUrl,
      receiver: { AppId: platform.componentAppid },
      plaintext: pushXml(
        [
          ['AppId', platform.componentAppid],
          ['CreateTime', clock.nowSeconds()],
          ['InfoType', 'component_verify_ticket'],
          ['ComponentVerifyTicket', ticket],
        ],
        quirks.pushText,
      ),
    });
    platform.failedPushesInRow = delivery.ok ? 0 : platform.failedPushesInRow + 1;
    if (platform.failedPushesInRow >= this.#stopAfterFailures) platform.pushing = false;
    return delivery;
  }

  /** Pushes to every platform whose ticket is due; at most one each, however far the clock jumped. */
  async pushDue(): Promise<void> {
    if (this.#intervalMs === 0 || this.#stopped) return;
    const now = this.#world.clock.nowMs();
    const due = [...this.#world.platforms.values()].filter(
      (platform) => platform.pushTickets && platform.pushing && platform.nextTicketAt <= now,
    );
    await Promise.all(due.map(async (platform) => this.push(platform)));
    this.#arm();
  }

  /** `api_start_push_ticket`: true when pushing had stopped and is on again. */
  start(platform: Platform): boolean {
    const wasStopped = !platform.pushing;
    platform.pushing = true;
    platform.failedPushesInRow = 0;
    if (wasStopped) void this.push(platform);
    return wasStopped;
  }

  /** 61006 for a ticket that is not this platform's, 61005 for one of twelve hours or older. */
  check(platform: Platform, ticket: string): void {
    const issuedAt = this.#world.mint.readTicket(platform.componentAppid, ticket);
    if (issuedAt === null) throw new Refusal(61006);
    if (this.#world.clock.nowSeconds() - issuedAt >= TICKET_LIFETIME_S) throw new Refusal(61005);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const { clock, platforms } = this.#world;
    if (this.#stopped || this.#intervalMs === 0 || clock.rate === 0) return;
    const waiting = [...platforms.values()].filter((platform) => platform.pushTickets && platform.pushing);
    if (waiting.length === 0) return;
    const next = Math.min(...waiting.map((platform) => platform.nextTicketAt));
    const inMs = Math.min(Math.max(50, (next - clock.nowMs()) / clock.rate), 2 ** 31 - 1);
    this.#timer = setTimeout(() => void this.pushDue(), inMs);
    this.#timer.unref();
  }
}
