/** The demo from its first address to its last trace: ground, agents, node, faults, board. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SnmpAgents, startSnmpAgents } from '@beacontower/testing';
import { type BoardFacts, MOST_EVENTS, renderBoard } from './board.ts';
import { Events } from './events.ts';
import { type Fault, faultsOf } from './faults.ts';
import { makeGround } from './ground.ts';
import { type Names, namesOf } from './names.ts';
import { buildNetwork, COMMUNITY_VARIABLE, configurationOf } from './network.ts';
import { type DemoNode, startNode } from './node.ts';
import type { DemoOptions } from './options.ts';
import { makePlans } from './plans.ts';
import { startReceiver } from './receiver.ts';
import { ROBOT_VARIABLE, SIGNING_VARIABLE, tellingOf } from './telling.ts';
import { htmlOf } from './text.ts';
import { createViewer, type View } from './view.ts';
import { WORDS } from './words.ts';
import { ordersOf, World } from './world.ts';

const EVERY_MS = 2_000;
const WEEK_MS = 7 * 24 * 60 * 60_000;
/** Longest that the first look at everything may take. */
const WHOLE_MS = 60_000;

/** What a run showed. */
export interface DemoSummary {
  readonly ground: 'namespace' | 'loopback';
  readonly objects: Readonly<Record<string, number>>;
  readonly interfaces: number;
  readonly faults: number;
  readonly incidents: { readonly opened: number; readonly resolved: number };
  readonly objectives: readonly {
    readonly id: string;
    readonly availability: number | null;
    readonly lowest: number | null;
    readonly highest: number | null;
    readonly verdict: string;
  }[];
}

export interface DemoOutput {
  /** One line for the person at the terminal. */
  say(line: string): void;
  /** Shows a board in the place of the one before. */
  show(board: string): void;
}

/** Runs until the time is over, `signal` says so, or the node ends; then everything is taken away again, whatever happened. */
export async function runDemo(options: DemoOptions, out: DemoOutput, signal: AbortSignal): Promise<DemoSummary | null> {
  const words = WORDS[options.language];
  const closing: (() => Promise<void>)[] = [];
  try {
    const standing = await makeGround((zh, en) => out.say(options.language === 'zh' ? `*** ${zh} ***` : `*** ${en} ***`));
    closing.push(() => standing.clear());
    const community = randomBytes(8).toString('hex');
    const network = buildNetwork(standing.ground, community);
    await standing.raise([...network.places.values()]);
    out.say(words.starting);
    const agents: SnmpAgents = await startSnmpAgents({ devices: ordersOf(network), command: standing.command });
    closing.push(() => agents.stop());
    const receiver = await startReceiver();
    closing.push(() => receiver.close());
    const rotasFrom = new Date(Date.now() - WEEK_MS).toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
    const configuration = configurationOf(network, tellingOf(receiver.url, rotasFrom));
    const node = await startNode(configuration, {
      [COMMUNITY_VARIABLE]: community,
      [ROBOT_VARIABLE]: receiver.robotUrl,
      [SIGNING_VARIABLE]: randomBytes(16).toString('hex'),
    });
    closing.push(() => node.stop());
    // What is planned makes the demo richer; it is no reason to end it.
    if (node.person !== null) await makePlans(node.url, node.person).catch((error: unknown) => out.say(String(error)));
    if (signal.aborted) return null;
    const names = namesOf(configuration);
    const live = new Live({ options, out, node, names, ground: standing.ground.kind });
    await live.untilWhole(
      network.agents.reduce((sum, { order: { interfaces } }) => sum + (Array.isArray(interfaces) ? interfaces.length : 0), 0),
      signal,
    );
    if (options.once) await live.untilFigures(signal);
    if (options.once || signal.aborted) return live.summary();
    const world = new World(standing, network, agents.agents);
    const stop = new AbortController();
    const ending = AbortSignal.any([signal, stop.signal]);
    node.ended.then(() => stop.abort()).catch(() => undefined);
    const timer = options.minutes === null ? undefined : setTimeout(() => stop.abort(), options.minutes * 60_000);
    await Promise.all([makeFaults(world, live, options.seed, standing.ground.kind, ending), live.run(ending)]);
    clearTimeout(timer);
    return live.summary();
  } finally {
    out.say(words.stopping);
    for (const close of closing.reverse()) await close().catch((error: unknown) => out.say(String(error)));
    out.say(words.gone);
  }
}

