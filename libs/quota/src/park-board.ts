import type { EventWriter } from '#libs/events';
import type { Clock, Database, Log } from '#libs/kernel';
import type { CallInfo } from '#libs/wechat';
import type { DatabaseTime } from './database-time.ts';
import { MinuteLimits } from './minute-limits.ts';
import { ParkStore, QUOTA_CHANNEL, type ParkRow, announced } from './park-store.ts';
import {
  type MinuteParkOptions,
  type Park,
  type ParkKey,
  Parks,
  isForgotten,
  minuteParkSeconds,
  parkKeyOf,
  strikesLeft,
} from './parks.ts';

export interface ParkBoardOptions {
  /** Between two calls let through while a day is used up. */
  probeSeconds: number;
  /** After a probe that proved nothing. */
  probeAgainSeconds: number;
  minute: MinuteParkOptions;
  maxParks: number;
}

export interface ParkBoardParts {
  db: Database;
  clock: Clock;
  log: Log;
  time: DatabaseTime;
  /** Names this process. */
  source: string;
  events: EventWriter;
  options: ParkBoardOptions;
}

interface Probe {
  park: Park;
  /** The refusal that it asks about. */
  version: number;
}

type Change = { kind: 'park'; park: Park } | { kind: 'lift' | 'probe_again'; park: Park; version: number };

/**
 * What waits, in this process at once and in the others within moments. Memory decides; the table tells the other processes
 * and the next start. While the database is away changes are kept and written later.
 */
export class ParkBoard {
  private readonly parks: Parks;
  private readonly store: ParkStore;
  private readonly minuteLimits = new MinuteLimits();
  private readonly probes = new WeakMap<CallInfo, Probe>();
  private readonly wanted = new Set<Park>();
  private readonly changes = new Map<string, Change>();
  private readonly writing = new Set<string>();
  private readonly heard = new Map<string, ParkKey>();
  private outdated = false;
  private busy: Promise<void> = Promise.resolve();
  private stopListening: (() => Promise<void>) | undefined;
  private queued = false;
  private failing = false;

  constructor(private readonly parts: ParkBoardParts) {
    this.parks = new Parks(parts.options.maxParks);
    this.store = new ParkStore(parts.db, parts.source, parts.events);
  }

  /** Hears the other processes and reads what they know. */
  async start(): Promise<void> {
    this.stopListening = await this.parts.db.listen(
      QUOTA_CHANNEL,
      (payload) => {
        const { source, keys } = announced(payload);
        if (source === this.parts.source) return;
        for (const key of keys) this.heard.set(parkKeyOf(key), key);
        this.settle();
      },
      () => {
        this.outdated = true;
        this.settle();
      },
    );
    await this.load();
  }

  /** Writes what is still to be written. */
  async stop(): Promise<void> {
    await this.stopListening?.();
    this.stopListening = undefined;
    await this.settled();
  }

  /** Parks in force. */
  *standing(): Generator<Park> {
    const now = this.parts.time.nowMs();
    for (const park of this.parks.all()) if (park.untilMs > now) yield park;
  }

  /** What stands in the way of a call; null lets it through, maybe as the one that finds out whether a park has ended. */
  admit(call: CallInfo, holder: string, nowMs: number): Park | null {
    if (this.parks.size === 0) return null;
    const platform = this.inForce(call.componentAppid, '', call.path, nowMs);
    const merchant = holder === '' ? undefined : this.inForce(call.componentAppid, holder, call.path, nowMs);
    const refusing = [platform, merchant].find((park) => park !== undefined && !park.hasProbe);
    if (refusing) {
      if (refusing.probeAtMs !== null && nowMs >= refusing.probeAtMs) this.wanted.add(refusing);
      return refusing;
    }
    const park = merchant ?? platform;
    if (!park) return null;
    park.hasProbe = false;
    this.probes.set(call, { park, version: park.version });
    return null;
  }

  /** `sentMs`: by the monotonic clock. */
  succeeded(call: CallInfo, holder: string, sentMs: number): void {
    if (holder !== '') this.minuteLimits.succeeded(limitOf(call), sentMs);
    const probe = this.takeProbe(call);
    // Somebody may have been refused since the probe was sent: then that counts.
    if (!probe || probe.park.version !== probe.version || !this.parks.remove(probe.park)) return;
    this.change({ kind: 'lift', ...probe });
    this.parts.log.info('quota.path_lifted', { ...keyOnly(probe.park), errcode: probe.park.errcode });
  }

