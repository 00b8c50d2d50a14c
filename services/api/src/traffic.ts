import { LatestAnswer, type LatestTraffic, trafficOf } from '@beacontower/contracts';
import { ask, RequestError } from '@beacontower/queue';
import type { RouteContext } from './context.ts';

/** The newest traffic of interfaces by the keys of their checks; empty when the recorder, who knows it, is away. */
export async function latestTraffic(
  { redis, keys }: Pick<RouteContext, 'redis' | 'keys'>,
  checks: readonly number[],
  timeoutMs: number,
): Promise<Map<number, LatestTraffic>> {
  if (checks.length === 0) return new Map();
  try {
    const answer = LatestAnswer.parse(await ask(redis, keys, 'latest', { checks }, { timeoutMs }));
    return new Map(answer.map((latest) => [latest.check, trafficOf(latest)]));
  } catch (error) {
    if (error instanceof RequestError) return new Map();
    throw error;
  }
}