/** Begins and ends faults at their times until the end. Faults that are under way then end with the network. */
async function makeFaults(world: World, live: Live, seed: number, kind: 'namespace' | 'loopback', ending: AbortSignal): Promise<void> {
  const begun = Date.now();
  const at = (ms: number) =>
    sleep(Math.max(0, begun + ms - Date.now()), undefined, { signal: ending }).then(
      () => true,
      () => false,
    );
  const running = new Set<Promise<void>>();
  const run = async (fault: Fault) => {
    for (const [from, to] of fault.periods) {
      if (!(await at(from))) return;
      live.noteFault(fault, true);
      await world.change(fault, true);
      if (!(await at(to))) return;
      live.noteFault(fault, false);
      await world.change(fault, false);
    }
  };
  for (const fault of faultsOf(seed, kind)) {
    // The one after the next is drawn when this one begins: the list has no end.
    if (!(await at((fault.periods[0]?.[0] ?? 0) - 100))) break;
    const made = run(fault).finally(() => running.delete(made));
    running.add(made);
  }
  await Promise.all(running);
}

interface LiveGiven {
  readonly options: DemoOptions;
  readonly out: DemoOutput;
  readonly node: DemoNode;
  readonly names: Names;
  readonly ground: 'namespace' | 'loopback';
}

/** The node as it is seen from outside while the demo runs. */
class Live {
  readonly #given: LiveGiven;
  readonly #events: Events;
  readonly #viewer;
  #from = Date.now();
  #view: View | undefined;
  #faults = 0;

  constructor(given: LiveGiven) {
    this.#given = given;
    this.#events = new Events((id) => given.names(id));
    this.#viewer = createViewer(given.node.url, given.node.token);
  }

  noteFault(fault: Fault, isWrong: boolean): void {
    // A restart is over as soon as it has happened.
    if (!isWrong && fault.restarts !== null) return;
    const { zh, en } = fault.words;
    if (isWrong) this.#faults++;
    const words = isWrong ? fault.words : { zh: `${zh}：已消除`, en: `${en}: over` };
    this.#events.note({ at: Date.now(), kind: isWrong ? 'fault' : 'well', words });
  }

  /** Waits until everything has been looked at and is up, so that the figures begin with a network that is whole. */
  async untilWhole(interfaces: number, signal: AbortSignal): Promise<void> {
    for (const end = performance.now() + WHOLE_MS; performance.now() < end && !signal.aborted; ) {
      await this.#look();
      const shown = this.#view?.objects.filter(({ quiet }) => !quiet) ?? [];
      const found = this.#view?.objects.filter(({ kind }) => kind === 'interface').length ?? 0;
      const isWhole = found >= interfaces && this.#view?.self.status !== 'starting';
      if (isWhole && shown.every(({ state }) => state === 'up')) break;
      await pause(EVERY_MS / 2, signal);
    }
    this.#from = Date.now();
  }

  /** Waits until there is a figure for each objective. */
  async untilFigures(signal: AbortSignal): Promise<void> {
    for (const end = performance.now() + WHOLE_MS; performance.now() < end && !signal.aborted; ) {
      await this.#look();
      if (this.#view?.objectives.every(({ figure }) => figure.availability !== null)) break;
      await pause(EVERY_MS / 2, signal);
    }
  }

  async run(ending: AbortSignal): Promise<void> {
    while (!ending.aborted) {
      await this.#look();
      await pause(EVERY_MS, ending);
    }
  }

  summary(): DemoSummary | null {
    if (this.#view === undefined) return null;
    const { objects, incidents, objectives } = this.#view;
    const shown = objects.filter(({ quiet }) => !quiet);
    const states = ['up', 'degraded', 'down', 'unknown'].map((state) => [state, shown.filter((object) => object.state === state).length]);
    return {
      ground: this.#given.ground,
      objects: Object.fromEntries(states) as Record<string, number>,
      interfaces: objects.filter(({ kind }) => kind === 'interface').length,
      faults: this.#faults,
      incidents: { opened: incidents.length, resolved: incidents.filter(({ resolvedAt }) => resolvedAt !== null).length },
      objectives: objectives.map(({ id, figure: { availability, lowest, highest, verdict } }) => ({
        id,
        availability,
        lowest,
        highest,
        verdict,
      })),
    };
  }

  async #look(): Promise<void> {
    const { options, out, node, names, ground } = this.#given;
    // The node may be busy starting, or stopping: the next look will do.
    const view = await this.#viewer.look(this.#from).catch(() => undefined);
    if (view === undefined) return;
    this.#view = view;
    this.#events.take(view.incidents);
    const facts: BoardFacts = {
      view,
      events: this.#events.last(MOST_EVENTS),
      elapsedMs: view.at - this.#from,
      url: node.url,
      token: node.token,
      person: node.person,
      ground,
      nameOf: names,
    };
    const board = renderBoard(facts, options.language);
    if (!options.json) out.show(board);
    if (options.html !== null) writeFileSync(options.html, htmlOf(renderBoard({ ...facts, token: '…', person: null }, options.language)));
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
