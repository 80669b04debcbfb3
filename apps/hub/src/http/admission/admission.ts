import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#libs/access';
import { Clock, Database, Log, type AppError } from '#libs/kernel';
import { DelayedAnswers } from './delayed-answers.ts';
import { EventLoopScheduler } from './event-loop-scheduler.ts';
import { RateLimitGossip } from './rate-limit-gossip.ts';
import { rateLimitKey } from './rate-limit-key.ts';
import { RateLimiter, type AddressBudget } from './rate-limiter.ts';

/** Requests per second; 0: unlimited. */
export class AdmissionOptions {
  perKey = 0;
  perPlatform = 0;
}

/** A refused request costs several times as much as a hand-out from memory; charged in requests. */
const REFUSAL_COST = 4;

/**
 * Decides when a request is served: rate limits per key, platform and address (shared between processes), and a fair share of
 * the event loop per tenant. The only class of this folder that others use.
 */
@Injectable()
export class Admission implements OnModuleInit, OnApplicationShutdown {
  private readonly limiter: RateLimiter;
  private readonly gossip: RateLimitGossip;
  private readonly scheduler = new EventLoopScheduler();
  private readonly delayed = new DelayedAnswers();

  constructor(options: AdmissionOptions, clock: Clock, db: Database, log: Log) {
    this.limiter = new RateLimiter({ ...options, clock });
    this.gossip = new RateLimitGossip(db, log, this.limiter.buckets);
  }

  async onModuleInit(): Promise<void> {
    await this.gossip.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.gossip.stop();
  }

  /** Counts a request of an authenticated caller. @returns the refusal, which the headers describe, or undefined */
  takeForCaller(principal: Principal, reply: FastifyReply): AppError | undefined {
    return this.limiter.takeForCaller(principal, reply);
  }

  /** Counts an unauthenticated request. @returns the refusal, which the headers describe, or undefined */
  takeForAddress(budget: AddressBudget, address: string, reply: FastifyReply): AppError | undefined {
    return this.limiter.takeForAddress(budget, rateLimitKey(address), reply);
  }

  /** Counts a login from a known device: others behind its address do not use up what it may. */
  takeForDevice(deviceId: string, reply: FastifyReply): AppError | undefined {
    return this.limiter.takeForAddress('logins', `device ${deviceId}`, reply);
  }

  /** Returns what `takeForAddress` took: the credentials turned out to be valid. */
  refundAddress(budget: AddressBudget, address: string): void {
    this.limiter.refundAddress(budget, rateLimitKey(address));
  }

  /** A push from this address was refused, for example for its signature. */
  chargeRefusedPush(address: string): void {
    this.limiter.chargeAddress('pushes', rateLimitKey(address));
  }

  /**
   * Lets a push through, with a delay when many pushes from its address were refused. Never refuses: genuine pushes may come
   * from the same address, for example through a proxy.
   */
  admitPush(address: string, start: () => void): void {
    if (this.limiter.isExhausted('pushes', rateLimitKey(address))) this.delayed.add(start);
    else start();
  }

  /** Reports a refusal to the client after a delay. */
  delayRefusal(refusal: AppError, done: (error: Error) => void): void {
    this.delayed.add(() => done(refusal));
  }

  /** Starts a request of a tenant when its fair share of the event loop allows. Operators (null) start at once. */
  schedule(tenant: number | null, start: () => void): void {
    if (tenant === null) start();
    else this.scheduler.schedule(tenant, start);
  }

  /** Charges a tenant for a request that was answered with an error. */
  chargeRefusal(tenant: number): void {
    this.scheduler.charge(tenant, REFUSAL_COST);
  }
}
