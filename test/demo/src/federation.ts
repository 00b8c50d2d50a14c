/** `scripts/demo --federation`: a centre and two provinces, each a whole node of its own; the line of one of them goes and comes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { NodePage } from '@beacontower/contracts';
import { COUNTRY, drawDay, FED_INTERVAL_MS, type FederationStand, linesOf, startFederationStand } from '@beacontower/test-lab';
import type { DemoOutput } from './demo.ts';
import { FEDERATED_WORDS, type FederatedWords } from './federation-words.ts';
import type { DemoOptions } from './options.ts';
import { type DemoPerson, signInFirst } from './person.ts';

const NODES = ['cn', 'gd', 'zj'];
const LINES = 20;
const HOUR_MS = 3_600_000;
/** The history that the provinces begin with, and how often each line is out in it. */
const HISTORY_MS = 12 * HOUR_MS;
const OUTAGES = 4;
const EVERY_MS = 2_000;
/** The line of the first province is cut this long in every so many passes. */
const PASSES = 60;
const CUT_PASSES = 20;
/** Each node is another host to the browser at this machine, and its passwords are of this run. */
const ENVIRONMENT = { BEACONTOWER_ALLOW_HTTP: '1' };

/** Who signs in at which node. */
type People = ReadonlyMap<string, DemoPerson | null>;

/** Runs until `signal` says so, or the time is over; then everything is taken away again. Nothing is summed up of it: null. */
export async function runFederatedDemo(options: DemoOptions, out: DemoOutput, signal: AbortSignal): Promise<null> {
  const words = FEDERATED_WORDS[options.language];
  const begin = Math.floor((Date.now() - HISTORY_MS) / FED_INTERVAL_MS) * FED_INTERVAL_MS;
  out.say(words.starting);
  const nodes = COUNTRY.filter(({ id }) => NODES.includes(id));
  const stand = await startFederationStand({ nodes, lines: LINES, begin, environment: ENVIRONMENT });
  try {
    const people = await prepare(stand, options.seed, begin, { say: (line) => out.say(line), words, signal });
    const end = options.minutes === null ? Number.POSITIVE_INFINITY : Date.now() + options.minutes * 60_000;
    for (let pass = 1; !signal.aborted && Date.now() < end; pass++) {
      if (pass % PASSES === PASSES - CUT_PASSES) await stand.network.cut(['gd']);
      if (pass % PASSES === 0) await stand.network.restore(['gd']);
      out.show(await boardOf(stand, people, options.language));
      if (options.once) break;
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    return null;
  } finally {
    await stand.destroy();
  }
}

/** Whoever ends the demonstration while it is still made ready waits for no more than the step that is under way. */
async function prepare(
  stand: FederationStand,
  seed: number,
  begin: number,
  { say, words, signal }: { readonly say: (line: string) => void; readonly words: FederatedWords; readonly signal: AbortSignal },
): Promise<People> {
  const people = new Map<string, DemoPerson | null>();
  for (const { id, product, dataDirectory } of stand.nodes)
    if (!signal.aborted) people.set(id, await signInFirst(product.api.url, dataDirectory));
  if (signal.aborted) return people;
  say(words.remembering);
  await remember(stand, seed, begin);
  for (const { id, parent } of stand.nodes) {
    if (parent === null || signal.aborted) continue;
    await stand.join(id);
    say(words.joined(id));
  }
  return people;
}

/** The provinces have half a day behind them, and then go on by themselves. */
async function remember({ nodes }: FederationStand, seed: number, begin: number): Promise<void> {
  const now = Math.floor(Date.now() / FED_INTERVAL_MS) * FED_INTERVAL_MS;
  for (const [n, { id, feed }] of nodes.entries())
    feed?.plan(drawDay(linesOf(id, LINES), { seed: seed + n, from: begin + FED_INTERVAL_MS, to: now - HOUR_MS, outages: OUTAGES }));
  await Promise.all(nodes.map(({ feed }) => feed?.until(now)));
  await Promise.all(nodes.map(({ feed }) => feed?.release()));
}

async function boardOf(stand: FederationStand, people: People, language: DemoOptions['language']): Promise<string> {
  const words = FEDERATED_WORDS[language];
  const answer = await stand.node('cn').product.api.request('/api/v1/nodes');
  const { items } = NodePage.parse(await answer.json());
  const rows = items.map(({ id, name, watermark, link }) => {
    const state = link === null ? words.self : words.states[link.state];
    return `  ${id.padEnd(4)} ${name}  ${state}  ${words.recordUntil} ${watermark ?? words.nothing}`;
  });
  const places = stand.nodes.map(({ id, product }) => {
    const person = people.get(id) ?? null;
    const opens = person === null ? '' : `  ${person.name}  ${person.password}`;
    return `  ${id.padEnd(4)} ${product.api.url}${opens}  ${product.dataDirectory}`;
  });
  return [words.title, '', ...rows, '', words.places, ...places].join('\n');
}
