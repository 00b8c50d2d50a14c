import { FEDERATION_CODES, type FederationCode, type FederationProblem, type LogPlace } from '@beacontower/contracts';

/** What a refusal says beside its code. */
export interface RefusalFacts {
  readonly resume?: LogPlace | undefined;
  readonly sequence?: number | null | undefined;
  readonly supported?: readonly number[] | undefined;
  readonly offsetMs?: number | undefined;
}

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
