import {
  type CheckDetail,
  type LatestTraffic,
  LookDetail,
  type LookDetailView,
  type ObjectBody,
  type ObjectDetail,
  timestamp,
} from '@beacontower/contracts';
import { checkKeys, type FoundObject, findObject, parentsRequired, readAgents, readPartitions } from '@beacontower/database';
import { type CheckDefinition, partitionOf, probeOf, type SnmpCheck } from '@beacontower/domain';
import { believedNow } from './believed-now.ts';
import type { RouteContext } from './context.ts';
import { notFound } from './http/problem.ts';
import { latestSamples } from './samples.ts';
import { latestTraffic } from './traffic.ts';
import { within } from './within.ts';

/** The object is answered without what Redis knows of it when that does not come in this time. */
const REDIS_MS = 1_000;
/** What the recorder knows is waited for a little less, lest the rest be missed with it. */
const TRAFFIC_MS = 700;

/** What Redis knows of the object's checks, by their keys. */
interface Newest {
  readonly samples: Awaited<ReturnType<typeof latestSamples>>;
  readonly details: ReadonlyMap<number, LookDetailView>;
  readonly traffic: ReadonlyMap<number, LatestTraffic>;
}

/** One object with its checks, the newest of them, and what was last met. */
export async function readDetail(context: RouteContext, id: string, scope: readonly string[]): Promise<ObjectDetail> {
  const { database, clock } = context;
  const found = await findObject(database, id, scope, { now: clock.now(), believed: await believedNow(context) });
  if (!found) throw notFound('object');
  const [byCheck, partitions] = await Promise.all([checkKeys(database, id), readPartitions(database)]);
  const { body, summary } = found;
  const [newest, agents] = await Promise.all([
    readNewest(context, partitions === undefined ? null : partitionOf(id, partitions), body.checks, byCheck),
    agentsOf(context, body, scope),
  ]);
  return {
    ...summary,
    checks: body.checks.map((check) => checkDetail(check, byCheck.get(check.id) ?? 0, found, agents, newest)),
    servingRule: body.servingRule,
    parents: body.dependency.parents,
    parentsRequired: parentsRequired(body.dependency.rule),
    weight: body.weight,
    runbook: body.runbook,
    attributes: body.attributes,
    system: found.system,
    interfaces: found.interfaces,
    incident: found.incident,
  };
}

function checkDetail(
  check: CheckDefinition,
  key: number,
  { summary, reasons }: FoundObject,
  agents: ReadonlyMap<string, SnmpCheck>,
  { samples, details, traffic }: Newest,
): CheckDetail {
  const state = summary.checks.find((each) => each.id === check.id);
  const asked = check.kind === 'interface' ? agents.get(check.device) : check;
  const probe = probeOf(check, agents);
  return {
    id: check.id,
    kind: check.kind,
    family: check.kind === 'interface' ? null : check.family,
    state: state?.state ?? 'unknown',
    since: state?.since ?? null,
    reason: reasons.get(check.id) ?? null,
    address: asked?.address ?? null,
    port: asked?.kind === 'snmp' ? asked.port : null,
    zone: probe?.zone ?? null,
    intervalMs: probe?.policy.intervalMs ?? null,
    device: check.kind === 'interface' ? check.device : null,
    interface: check.kind === 'interface' ? check.ifName : null,
    detail: details.get(key) ?? null,
    latest: samples.get(key) ?? null,
    traffic: traffic.get(key) ?? null,
  };
}

// The ends of a circuit may lie on devices the caller may not see.
function agentsOf({ database }: RouteContext, body: ObjectBody, scope: readonly string[]): Promise<Map<string, SnmpCheck>> {
  const devices = body.checks.flatMap((check) => (check.kind === 'interface' ? [check.device] : []));
  return readAgents(database, devices, scope);
}

async function readNewest(
  context: RouteContext,
  partition: number | null,
  definitions: readonly CheckDefinition[],
  byCheck: ReadonlyMap<string, number>,
): Promise<Newest> {
  const nothing: Newest = { samples: new Map(), details: new Map(), traffic: new Map() };
  const keysOf = (kinds: readonly CheckDefinition['kind'][]) =>
    definitions.flatMap((check) => (kinds.includes(check.kind) ? (byCheck.get(check.id) ?? []) : []));
  const checks = keysOf(['icmp', 'snmp', 'interface']);
  if (partition === null || checks.length === 0) return nothing;
  const { redis, keys, logger } = context;
  const read = async (): Promise<Newest> => {
    const [samples, details, traffic] = await Promise.all([
      latestSamples(redis, keys, partition, keysOf(['icmp'])),
      redis.hmget(keys.detail(partition), ...checks.map(String)),
      latestTraffic(context, keysOf(['interface']), TRAFFIC_MS),
    ]);
    return { samples, details: parseDetails(checks, details), traffic };
  };
  return within(REDIS_MS, read()).catch((error: unknown) => {
    logger.warn({ err: error }, 'the newest samples could not be read');
    return nothing;
  });
}

/** What a collector wrote of the last look at each check; what is not that (a newer collector's) is as if nothing had been written. */
function parseDetails(checks: readonly number[], texts: readonly (string | null)[]): Map<number, LookDetailView> {
  const details = new Map<number, LookDetailView>();
  for (const [index, check] of checks.entries()) {
    const parsed = LookDetail.safeParse(parseJson(texts[index] ?? null));
    if (parsed.success) details.set(check, { ...parsed.data, at: timestamp(parsed.data.at) });
  }
  return details;
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
