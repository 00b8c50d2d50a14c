/**
 * How the collector talks to SNMP agents. Versions 1, 2c and 3 answer alike: in columns, straight from the wire. One call is one request with
 * one time-out; how often it is repeated, and when, is the caller's business. Nothing here rejects or throws for what an agent did.
 */
import type { SnmpSecret } from '@beacontower/contracts';
import type { Component } from '@beacontower/runtime';
import type { Oid } from './oid.ts';

/** Whom to ask, and with what. `address` is an IPv4 or IPv6 literal, an IPv6 one with its `%scope` where it is link-local. */
export interface Target {
  readonly address: string;
  readonly port: number;
  readonly secret: SnmpSecret;
}

/** Why a request brought nothing. The names are stable: counters and states are made of them. */
export const FAILURES = [
  /** No answer that could be taken came in time. With v1 and v2c a wrong community looks like this. */
  'timeout',
  /** The agent cannot fit its answer into a message: ask for less. */
  'too-big',
  /** v1: at least one OID of a GET is not there (`index`). */
  'no-such-name',
  'gen-err',
  /** Any other error-status; `text` has its name. */
  'refused',
  'unknown-user',
  /** v3: the agent (or we) found the digest wrong or could not decrypt, or it leaves encrypted requests unanswered, time and again. */
  'wrong-key',
  'not-in-time-window',
  /** v3: the agent does not know the user at this security level, or not the context asked for. */
  'unsupported-security',
  /** An answer to this very request came, and is no SNMP. */
  'malformed',
  /** The operating system would not send, or an ICMP message said that nothing listens there; `text` has the errno. */
  'send-failed',
  'stopped',
] as const;
export type Failure = (typeof FAILURES)[number];

/** A request that brought nothing. `text` is for people and holds no secret. Times are monotonic ms. */
export interface Failed {
  readonly ok: false;
  readonly failure: Failure;
  readonly text: string;
  /** Position (from 0; scalars first, then columns) of the OID that the agent blames, where it says so. */
  readonly index: number | null;
  readonly sentAt: number;
  /** When the refusal arrived, or it was given up. */
  readonly endedAt: number;
}

/** BER tags of cells. What is not here is the agent's own invention. */
export const TAG = {
  /** Not an answer: nothing came for this cell, or something else than was asked. */
  nothing: 0,
  integer: 0x02,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  ipAddress: 0x40,
  counter32: 0x41,
  /** Gauge32 and Unsigned32. */
  gauge32: 0x42,
  timeTicks: 0x43,
  opaque: 0x44,
  counter64: 0x46,
  noSuchObject: 0x80,
  noSuchInstance: 0x81,
  endOfMibView: 0x82,
  /** Ours: the agent sent a value that its tag does not allow (a Counter32 of nine bytes). It has no number. */
  unusable: 0xff,
} as const;

/**
 * Values side by side. For a cell `i`:
 * numbers (`integer`, `counter32`, `gauge32`, `timeTicks`, `counter64`): `low[i]`, `high[i]` are the 64 bits, sign-extended for
 *   `integer` (so `low[i] | 0` is its value);
 * everything else: `low[i]` is where its bytes begin and `high[i]` how many they are; take them with `bytes(i)`.
 */
export interface Cells {
  readonly tags: Uint8Array;
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  /** True for the five number tags. */
  isNumber(cell: number): boolean;
  /** The value as a number (beyond 2^53 the nearest), or null when the cell holds none. */
  number(cell: number): number | null;
  /** The exact value, or null when the cell holds no number. */
  bigint(cell: number): bigint | null;
  /** Content bytes of an octet string (or of anything else that is no number); empty when there are none. Copy what you keep after `release`. */
  bytes(cell: number): Uint8Array;
  /** The octet string as UTF-8, bad bytes replaced, trailing NULs cut; empty when the cell is no octet string. */
  text(cell: number): string;
  /** The OID as dotted text; empty when the cell is none. */
  oidText(cell: number): string;
}

