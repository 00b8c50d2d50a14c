/** The node that the conformance test is towards a receiver: a log of its own, told well or badly as a case wants it. */
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Hello, HelloAnswer, LogAnswer, type LogPlace } from '@beacontower/contracts';
import { CHAIN_BEGIN, type ChainEnd, chainOn, type MadeLine, type Said } from '../../protocol/chain.ts';
import { must } from '../case.ts';
import { type Answered, accepted, Wire, type WireOptions } from '../wire.ts';

/** Who the test is, and with what it speaks. */
export interface ProbeIdentity extends WireOptions {
  readonly own: { readonly certificate: string; readonly key: string };
  readonly node: string;
  readonly division: string;
}

export interface ReceiverContext {
  readonly probe: Probe;
  readonly identity: ProbeIdentity;
  /** Certificates for cases that need the other side's help; absent: those cases are left out. */
  readonly expired?: WireOptions['own'];
  readonly revoked?: WireOptions['own'];
  readonly now: () => number;
}

const SOFTWARE = { name: 'conformance', version: '1' };
const DAY_MS = 86_400_000;

export class Probe {
  readonly wire: Wire;
  readonly identity: ProbeIdentity;
  incarnation: string = randomUUID();
  /** Every line that was acknowledged. */
  lines: MadeLine[] = [];
  /** Incarnations before this one, the last first. */
  before: LogPlace[] = [];
  #version = 0;
  readonly #now: () => number;

  constructor(identity: ProbeIdentity, now: () => number) {
    this.identity = identity;
    this.wire = new Wire(identity);
    this.#now = now;
  }

  get end(): ChainEnd {
    return this.lines.at(-1) ?? CHAIN_BEGIN;
  }

  get place(): LogPlace {
    const { sequence, hash } = this.end;
    return { incarnation: this.incarnation, sequence, hash };
  }

  helloOf(changes: Readonly<Record<string, unknown>> = {}): Hello {
    const { node, division } = this.identity;
    const { sequence, hash } = this.end;
    const log = { first: 1, last: sequence, hash };
    const capabilities = ['outages', 'transitions', 'revisions', 'digests', 'incidents', 'relay'];
    const { incarnation } = this;
    return { protocols: [1], node, division, incarnation, software: SOFTWARE, capabilities, time: this.#now(), log, ...changes } as Hello;
  }

  sayHello(changes: Readonly<Record<string, unknown>> = {}): Promise<Answered> {
    return this.wire.json('POST', '/hello', this.helloOf(changes));
  }

  async greet(changes: Readonly<Record<string, unknown>> = {}): Promise<HelloAnswer> {
    return accepted(await this.sayHello(changes), HelloAnswer);
  }

  /** Lines that would come next. */
  next(...said: readonly Said[]): MadeLine[] {
    return chainOn(this.end, said);
  }

  sendLines(lines: readonly (MadeLine | string)[], incarnation = this.incarnation): Promise<Answered> {
    return this.sendText(`${lines.map((each) => (typeof each === 'string' ? each : each.line)).join('\n')}\n`, incarnation);
  }

  sendText(text: string | Buffer, incarnation = this.incarnation): Promise<Answered> {
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
    return this.wire.send({ method: 'POST', path: `/log?incarnation=${incarnation}`, body: gzipSync(text), headers });
  }

  /** Tells these next; they must be taken. */
  async tell(...said: readonly Said[]): Promise<LogAnswer> {
    const lines = this.next(...said);
    return this.taken(lines, await this.sendLines(lines));
  }

  /** Notes that these lines, sent before, were acknowledged. */
  taken(lines: readonly MadeLine[], answer: Answered): LogAnswer {
    const answered = accepted(answer, LogAnswer);
    const last = lines.at(-1);
    const { acknowledged } = answered;
    must(
      acknowledged.sequence === last?.sequence && acknowledged.hash === last.hash && acknowledged.incarnation === this.incarnation,
      `acknowledged ${acknowledged.sequence} ${acknowledged.hash.slice(0, 8)} instead of ${last?.sequence} ${last?.hash.slice(0, 8)}`,
    );
    const { sequence } = this.end;
    this.lines = [...this.lines, ...lines.filter((line) => line.sequence > sequence)];
    return answered;
  }

  /** Goes on in a new incarnation; its first line is still to be told. */
  beginAnew(): void {
    this.before = [this.place, ...this.before];
    this.incarnation = randomUUID();
    this.lines = [];
    this.#version = 0;
  }

  /** After a case that went wrong: where the receiver took what it was to refuse, a log of its own, so that the next case shows what is its own fault. */
  async recover(): Promise<void> {
    const { sequence, hash } = this.end;
    const resume = await this.greet().then(
      (answer) => answer.resume ?? CHAIN_BEGIN,
      () => null,
    );
    if (resume?.sequence === sequence && resume.hash === hash) return;
    this.beginAnew();
    await this.greet();
    if (sequence > 0) await this.tell(this.opening());
  }

  opening(previous: LogPlace | null = null, knownUntil: number | null = null): Said {
    const { node, division } = this.identity;
    return this.said('incarnation', { incarnation: this.incarnation, node, division, previous, knownUntil });
  }

  said<K extends Said['kind']>(kind: K, payload: Extract<Said, { kind: K }>['payload'], eventAt = this.#now()): Said {
    return { kind, payload, eventAt, recordedAt: this.#now() } as Said;
  }

  nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }

  get version(): number {
    return this.#version;
  }

  object(local: string): string {
    return `${this.identity.node}:${local}`;
  }

  /** Midnight (UTC) so many days ago: each case about effects has a day of its own. */
  day(ago: number): number {
    return Math.floor(this.#now() / DAY_MS) * DAY_MS - ago * DAY_MS;
  }
}