  /** The day's calls are used up (45009). */
  exhausted(call: CallInfo, holder: string, errcode: number, sentMs: number): void {
    const probe = this.takeProbe(call);
    const key = { componentAppid: call.componentAppid, authorizerAppid: holder, path: call.path };
    const now = this.parts.time.nowMs();
    this.park(key, errcode, sentMs, probe !== undefined, (strikes) => ({
      strikes,
      untilMs: this.parts.time.dayAt(now).endsMs,
      probeAtMs: now + this.parts.options.probeSeconds * 1000,
    }));
  }

  /** Too many calls this minute (45011). */
  tooFast(call: CallInfo, holder: string, errcode: number, sentMs: number): void {
    if (this.probes.has(call)) return this.inconclusive(call);
    const key = { componentAppid: call.componentAppid, authorizerAppid: '', path: call.path };
    const platform = this.parks.get(key);
    if (platform && sentMs < platform.sinceMs) return;
    const now = this.parts.time.nowMs();
    if (holder !== '' && !this.minuteLimits.refused(limitOf(call), holder, this.parts.clock.monotonicMs())) {
      key.authorizerAppid = holder;
    }
    this.park(key, errcode, sentMs, false, (strikes) => ({
      strikes,
      untilMs: now + minuteParkSeconds(strikes, this.parts.options.minute) * 1000,
      probeAtMs: null,
    }));
  }

  /** A call ended in a way that says nothing about quotas. */
  inconclusive(call: CallInfo): void {
    const probe = this.takeProbe(call);
    if (!probe || probe.park.version !== probe.version) return;
    probe.park.probeAtMs = this.parts.time.nowMs() + this.parts.options.probeAgainSeconds * 1000;
    this.change({ kind: 'probe_again', ...probe });
  }

  /** WeChat reset a holder's quota: ends what stands for a used-up day, in all processes. */
  async lifted(platformId: number, authorizerAppid: string): Promise<number> {
    const keys = await this.store.liftDays(platformId, authorizerAppid);
    for (const key of keys) {
      const park = this.parks.get(key);
      if (park) this.parks.remove(park);
      this.changes.delete(parkKeyOf(key));
    }
    return keys.length;
  }

  /** Claims probes, writes, reads again what changed elsewhere, forgets what has ended. */
  async pass(): Promise<void> {
    this.settle();
    await this.settled();
    await this.claimProbes();
    this.parks.sweep(this.parts.time.nowMs());
  }

  private inForce(componentAppid: string, holder: string, path: string, nowMs: number): Park | undefined {
    const park = this.parks.find(componentAppid, holder, path);
    return park && park.untilMs > nowMs ? park : undefined;
  }

  private takeProbe(call: CallInfo): Probe | undefined {
    const probe = this.probes.get(call);
    if (probe) this.probes.delete(call);
    return probe;
  }

  private park(
    key: ParkKey,
    errcode: number,
    sentMs: number,
    isProbe: boolean,
    terms: (strikes: number) => Pick<Park, 'strikes' | 'untilMs' | 'probeAtMs'>,
  ): void {
    const present = this.parks.get(key);
    // Calls under way together are refused together: one park, one strike.
    if (present && !isProbe && sentMs < present.sinceMs) return;
    const now = this.parts.time.nowMs();
    const park: Park = {
      ...key,
      errcode,
      parkedAtMs: now,
      ...terms(1 + (present ? strikesLeft(present, now) : 0)),
      version: present?.version ?? 0,
      sinceMs: this.parts.clock.monotonicMs(),
      hasProbe: false,
    };
    if (present) this.wanted.delete(present);
    this.parks.put(park);
    this.change({ kind: 'park', park });
    this.parts.log.warn('quota.path_parked', {
      ...keyOnly(park),
      errcode,
      strikes: park.strikes,
      until: new Date(park.untilMs).toISOString(),
    });
  }

  private change(change: Change): void {
    this.changes.set(parkKeyOf(change.park), change);
    if (!this.failing) this.settle(); // else the next pass tries again
  }

  /** Starts writing and reading; one round at a time, each taking all that has come together. */
  private settle(): void {
    if (this.queued) return;
    this.queued = true;
    this.busy = this.busy.then(async () => {
      this.queued = false;
      try {
        while (this.changes.size > 0) await this.write();
        if (this.outdated) await this.load();
        while (this.heard.size > 0) await this.readHeard();
        this.failing = false;
      } catch (error) {
        if (!this.failing) this.parts.log.warn('quota.parks_not_shared', { error });
        this.failing = true;
      }
    });
  }

  private settled(): Promise<void> {
    return this.busy;
  }