/** Why a column has no further rows in this answer. */
export const END = {
  /** It has not ended: ask again after its last row. */
  open: 0,
  /** The next object lies outside the column, or there is none: the table is read. */
  done: 1,
  /** A row did not come after the one before it: never ask on (a lexicographic loop). */
  notAscending: 2,
  /** Its rows have an index of other than one arc: this is not a table of that kind. */
  notOneArc: 3,
} as const;

interface Answered {
  readonly ok: true;
  /** Monotonic ms: handed to the operating system, read from it. For v3 with a discovery, those of the last exchange. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /**
   * Gives the memory back for the next answer; the object must not be touched afterwards. Forgetting it costs speed, nothing else.
   */
  release(): void;
}

/** Cell `i` is that of the OID `i` asked for. */
export interface GetAnswer extends Answered {
  readonly cells: Cells;
}

/** Cell of column `c` and row `r` (`r < counts[c]`) is `c * stride + r`; that of scalar `s` is cell `s` of `scalars`. */
export interface BulkAnswer extends Answered {
  readonly scalars: Cells;
  readonly cells: Cells;
  readonly stride: number;
  /** Row index (ifIndex) of a cell; ascending within a column. */
  readonly rows: Uint32Array;
  /** Rows that came, by column. */
  readonly counts: Uint32Array;
  /** `END`, by column. */
  readonly ends: Uint8Array;
  /** Repetitions that were truly asked for: at most what was wanted; 1 with v1, which has no GETBULK. */
  readonly asked: number;
  /** Bytes of the answer on the wire (UDP payload). */
  readonly size: number;
  /** The datagram ended in the midst of what it announced. What came whole is here. */
  readonly truncated: boolean;
}

export interface BulkRequest {
  /** Instances that end in `.0` (`oid('1.3.6.1.2.1.1.3.0')`). */
  readonly scalars: readonly Oid[];
  /** `after`: the row to go on after, or null for the first. */
  readonly columns: readonly { readonly oid: Oid; readonly after: number | null }[];
  /** At least 1; at most `MOST_REPETITIONS` are asked for. */
  readonly maxRepetitions: number;
}
export const MOST_REPETITIONS = 512;

/** One name and value, as text and plain values: for what is asked seldom, and for tests. */
export interface Varbind {
  readonly oid: string;
  readonly tag: number;
  /** Numbers as bigint, everything else as content bytes. */
  readonly value: bigint | Uint8Array;
}

export interface ListAnswer {
  readonly ok: true;
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly varbinds: readonly Varbind[];
  readonly truncated: boolean;
}

export interface AskOptions {
  /** Ms from now after which the request is given up. */
  readonly timeoutMs: number;
}

/**
 * The talk with one agent. Requests may overlap. Holds no socket; `end` forgets what was learned of the agent (v3 engine) and may
 * be left out only at the end of the process.
 */
export interface Conversation {
  /** v1: one missing OID fails the request with `no-such-name` and its `index`. v2c, v3: its cell has the tag `noSuchObject` or `noSuchInstance`. */
  get(oids: readonly Oid[], options: AskOptions): Promise<GetAnswer | Failed>;
  /**
   * One GETBULK. v1: one row of each column by GETNEXT; what is not there is left out and the rest asked again within the same
   * time-out, so a missing column is `done` without rows and a missing scalar is `nothing`, as in the others.
   */
  bulk(request: BulkRequest, options: AskOptions): Promise<BulkAnswer | Failed>;
  /** GETBULK (v1: GETNEXT) over any OIDs; the answer as it came, in its order. */
  list(oids: readonly Oid[], maxRepetitions: number, options: AskOptions): Promise<ListAnswer | Failed>;
  end(): void;
}

/** The sockets that all conversations share. `stop` settles every open request as `stopped`. */
export interface SnmpTransport extends Component {
  conversation(target: Target): Conversation;
}
