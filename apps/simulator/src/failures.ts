/** What `/cgi-bin/openapi/rid/get` tells about a call that failed. */
export interface FailedRequest {
  readonly componentAppid: string;
  readonly request: {
    readonly invoke_time: number;
    readonly cost_in_ms: number;
    readonly request_url: string;
    readonly request_body: string;
    readonly response_body: string;
    readonly client_ip: string;
  };
}

const KEPT_FAILURES = 1_000;

/** The last 1,000 failed calls by rid. */
export class Failures {
  readonly #byRid = new Map<string, FailedRequest>();

  add(rid: string, failure: FailedRequest): void {
    this.#byRid.set(rid, failure);
    if (this.#byRid.size <= KEPT_FAILURES) return;
    for (const oldest of this.#byRid.keys()) {
      this.#byRid.delete(oldest);
      break;
    }
  }

  get(rid: string): FailedRequest | undefined {
    return this.#byRid.get(rid);
  }
}
