import { Series } from '@beacontower/contracts';
import type { Product } from '@beacontower/test-lab';
import type { AgentCounter, RemoteAgent, SnmpAgents } from '@beacontower/testing';

/** When was measured, epoch ms, and how often devices were asked. */
export interface Period {
  readonly from: number;
  readonly to: number;
  readonly intervalMs: number;
}

/** Metrics that are asked for, the counter each comes from, and how many of its unit one count is. */
const CHECKED: readonly (readonly [metric: string, counter: AgentCounter, factor: number])[] = [
  ['traffic.in', 'inOctets', 8],
  ['traffic.out', 'outOctets', 8],
  ['packets.in', 'inUnicast', 1],
];
/** Of a mean over the whole time: the span of its first reading begins up to an interval before it. */
const TOLERANCE = 0.02;
/** Of one point: traffic moves a little between the moments that a bucket stands for and those its readings are of. */
const POINT_TOLERANCE = 0.1;

/**
 * Reads some series back through the API and compares them with what truly passed through the agents. Gives how many points
 * were found true; rejects with the first that is not.
 */
export async function checkTruth(product: Product, agents: SnmpAgents, period: Period): Promise<number> {
  const { length } = agents.agents;
  const devices = [...new Set([0, 1, Math.floor(length / 3), Math.floor(length / 2), length - 1])].filter((n) => n < length);
  let points = 0;
  for (const n of devices) {
    const agent = agents.agents[n] as RemoteAgent;
    const interfaces = await agent.device.interfaces();
    for (const { name } of [interfaces[0], interfaces.at(-1)].flatMap((each) => each ?? [])) {
      for (const checked of CHECKED) points += await checkSeries(product, agent, `bench:agent-${n}/${name}`, name, checked, period);
    }
  }
  return points;
}

async function checkSeries(
  product: Product,
  { device }: RemoteAgent,
  object: string,
  name: string,
  [metric, counter, factor]: (typeof CHECKED)[number],
  { from, to, intervalMs }: Period,
): Promise<number> {
  const asked = { metric, from: new Date(from).toISOString(), to: new Date(to).toISOString(), step: String(2 * intervalMs) };
  const query = new URLSearchParams(asked);
  const answer = await product.api.request(`/api/v1/objects/${encodeURIComponent(object)}/series?${query}`);
  const said = `${metric} of ${object}`;
  if (!answer.ok) throw new Error(`${said}: ${answer.status} ${await answer.text()}`);
  const { points, step } = Series.parse(await answer.json());
  if (points.length < 3) throw new Error(`${said}: only ${points.length} points in ${(to - from) / 1_000} s`);
  const rate = async (begin: number, end: number) => ((await device.increment(name, counter, begin, end)) * factor * 1_000) / (end - begin);
  const first = Date.parse(points[0]?.[0] ?? '');
  const last = Date.parse(points.at(-1)?.[0] ?? '') + step;
  const mean = points.reduce((sum, [, , average]) => sum + average, 0) / points.length;
  assertNear(said, mean, await rate(first, last), TOLERANCE);
  for (const [at, , average] of points) {
    const begin = Date.parse(at);
    assertNear(`${said} at ${at}`, average, await rate(begin - intervalMs, begin + step), POINT_TOLERANCE);
  }
  return points.length;
}

function assertNear(what: string, value: number, truth: number, tolerance: number): void {
  if (Math.abs(value - truth) > tolerance * truth) throw new Error(`${what}: ${value} was answered, ${truth} is the truth`);
}