  private async write(): Promise<void> {
    const changes = new Map(this.changes);
    this.changes.clear();
    for (const key of changes.keys()) this.writing.add(key);
    try {
      const all = [...changes.values()];
      const parks = all.flatMap((change) => (change.kind === 'park' ? [change.park] : []));
      if (parks.length > 0) (await this.store.park(parks)).forEach((row) => this.written(row, changes));
      const lifts = all.flatMap((change) =>
        change.kind === 'lift' ? [{ ...change.park, version: change.version }] : [],
      );
      if (lifts.length > 0) await this.store.lift(lifts);
      const again = all.flatMap((change) =>
        change.kind === 'probe_again' ? [{ ...change.park, version: change.version }] : [],
      );
      if (again.length > 0) await this.store.probeAgain(again, this.parts.options.probeAgainSeconds);
    } catch (error) {
      // What came meanwhile is newer. Writing a part of it a second time changes nothing that matters.
      for (const [key, change] of changes) if (!this.changes.has(key)) this.changes.set(key, change);
      throw error;
    } finally {
      this.writing.clear();
    }
  }

  private written(row: ParkRow, changes: ReadonlyMap<string, Change>): void {
    const key = parkKeyOf(row);
    const park = changes.get(key)?.park;
    if (!park) return;
    if (this.parks.get(row) === park) Object.assign(park, row);
    else if (!this.changes.has(key) && !this.parks.get(row)) {
      // Lifted while it was being written.
      this.changes.set(key, { kind: 'lift', park, version: row.version });
    }
  }

  private async readHeard(): Promise<void> {
    const keys = new Map(this.heard);
    this.heard.clear();
    try {
      const rows = new Map((await this.store.read([...keys.values()])).map((row) => [parkKeyOf(row), row]));
      for (const [name, key] of keys) this.adopt(name, key, rows.get(name));
    } catch (error) {
      for (const [name, key] of keys) this.heard.set(name, key);
      throw error;
    }
  }

  private async load(): Promise<void> {
    this.outdated = false; // before reading: what is announced meanwhile is read after
    try {
      const rows = await this.store.readAll(this.parts.options.maxParks);
      const names = new Set(rows.map(parkKeyOf));
      for (const park of this.parks.all())
        if (!names.has(parkKeyOf(park))) this.adopt(parkKeyOf(park), park, undefined);
      for (const row of rows) this.adopt(parkKeyOf(row), row, row);
    } catch (error) {
      this.outdated = true;
      throw error;
    }
  }

  /** What the table says of a key, unless this process has something newer to write. */
  private adopt(name: string, key: ParkKey, row: ParkRow | undefined): void {
    if (this.changes.has(name) || this.writing.has(name)) return;
    const present = this.parks.get(key);
    if (!row || isForgotten(row, this.parts.time.nowMs())) {
      if (present) this.parks.remove(present);
      return;
    }
    const isNews = present?.version !== row.version;
    this.parks.put(
      Object.assign(present ?? { ...row, sinceMs: 0, hasProbe: false }, row, {
        ...(isNews ? { sinceMs: this.parts.clock.monotonicMs(), hasProbe: false } : {}),
      }),
    );
  }

  private async claimProbes(): Promise<void> {
    const due = [...this.wanted].filter((park) => this.parks.get(park) === park && !park.hasProbe);
    this.wanted.clear();
    if (due.length === 0) return;
    const { probeSeconds } = this.parts.options;
    try {
      const claimed = await this.store.claimProbes(due, probeSeconds);
      const names = new Map(claimed.map((row) => [parkKeyOf(row), row]));
      for (const park of due) {
        const row = names.get(parkKeyOf(park));
        if (row && row.version === park.version) Object.assign(park, { probeAtMs: row.probeAtMs, hasProbe: true });
        else this.heard.set(parkKeyOf(park), park); // somebody else has: read until when
      }
    } catch (error) {
      this.parts.log.warn('quota.probe_not_shared', { error });
      // Without the table each process asks for itself: a call an hour each.
      for (const park of due) {
        park.hasProbe = true;
        park.probeAtMs = this.parts.time.nowMs() + probeSeconds * 1000;
      }
    }
    if (this.heard.size > 0) {
      this.settle();
      await this.settled();
    }
  }
}

function limitOf(call: CallInfo): string {
  return `${call.componentAppid} ${call.path}`;
}

function keyOnly({ componentAppid, authorizerAppid, path }: ParkKey): ParkKey {
  return { componentAppid, authorizerAppid, path };
}
