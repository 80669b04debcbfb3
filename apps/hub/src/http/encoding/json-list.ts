const BEGIN = Buffer.from('{"items":[');
const COMMA = Buffer.from(',');

/**
 * A page of a list whose items are turned into JSON as they come. A large page is read in portions, and beside others it takes
 * seconds: hundreds of objects that live that long end up in the part of the heap that is expensive to clean, and to turn
 * them into text all at once would hold the event loop. Text outside of the heap does neither.
 */
export class JsonList {
  private readonly parts: Buffer[] = [BEGIN];
  private count = 0;
  /** Of the page that comes after this one; null: none does. */
  nextCursor: string | null = null;

  /** How many items there are. */
  get length(): number {
    return this.count;
  }

  add(items: readonly unknown[]): void {
    if (items.length === 0) return;
    if (this.count > 0) this.parts.push(COMMA);
    this.parts.push(Buffer.from(JSON.stringify(items).slice(1, -1)));
    this.count += items.length;
  }

  /** `{"items": […], "next_cursor": …}` */
  text(): Buffer {
    return Buffer.concat([...this.parts, Buffer.from(`],"next_cursor":${JSON.stringify(this.nextCursor)}}`)]);
  }
}

/** Fastify reply serializer: everything is JSON, and some of it already text. */
export function toJson(payload: unknown): string | Buffer {
  return payload instanceof JsonList ? payload.text() : JSON.stringify(payload);
}
