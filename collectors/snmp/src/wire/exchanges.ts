import { randomFillSync } from 'node:crypto';
import type { RemoteInfo } from 'node:dgram';
import type { Clock } from '@beacontower/runtime';
import { BerReader } from './ber-reader.ts';
import type { SnmpTransportConfig } from './config.ts';
import { type Envelope, readEnvelope } from './message.ts';
import type { DropReason, TransportMetrics } from './metrics.ts';
import { type OwnSend, sendOverOwnSocket } from './own-socket.ts';
import type { Failed, Failure } from './port.ts';
import { type Family, Sockets } from './sockets.ts';

/** Where messages go, and from where alone answers are taken. `community` is null with v3, which proves its messages otherwise. */
export interface Peer {
  readonly address: string;
  readonly port: number;
  readonly family: Family;
  readonly version: number;
  readonly community: Uint8Array | null;
}

/** A datagram that answers what was asked, as far as its envelope tells. */
export interface Arrival {
  readonly ok: true;
  readonly datagram: Buffer;
  readonly envelope: Envelope;
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** Why a datagram that fits by its envelope is none that can be taken; the wait goes on, and a wait in vain ends with this. */
export interface Objection {
  readonly reason: DropReason;
  readonly failure: Failure;
  readonly text: string;
}

export interface ExchangeOptions {
  readonly timeoutMs: number;
  /** Looks into an arrival; what it objects to is dropped. */
  readonly judge?: (datagram: Buffer, envelope: Envelope) => Objection | null;
  /** Send over a socket of its own, where one is free: the device was silent the last time. */
  readonly alone?: boolean;
}

interface Open {
  readonly id: number;
  readonly peer: Peer;
  readonly options: ExchangeOptions;
  readonly sentAt: number;
  readonly resolve: (outcome: Arrival | Failed) => void;
  timer: NodeJS.Timeout;
  trouble: Objection | null;
  own: OwnSend | null;
  graced: boolean;
}

/** Ids that are no longer awaited are remembered for two generations of so many, to tell a late or second answer from a stray one. */
const GENERATION = 4_096;
/** A timer this late says that this process was busy: answers may be waiting unread. */
const BUSY_MS = 20;
const MOST_GRACE_MS = 1_000;
/** Senders of garbage remembered, for the words of a time-out. */
const MOST_GARBAGE = 1_024;

/** Matches what comes in with what was asked. An answer is taken from the address asked, with an id that is awaited, once. */
export class Exchanges {
  readonly #clock: Clock;
  readonly #config: SnmpTransportConfig;
  readonly #metrics: TransportMetrics;
  readonly #sockets: Sockets;
  readonly #open = new Map<number, Open>();
  #settled = new Map<number, 'late' | 'twice'>();
  #settledBefore = new Map<number, 'late' | 'twice'>();
  readonly #garbage = new Map<string, number>();
  readonly #reader = new BerReader();
  readonly #ids = new Uint32Array(1_024);
  #nextId = this.#ids.length;
  #own = 0;
  #stopped = false;
  #fault: string | null = null;

  constructor(config: SnmpTransportConfig, clock: Clock, metrics: TransportMetrics) {
    this.#config = config;
    this.#clock = clock;
    this.#metrics = metrics;
    this.#sockets = new Sockets(config, this);
  }

