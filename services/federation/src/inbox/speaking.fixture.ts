/** A node that speaks to a listener byte by byte, as well or as badly as a test wants. */
import { randomUUID } from 'node:crypto';
import { FEDERATION_PATH, type Hello, type Snapshot, type WireObject } from '@beacontower/contracts';
import type { State } from '@beacontower/domain';
import { Agent, request } from 'undici';
import { CHAIN_BEGIN, chainOn, type MadeLine, type Said } from '../protocol/chain.ts';
import type { ParentAddress } from '../uplink/client.ts';

/** What was answered. */
export interface Heard {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly code?: string };
  readonly headers: Record<string, string | string[] | undefined>;
}

export class SpeakingNode {
  readonly node: string;
  readonly division: string;
  readonly #agent: Agent;
  readonly #url: string;
  incarnation: string = randomUUID();
  version = 0;
  /** All lines of its log. */
  lines: MadeLine[] = [];

  constructor(node: string, division: string, { url, authority, certificate, key }: ParentAddress) {
    this.node = node;
    this.division = division;
    this.#url = url;
    this.#agent = new Agent({ connections: 8, connect: { ca: authority, cert: certificate, key } });
  }

  /** Makes its first line, and says hello. */
  async begin(over: Partial<Hello> = {}, opening: Partial<Extract<Said, { kind: 'incarnation' }>['payload']> = {}): Promise<Heard> {
    const { incarnation, node, division } = this;
    const at = Date.now();
    this.say({
      kind: 'incarnation',
      eventAt: at,
      recordedAt: at,
      payload: { incarnation, node, division, previous: null, knownUntil: null, ...opening },
    });
    return this.hello(over);
  }

  hello(over: Partial<Hello> = {}): Promise<Heard> {
    const last = this.lines.at(-1);
    return this.send('POST', '/hello', {
      protocols: [1],
      node: this.node,
      division: this.division,
      incarnation: this.incarnation,
      software: { name: 'test', version: '0' },
      capabilities: ['transitions'],
      time: Date.now(),
      log: { first: 1, last: last?.sequence ?? 0, hash: last?.hash ?? CHAIN_BEGIN.hash },
      ...over,
    });
  }

  /** Makes lines; they are not sent yet. */
  say(...said: readonly Said[]): MadeLine[] {
    const made = chainOn(this.lines.at(-1) ?? CHAIN_BEGIN, said);
    this.lines.push(...made);
    return made;
  }

  /** Makes lines and sends them. */
  tell(...said: readonly Said[]): Promise<Heard> {
    return this.log(this.say(...said));
  }

  log(lines: readonly Pick<MadeLine, 'line'>[]): Promise<Heard> {
    return this.raw('POST', `/log?incarnation=${this.incarnation}`, `${lines.map(({ line }) => line).join('\n')}\n`, {
      'content-type': 'application/x-ndjson',
    });
  }

  /** Sends all lines from the beginning. */
  logAll(): Promise<Heard> {
    return this.log(this.lines);
  }

  snapshot(over: Partial<Snapshot> = {}): Promise<Heard> {
    this.version += 1;
    const at = Date.now();
    return this.send('PUT', '/snapshot', {
      incarnation: this.incarnation,
      version: this.version,
      base: null,
      at,
      log: this.lines.length,
      observed: [{ node: this.node, until: { pinged: at, all: at, composed: at } }],
      states: [],
      ...over,
    });
  }

  get(path: string): Promise<Heard> {
    return this.raw('GET', path, null);
  }

  send(method: 'POST' | 'PUT', path: string, body: unknown): Promise<Heard> {
    return this.raw(method, path, JSON.stringify(body), { 'content-type': 'application/json' });
  }

  async raw(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body: string | Buffer | AsyncIterable<Buffer> | null,
    headers: Record<string, string> = {},
  ): Promise<Heard> {
    const answer = await request(`${this.#url}${FEDERATION_PATH}${path}`, {
      method,
      headers,
      body: body as never,
      dispatcher: this.#agent,
    });
    return { status: answer.statusCode, body: (await answer.body.json()) as Heard['body'], headers: answer.headers };
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

function object(id: string, division: string, over: Partial<WireObject> = {}): WireObject {
  return {
    id,
    kind: 'access-line',
    name: id,
    nameEn: null,
    division,
    class: 'user-access',
    party: null,
    weight: 1,
    parents: [],
    rule: { require: 'any' },
    quiet: false,
    combines: null,
    checks: [],
    attributes: {},
    ...over,
  };
}

const said = <K extends Said['kind']>(kind: K, at: number, payload: Extract<Said, { kind: K }>['payload']): Said =>
  ({ kind, eventAt: at, recordedAt: at, payload }) as Said;

/** Lines of every kind, short to write. */
export const lineOf = {
  any: said,
  object: (id: string, division: string, at: number, over: Partial<WireObject> = {}, validTo: number | null = null): Said =>
    said('inventory', at, { validFrom: at, validTo, object: object(id, division, over) }),
  change: (id: string, from: State, to: State, at: number, check: string | null = null): Said =>
    said('transition', at, { object: id, check, resolutionMs: 20_000, ...changeAt(from, to, at) }),
};

export function changeAt(from: State, to: State, at: number) {
  const reason = to === 'down' ? ('no-reply' as const) : to === 'unknown' ? ('not-looked-at' as const) : ('replied' as const);
  return { from, to, at, earliest: at - 500, latest: at, reason, decidedAt: at };
}
