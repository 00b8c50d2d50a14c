/** The chain over the audit, computed here from the rows alone, apart from the SQL that made it (decision 0024). */
import { createHash } from 'node:crypto';
import type { AUDIT_FAULTS } from '@beacontower/contracts';

/** The link before the first. */
export const CHAIN_START = Buffer.alloc(32);

/** A row as it stands in the database; numbers and JSON in the text that PostgreSQL gives them, as they were hashed. */
export interface ChainedRow {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly source: string | null;
  readonly action: string;
  readonly object: string;
  readonly result: string;
  readonly detail: string;
}

/** A link and the row it stands for; null: the row is gone. */
export interface ChainLink {
  readonly sequence: number;
  readonly previous: Buffer;
  readonly hash: Buffer;
  readonly row: ChainedRow | null;
}

export interface AuditFault {
  readonly code: (typeof AUDIT_FAULTS)[number];
  /** Place in the chain; null for what has none. */
  readonly sequence: number | null;
  readonly detail: string;
}

/** The hash of a link: SHA-256 over the link before, the number, and each field with its length. */
export function chainHash(sequence: number, previous: Uint8Array, row: ChainedRow): Buffer {
  const { id, at, actor, source, action, object, result, detail } = row;
  const fields = [String(sequence), id, at, actor, source, action, object, result, detail].map(framed).join('');
  return createHash('sha256').update(previous).update(fields).digest();
}

// The length in front keeps fields apart: ("ab", "c") is not ("a", "bc"). A missing field is not an empty one.
function framed(field: string | null): string {
  return field === null ? '-:' : `${Buffer.byteLength(field)}:${field}`;
}

/** Takes the links in order and tells what is wrong with each. */
export class ChainCheck {
  readonly #fault: (fault: AuditFault) => void;
  #sequence = 0;
  #hash: Buffer = CHAIN_START;

  constructor(fault: (fault: AuditFault) => void) {
    this.#fault = fault;
  }

  /** The last link taken; null before the first. */
  get head(): { readonly sequence: number; readonly hash: string } | null {
    return this.#sequence === 0 ? null : { sequence: this.#sequence, hash: this.#hash.toString('hex') };
  }

  take({ sequence, previous, hash, row }: ChainLink): void {
    const expected = this.#sequence + 1;
    if (sequence > expected) {
      const missing = sequence - expected === 1 ? `link ${expected} is missing` : `links ${expected} to ${sequence - 1} are missing`;
      this.#fault({ code: 'missing-link', sequence: expected, detail: missing });
    } else if (sequence < expected || !previous.equals(this.#hash)) {
      this.#fault({
        code: 'link-broken',
        sequence,
        detail: `it does not follow link ${sequence - 1}: that one, or this, was put in its place`,
      });
    }
    if (row === null) this.#fault({ code: 'row-missing', sequence, detail: 'the row that this link stands for is gone' });
    else if (!chainHash(sequence, previous, row).equals(hash))
      this.#fault({
        code: 'row-changed',
        sequence,
        detail: `row ${row.id} (${row.actor}, ${row.action}, ${new Date(Number(row.at)).toISOString()}) is not what was linked`,
      });
    this.#sequence = sequence;
    this.#hash = hash;
  }
}
