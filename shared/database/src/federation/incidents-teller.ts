/** Who tells of incidents, and whom it may speak for. */
export interface TellingNode {
  /** Id of this node. */
  readonly own: string;
  readonly from: string;
  /** Nodes whose word it passes on, itself among them. Null: it is the node above, whose word of the tiers above is taken. */
  readonly nodes: ReadonlySet<string> | null;
  /** What the teller is there for; absent: everything. */
  readonly division?: string;
  /** When people here are told of what is asked for: later than `now` (absent) while the teller has more to say than has been taken in. */
  readonly tellAt?: number;
  /** Takes what is to be done at the end of the transaction; absent: it is done at once. */
  readonly later?: (() => Promise<unknown>)[] | undefined;
  readonly now: number;
}

/** An incident is told of that is not the teller's to tell of. */
export class ForeignIncident extends Error {
  override readonly name = 'ForeignIncident';
  readonly incident: string;

  constructor(incident: string, why: string) {
    super(`incident ${incident}: ${why}`);
    this.incident = incident;
  }
}
