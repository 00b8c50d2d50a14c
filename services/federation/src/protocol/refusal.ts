import { FEDERATION_CODES, type FederationCode, type FederationProblem, type LogPlace } from '@beacontower/contracts';

/** What a refusal says beside its code. */
export interface RefusalFacts {
  readonly resume?: LogPlace | undefined;
  readonly sequence?: number | null | undefined;
  readonly supported?: readonly number[] | undefined;
  readonly offsetMs?: number | undefined;
  /** When the same may be accepted, where that is known better than by the code. */
  readonly retryAfterMs?: number | undefined;
}

/** How long to wait with what may be accepted later: a batch is applied in a second or two; a database takes a little longer to be there again. */
const RETRY_AFTER_MS: Partial<Readonly<Record<FederationCode, number>>> = { busy: 2_000, unavailable: 5_000 };
const USUAL_RETRY_MS = 60_000;

/** What was sent is not taken, and nothing of it is in the record. The code is one that the protocol names; the detail is for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: FederationCode;
  readonly facts: RefusalFacts;

  constructor(code: FederationCode, detail: string, facts: RefusalFacts = {}) {
    super(detail);
    this.code = code;
    this.facts = facts;
  }

  get status(): number {
    return FEDERATION_CODES[this.code].status;
  }

  /** Whether the same message may be taken a little later. */
  get retry(): boolean {
    return FEDERATION_CODES[this.code].retry;
  }

  /** What `Retry-After` says, whole seconds; null: the same is not accepted later either. */
  get retryAfterS(): number | null {
    if (!this.retry) return null;
    const ms = this.facts.retryAfterMs ?? RETRY_AFTER_MS[this.code] ?? USUAL_RETRY_MS;
    return Math.max(1, Math.ceil(ms / 1_000));
  }

  problem(): FederationProblem {
    const { resume, sequence, supported, offsetMs } = this.facts;
    return {
      type: `urn:beacontower:federation:${this.code}`,
      title: this.code,
      status: this.status,
      code: this.code,
      detail: this.message,
      ...(resume === undefined ? {} : { resume }),
      ...(sequence === undefined || sequence === null ? {} : { sequence }),
      ...(supported === undefined ? {} : { supported: [...supported] }),
      ...(offsetMs === undefined ? {} : { offsetMs }),
    };
  }
}
