/** A child process: many provinces that report to one centre, each by its own certificate, chain and snapshots, without a database of their own. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Snapshot, WireObject } from '@beacontower/contracts';
import { CHAIN_BEGIN, type ChainEnd, chainOn, type ParentAddress, ParentClient, type Said } from '@beacontower/service-federation';
import { change } from './federation-change.ts';

export interface SimulatedProvince {
  readonly node: string;
  readonly division: string;
  readonly parent: ParentAddress;
}

/** What the benchmark asks of this process. */
export type SendersAsked =
  | { readonly join: readonly SimulatedProvince[]; readonly objects: number }
  | { readonly run: { readonly perSecond: number; readonly seconds: number } };

const BATCH = 5_000;
const SNAPSHOT_MS = 2_000;
const JOINING = 4;

/** One province: what it has to say goes out in one batch at a time, and the states of this moment beside it. */
class Sender {
  readonly #node: string;
  readonly #division: string;
  readonly #incarnation = randomUUID();
  readonly #client: ParentClient;
  readonly #objects: string[];
  readonly #turns: Uint32Array;
  readonly #changed = new Set<number>();
  readonly #said: Said[] = [];
  #end: ChainEnd = CHAIN_BEGIN;
  #version = 0;
  #judged = 0;
  #sending: Promise<void> | undefined;

  constructor({ node, division, parent }: SimulatedProvince, objects: number) {
    this.#node = node;
    this.#division = division;
    this.#client = new ParentClient(parent);
    this.#objects = Array.from({ length: objects }, (_, n) => `${node}:line-${n}`);
    this.#turns = new Uint32Array(objects);
  }

  /** Says who it is, what it has, and that all of it is up. */
  async join(): Promise<void> {
    const now = Date.now();
    const log = { first: 1, last: 0, hash: CHAIN_BEGIN.hash };
    const software = { name: 'bench', version: '0' };
    const who = { node: this.#node, division: this.#division, incarnation: this.#incarnation };
    await this.#client.hello({ ...who, protocols: [1], software, capabilities: [], time: now, log });
    this.#say({ kind: 'incarnation', payload: { ...who, previous: null, knownUntil: null } }, now);
    for (const [n, id] of this.#objects.entries())
      this.#say({ kind: 'inventory', payload: { validFrom: now - 60_000, validTo: null, object: wireLine(id, n, this.#division) } }, now);
    for (const n of this.#objects.keys()) this.#change(n, now - 30_000);
    await this.#flush();
    await this.#snapshot(now, true);
    this.#changed.clear();
  }

  /** Something happens to one of its objects. */
  happen(): void {
    this.#change(Math.floor(Math.random() * this.#objects.length), Date.now());
    this.#sending ??= this.#flush().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Says what is, every two seconds, until `stop`. */
  async present(signal: AbortSignal): Promise<void> {
    await sleep(Math.random() * SNAPSHOT_MS);
    while (!signal.aborted) {
      await this.#snapshot(Date.now(), false);
      await sleep(SNAPSHOT_MS);
    }
  }

  async settled(): Promise<void> {
    await this.#sending;
  }

  #change(n: number, at: number): void {
    const turn = this.#turns[n] ?? 0;
    this.#turns[n] = turn + 1;
    this.#changed.add(n);
    // An object changes once in a millisecond at most.
    this.#judged = Math.max(at, this.#judged);
    this.#say({ kind: 'transition', payload: change(this.#objects[n] ?? '', turn, at) }, at);
  }

  #say(said: Pick<Said, 'kind' | 'payload'>, at: number): void {
    this.#said.push({ ...said, eventAt: at, recordedAt: at } as Said);
  }

  async #flush(): Promise<void> {
    while (this.#said.length > 0) {
      const lines = chainOn(this.#end, this.#said.splice(0, BATCH));
      const last = lines.at(-1);
      await this.#client.log(
        this.#incarnation,
        lines.map(({ line }) => line),
      );
      if (last !== undefined) this.#end = { sequence: last.sequence, hash: last.hash };
    }
  }

  async #snapshot(at: number, all: boolean): Promise<void> {
    const indexes = all ? [...this.#objects.keys()] : [...this.#changed];
    this.#changed.clear();
    const base = all ? null : this.#version;
    this.#version = Math.max(at, this.#version + 1);
    const until = { pinged: at, all: at, composed: at };
    const states = indexes.map((n): Snapshot['states'][number] => {
      const up = (this.#turns[n] ?? 0) % 2 === 1;
      return [this.#objects[n] ?? '', up ? 'up' : 'down', this.#judged, up ? 'replied' : 'no-reply'];
    });
    const observed = [{ node: this.#node, until }];
    const log = this.#end.sequence + this.#said.length;
    const snapshot = { incarnation: this.#incarnation, version: this.#version, base, at, log, observed, states };
    await this.#client.snapshot(snapshot).catch(async (error: unknown) => {
      // Nobody above remembers what these are the changes of.
      if (all || (error as { code?: string }).code !== 'snapshot-base-unknown') throw error;
      await this.#snapshot(at, true);
    });
  }
}

function wireLine(id: string, n: number, division: string): WireObject {
  const address = `10.${Math.floor(n / 65_536)}.${Math.floor(n / 256) % 256}.${n % 256}`;
  const check = { id: `${id}/icmp4`, kind: 'icmp' as const, family: 4 as const, target: address, device: null };
  return {
    ...{
      id,
      kind: 'access-line',
      name: `第 ${n} 号政务部门接入线路`,
      nameEn: null,
      division,
      class: 'user-access',
      party: null,
      weight: 1,
    },
    ...{ parents: [], rule: { require: 'any' }, quiet: false, combines: null, attributes: { unit: `单位 ${n}` } },
    checks: [{ ...check, intervalMs: 10_000, resolutionMs: 20_000 }],
  };
}

let senders: Sender[] = [];

async function joinAll(provinces: readonly SimulatedProvince[], objects: number): Promise<void> {
  senders = provinces.map((province) => new Sender(province, objects));
  const waiting = [...senders];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next.join();
  };
  await Promise.all(Array.from({ length: JOINING }, worker));
}

/** Gives how long it took until all that was to happen had happened, s. */
async function run({ perSecond, seconds }: { readonly perSecond: number; readonly seconds: number }): Promise<number> {
  const ending = new AbortController();
  const presents = senders.map((sender) => sender.present(ending.signal));
  const begun = performance.now();
  let happened = 0;
  while (happened < perSecond * seconds) {
    const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - begun) / 1_000) * perSecond));
    for (; happened < due; happened++) senders[Math.floor(Math.random() * senders.length)]?.happen();
    await sleep(10);
  }
  const took = (performance.now() - begun) / 1_000;
  ending.abort();
  await Promise.all([...presents, ...senders.map((sender) => sender.settled())]);
  return took;
}

process.on('message', (asked: SendersAsked) => {
  const answer = 'join' in asked ? joinAll(asked.join, asked.objects) : run(asked.run);
  answer.then(
    (done) => process.send?.({ done: done ?? 0 }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.once('SIGTERM', () => process.exit(0));
