import type { AuditFault } from './chain.ts';
import { type AuditCheckpoint, isSignedCheckpoint } from './checkpoints.ts';

/** What the chain is held against. */
export interface Places {
  readonly stored: readonly AuditCheckpoint[];
  /** Kept outside the database. */
  readonly kept: readonly AuditCheckpoint[];
  /** Public keys that may have signed them. */
  readonly keys: readonly string[];
  /** Written down by somebody. */
  readonly head: { readonly sequence: number; readonly hash: string } | null;
}

interface Wanted {
  readonly hash: string;
  readonly said: string;
  readonly isSigned: boolean;
}

/** Holds the places that were signed, or written down, against the chain as it passes. */
export class CheckpointCheck {
  readonly #fault: (found: AuditFault) => void;
  readonly #keys: readonly string[];
  readonly #wanted = new Map<number, Wanted[]>();
  #signedUpTo = 0;

  constructor({ stored, kept, keys, head }: Places, fault: (found: AuditFault) => void) {
    this.#fault = fault;
    this.#keys = keys;
    for (const checkpoint of stored) this.#expect(checkpoint, 'the checkpoint in the database');
    const known = new Set(stored.map(({ sequence }) => sequence));
    for (const checkpoint of kept) {
      const isSigned = this.#expect(checkpoint, 'the checkpoint in the file');
      if (isSigned && !known.has(checkpoint.sequence))
        fault({
          code: 'checkpoint-differs',
          sequence: checkpoint.sequence,
          detail: 'the checkpoint in the file is gone from the database',
        });
    }
    if (head !== null) this.#want(head, 'the place that was written down', false);
  }

  /** Place of the newest checkpoint whose signature holds and which the chain agrees with. */
  get signedUpTo(): number {
    return this.#signedUpTo;
  }

  take(sequence: number, hash: Buffer): void {
    const wanted = this.#wanted.get(sequence);
    if (wanted === undefined) return;
    this.#wanted.delete(sequence);
    const comes = hash.toString('hex');
    for (const { hash: says, said, isSigned } of wanted) {
      if (says !== comes) this.#fault({ code: 'checkpoint-differs', sequence, detail: `${said} says ${says}, the chain ${comes}` });
      else if (isSigned) this.#signedUpTo = Math.max(this.#signedUpTo, sequence);
    }
  }

  /** What was not passed is not there any more. */
  finish(head: number): void {
    for (const [sequence, wanted] of [...this.#wanted].sort(([a], [b]) => a - b)) {
      for (const { said } of wanted) {
        const detail = `${said} names link ${sequence}, which is gone (the chain ends at ${head})`;
        this.#fault({ code: 'checkpoint-differs', sequence, detail });
      }
    }
  }

  // A hand that cannot sign proves nothing by what it wrote: such a place is told, and not held against the chain.
  #expect(checkpoint: AuditCheckpoint, said: string): boolean {
    const isSigned = isSignedCheckpoint(checkpoint, this.#keys);
    const { sequence, keyId } = checkpoint;
    if (isSigned) this.#want(checkpoint, said, true);
    else this.#fault({ code: 'checkpoint-unsigned', sequence, detail: `${said} is not signed by a key known here (it names ${keyId})` });
    return isSigned;
  }

  #want({ sequence, hash }: { readonly sequence: number; readonly hash: string }, said: string, isSigned: boolean): void {
    this.#wanted.set(sequence, [...(this.#wanted.get(sequence) ?? []), { hash, said, isSigned }]);
  }
}