  /** An id that is not in use and nobody can guess: 1 to 2^31 - 1. */
  newId(): number {
    for (;;) {
      if (this.#nextId >= this.#ids.length) {
        randomFillSync(this.#ids);
        this.#nextId = 0;
      }
      const id = (this.#ids[this.#nextId++] as number) >>> 1;
      if (id !== 0 && !this.#open.has(id)) return id;
    }
  }

  /** Sends `message`, which carries `id`, and waits for its answer. Never rejects. */
  exchange(peer: Peer, id: number, message: Buffer, options: ExchangeOptions): Promise<Arrival | Failed> {
    return new Promise((resolve) => {
      const sentAt = this.#clock.monotonic();
      if (this.#stopped) {
        resolve(failed('stopped', 'the transport has stopped', sentAt, sentAt));
        return;
      }
      const timer = setTimeout(() => this.#expire(open), options.timeoutMs);
      const open: Open = { id, peer, options, sentAt, resolve, timer, trouble: null, own: null, graced: false };
      this.#open.set(id, open);
      this.#metrics.open.set(this.#open.size);
      this.#metrics.requests.inc();
      this.#send(open, message);
    });
  }

  stop(): void {
    this.#stopped = true;
    for (const open of [...this.#open.values()]) this.#fail(open, 'stopped', 'the transport was stopped');
    this.#sockets.close();
  }

  /** What the last socket that failed said, until something is received again; null: nothing is wrong. */
  get fault(): string | null {
    return this.#fault;
  }

  onSocketError(error: Error): void {
    this.#metrics.socketErrors.inc();
    this.#fault = sendFailure(error);
  }

  onDatagram(datagram: Buffer, from: RemoteInfo): void {
    const receivedAt = this.#clock.monotonic();
    this.#fault = null;
    this.#metrics.received.inc();
    this.#metrics.receivedBytes.inc(datagram.length);
    const envelope = readEnvelope(this.#reader, datagram);
    if (envelope === null) {
      this.#metrics.dropped.inc({ reason: 'unreadable' });
      if (this.#garbage.size >= MOST_GARBAGE) this.#garbage.clear();
      this.#garbage.set(sourceKey(from.address, from.port), receivedAt);
      return;
    }
    const open = this.#open.get(envelope.id);
    if (open === undefined) {
      this.#metrics.dropped.inc({ reason: this.#settled.get(envelope.id) ?? this.#settledBefore.get(envelope.id) ?? 'unknown' });
      return;
    }
    const objection = objectionTo(open, datagram, envelope, from);
    if (objection !== null) {
      this.#metrics.dropped.inc({ reason: objection.reason });
      open.trouble = objection;
      return;
    }
    this.#close(open, 'twice');
    open.resolve({ ok: true, datagram, envelope, sentAt: open.sentAt, receivedAt });
  }

  #send(open: Open, message: Buffer): void {
    const { peer } = open;
    const failure = (error: Error | null) => {
      if (error !== null && this.#open.get(open.id) === open) this.#fail(open, 'send-failed', sendFailure(error));
    };
    if (open.options.alone && this.#own < this.#config.ownSockets) {
      this.#own++;
      try {
        open.own = sendOverOwnSocket(peer, message, this.#config, this, failure);
      } catch (error) {
        this.#own--;
        queueMicrotask(() => failure(error as Error));
      }
    } else this.#sockets.send(peer.family, message, peer.port, peer.address, failure);
  }

  /**
   * Timers run before sockets are read. So that a busy moment of ours is not taken for silence of theirs, what has come is
   * read first: one turn of the loop, or as long again as the timer was late.
   */
  #expire(open: Open): void {
    if (this.#open.get(open.id) !== open) return;
    const late = this.#clock.monotonic() - open.sentAt - open.options.timeoutMs;
    if (late > BUSY_MS && !open.graced) {
      open.graced = true;
      open.timer = setTimeout(() => this.#expire(open), Math.min(late, MOST_GRACE_MS));
      return;
    }
    setImmediate(() => {
      if (this.#open.get(open.id) === open) this.#giveUp(open);
    });
  }

  #giveUp(open: Open): void {
    const { trouble, peer } = open;
    if (trouble !== null) {
      this.#fail(open, trouble.failure, trouble.text);
      return;
    }
    const key = sourceKey(peer.address, peer.port);
    const garbageAt = this.#garbage.get(key);
    this.#garbage.delete(key);
    if (garbageAt !== undefined && garbageAt >= open.sentAt) this.#fail(open, 'malformed', 'what came back is no SNMP message');
    else this.#fail(open, 'timeout', `no answer within ${Math.round(open.options.timeoutMs)} ms`);
  }

  #fail(open: Open, failure: Failure, text: string): void {
    this.#close(open, 'late');
    open.resolve(failed(failure, text, open.sentAt, this.#clock.monotonic()));
  }

  #close(open: Open, afterwards: 'late' | 'twice'): void {
    clearTimeout(open.timer);
    this.#open.delete(open.id);
    this.#metrics.open.set(this.#open.size);
    if (open.own !== null) {
      open.own.close();
      this.#own--;
    }
    this.#settled.set(open.id, afterwards);
    if (this.#settled.size >= GENERATION) {
      this.#settledBefore = this.#settled;
      this.#settled = new Map();
    }
  }
}

/**
 * Whether the next request should go over a socket of its own. After silence every other one does: such a socket learns that nothing
 * listens there, and a shared one sees an answer that comes from elsewhere than was asked.
 */
export function askAloneNext(outcome: Arrival | Failed, alone: boolean): boolean {
  if (outcome.ok) return false;
  return outcome.failure === 'send-failed' || !alone;
}

/** A request that brought nothing. */
export function failed(failure: Failure, text: string, sentAt: number, endedAt: number, index: number | null = null): Failed {
  return { ok: false, failure, text, index, sentAt, endedAt };
}

function objectionTo(open: Open, datagram: Buffer, envelope: Envelope, from: RemoteInfo): Objection | null {
  const { peer } = open;
  if (from.port !== peer.port || from.address !== peer.address) {
    return {
      reason: 'stranger',
      failure: 'timeout',
      text: `no answer from ${peer.address}; one came from ${from.address} port ${from.port}, which was not asked`,
    };
  }
  if (envelope.version !== peer.version) return { reason: 'other-community', failure: 'timeout', text: 'answered in another SNMP version' };
  if (peer.community !== null && !sameCommunity(peer.community, datagram, envelope)) {
    return { reason: 'other-community', failure: 'timeout', text: 'answered for another community' };
  }
  return open.options.judge?.(datagram, envelope) ?? null;
}

function sameCommunity(community: Uint8Array, datagram: Buffer, { start, stop }: Envelope): boolean {
  if (stop - start !== community.length) return false;
  for (let i = 0; i < community.length; i++) if (datagram[start + i] !== community[i]) return false;
  return true;
}

function sourceKey(address: string, port: number): string {
  return `${address} ${port}`;
}

function sendFailure(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  const words: Record<string, string> = {
    ECONNREFUSED: 'nothing listens on that port (ICMP port unreachable)',
    EHOSTUNREACH: 'no way to that host',
    ENETUNREACH: 'no route to that network',
    EMFILE: 'this process has too many open files',
    ENFILE: 'this machine has too many open files',
    ENOBUFS: 'the system has no buffer space left',
    EACCES: 'the system forbids to send there',
    EPERM: 'a firewall of this machine forbids to send there',
    EMSGSIZE: 'the request is too large for one datagram',
  };
  return `${code}: ${words[code] ?? 'could not be sent'}`;
}
