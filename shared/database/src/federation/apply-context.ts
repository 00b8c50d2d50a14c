import type { FederationCode } from '@beacontower/contracts';
import type { Transaction } from '../pool.ts';

import type { FederatedNode } from './place.ts';
import type { ApplyMode } from './told.ts';

/** What everybody needs who takes in lines of a log. */
export interface ApplyContext {
  readonly tx: Transaction;
  /** The sender, its row locked. */
  readonly held: FederatedNode;
  /** Nodes whose objects it may speak of, itself among them, with the division of each; a `node` line adds to them. */
  readonly nodes: Map<string, string>;
  readonly mode: ApplyMode;
  /** What is done once all lines of the batch are taken in: items are numbered by one at a time, who must not wait for incidents then. Absent: it is done at once. */
  readonly later?: (() => Promise<unknown>)[] | undefined;
  readonly now: number;
}

/** A line that cannot be applied: nothing of its batch is. `index`: its place among those that were handed over. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
  readonly code: FederationCode;
  readonly index: number;

  constructor(code: FederationCode, detail: string, index: number) {
    super(detail);
    this.code = code;
    this.index = index;
  }
}

/** By whom rows are written that a node below told. */
export const toldBy = (node: string): string => `federation:${node}`;
