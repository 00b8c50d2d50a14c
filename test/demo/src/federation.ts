/** `scripts/demo --federation`: a centre and two provinces, each a whole node of its own; the line of one of them goes and comes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { NodePage } from '@beacontower/contracts';
import { COUNTRY, drawDay, FED_INTERVAL_MS, type FederationStand, linesOf, startFederationStand } from '@beacontower/test-lab';
import type { DemoOutput } from './demo.ts';
import { FEDERATED_WORDS } from './federation-words.ts';
import type { DemoOptions } from './options.ts';

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

/** Runs until `signal` says so, or the time is over; then everything is taken away again. Nothing is summed up of it: null. */
export async function runFederatedDemo(options: DemoOptions, out: DemoOutput, signal: AbortSignal): Promise<null> {
  const words = FEDERATED_WORDS[options.language];
  const begin = Math.floor((Date.now() - HISTORY_MS) / FED_INTERVAL_MS) * FED_INTERVAL_MS;
  out.say(words.starting);
  const nodes = COUNTRY.filter(({ id }) => NODES.includes(id));
  const stand = await startFederationStand({ nodes, lines: LINES, begin });
  try {
    await remember(stand, options.seed, begin);
    for (const { id, parent } of stand.nodes) if (parent !== null) await stand.join(id);
    const end = options.minutes === null ? Number.POSITIVE_INFINITY : Date.now() + options.minutes * 60_000;
    for (let pass = 1; !signal.aborted && Date.now() < end; pass++) {
      if (pass % PASSES === PASSES - CUT_PASSES) await stand.network.cut(['gd']);
      if (pass % PASSES === 0) await stand.network.restore(['gd']);
      out.show(await boardOf(stand, options.language));
      if (options.once) break;
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    return null;
  } finally {
    await stand.destroy();
  }
}

/** The provinces have half a day behind them, and then go on by themselves. */
async function remember({ nodes }: FederationStand, seed: number, begin: number): Promise<void> {
  const now = Math.floor(Date.now() / FED_INTERVAL_MS) * FED_INTERVAL_MS;
  for (const [n, { id, feed }] of nodes.entries())
    feed?.plan(drawDay(linesOf(id, LINES), { seed: seed + n, from: begin + FED_INTERVAL_MS, to: now - HOUR_MS, outages: OUTAGES }));
  await Promise.all(nodes.map(({ feed }) => feed?.until(now)));
  await Promise.all(nodes.map(({ feed }) => feed?.release()));
}

async function boardOf(stand: FederationStand, language: DemoOptions['language']): Promise<string> {
  const words = FEDERATED_WORDS[language];
  const answer = await stand.node('cn').product.api.request('/api/v1/nodes');
  const { items } = NodePage.parse(await answer.json());
  const rows = items.map(({ id, name, watermark, link }) => {
    const state = link === null ? words.self : words.states[link.state];
    return `  ${id.padEnd(4)} ${name}  ${state}  ${words.recordUntil} ${watermark ?? words.nothing}`;
  });
  const places = stand.nodes.map(({ id, product }) => `  ${id.padEnd(4)} ${product.api.url}  ${product.dataDirectory}`);
  return [words.title, '', ...rows, '', words.places, ...places].join('\n');
}
