/** A random history of a province for the tests that hold its figures against those of the centre. */
import { randomUUID } from 'node:crypto';
import { type DesiredEntity, ENTITY_SCHEMAS, ObjectiveBody } from '@beacontower/contracts';
import {
  accountObjects,
  appendLog,
  applyInventory,
  type Database,
  ensureScheme,
  forgetIncidentAccounts,
  insertMaintenance,
  markAccounted,
  markMaintenance,
  monthsOf,
  readCalendar,
  readJudged,
  readUnaccounted,
  recordReclassification,
  recordTransitions,
  reviseTransitions,
} from '@beacontower/database';
import { DEFAULT_ICMP_POLICY, DEFAULT_SNMP_POLICY, STATES, type State, type Transition } from '@beacontower/domain';
import type { TestNode } from './federation.fixture.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const ZONE = 'Asia/Shanghai';

/** Numbers that are the same for the same seed (mulberry32). */
export function numbersOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

type Numbers = (below: number) => number;
export interface Span {
  readonly from: number;
  readonly to: number;
}

const LINES = ['a', 'b', 'c', 'd'];
const DEVICE = 'core';
const PORTS = ['core/if1', 'core/if2'];
const COMPOSITES = ['pair', 'chain'];
export const LOCAL_IDS = [...LINES, DEVICE, ...PORTS, ...COMPOSITES];

/** The inventory of a province; `later`: one line has moved and weighs more, another is gone. */
function entitiesOf(node: string, division: string, later: boolean): DesiredEntity[] {
  const id = (local: string) => `${node}:${local}`;
  const object = (local: string, more: object): DesiredEntity => ({
    entity: 'object',
    id: id(local),
    body: ENTITY_SCHEMAS.object.parse({
      ...{ id: id(local), kind: 'access-line', name: local, division, class: 'user-access', party: null, servingRule: 'any' },
      ...{ dependency: { parents: [], rule: { require: 'any' } }, checks: [], weight: 1, runbook: null, attributes: {} },
      ...more,
    }),
  });
  const ping = (local: string) => ({
    ...{ id: `${id(local)}/icmp4`, objectId: id(local), kind: 'icmp', family: 4, address: '192.0.2.1', zone: 'main' },
    policy: DEFAULT_ICMP_POLICY,
  });
  const ask = {
    ...{ id: `${id(DEVICE)}/snmp`, objectId: id(DEVICE), kind: 'snmp', family: 4, address: '192.0.2.2', port: 161, zone: 'main' },
    ...{ credential: 'snmp', policy: DEFAULT_SNMP_POLICY, interfaces: { watch: [], ignore: [] } },
  };
  const port = (local: string) => ({
    id: `${id(local)}/status`,
    objectId: id(local),
    kind: 'interface',
    device: id(DEVICE),
    ifName: local,
  });
  const lines = LINES.filter((line) => !later || line !== 'd');
  return [
    { entity: 'node', id: node, body: { id: node, name: node, division, timeZone: ZONE, language: 'zh' } },
    ...lines.map((line) => {
      const moved = later && line === 'b';
      return object(line, { checks: [ping(line)], weight: moved ? 7 : 2, division: moved || line === 'c' ? `${division}.city` : division });
    }),
    object(DEVICE, { kind: 'device', class: 'backbone', checks: [ping(DEVICE), ask] }),
    ...PORTS.map((local) =>
      object(local, {
        ...{ kind: 'interface', class: 'other', checks: [port(local)] },
        dependency: { parents: [id(DEVICE)], rule: { require: 'any' } },
      }),
    ),
    object('pair', { kind: 'service', combines: { rule: { require: 'any' }, of: [id('a'), id('b')] } }),
    object('chain', { kind: 'service', combines: { rule: { require: 'all' }, of: [id('c'), id(PORTS[0] as string)] } }),
  ];
}

export async function applyProvince({ node, database }: TestNode, division: string, at: number, later = false): Promise<void> {
  const entities = entitiesOf(node, division, later);
  const { plan } = await applyInventory(database, { entities, origin: 'file' }, { now: at, by: 'test' });
  if (plan.refused.length > 0) throw new Error(plan.refused[0]?.message);
}

/** Changes of one subject over a span, in order, their bounds apart from each other or not. */
function changesOf(random: Numbers, { from, to }: Span, before: State, count: number): Transition[] {
  const moments = [...new Set(Array.from({ length: count }, () => from + 1 + random(to - from - 1)))].sort((a, b) => a - b);
  const result: Transition[] = [];
  let state = before;
  for (const at of moments) {
    const next = STATES[random(STATES.length)] as State;
    if (next === state) continue;
    const edge = { at, earliest: Math.max(from, at - random(60_000)), latest: Math.min(to - 1, at + random(60_000)) };
    result.push({ from: state, to: next, edge, reason: next === 'down' ? 'no-reply' : 'replied', decidedAt: edge.latest });
    state = next;
  }
  return result;
}

/** What happens to every object over a span, in the order in which it is recorded. */
export async function live(
  { node, database }: TestNode,
  random: Numbers,
  span: Span,
  states: Map<string, State>,
  locals = LOCAL_IDS,
): Promise<void> {
  const all = locals.flatMap((local) => {
    const objectId = `${node}:${local}`;
    const changes = changesOf(random, span, states.get(objectId) ?? 'unknown', 4 + random(20));
    states.set(objectId, changes.at(-1)?.to ?? states.get(objectId) ?? 'unknown');
    return changes.map((transition) => ({ objectId, check: null, transition, resolutionMs: 20_000, epoch: 1, told: true }));
  });
  all.sort((a, b) => a.transition.edge.at - b.transition.edge.at);
  await database.transaction((tx) => recordTransitions(tx, all, Date.now()));
}

/** The past of one object turns out to be another, as what came late would have it. */
export async function revise({ node, database }: TestNode, random: Numbers, { from, to }: Span): Promise<void> {
  const objectId = `${node}:${LOCAL_IDS[random(LOCAL_IDS.length)] as string}`;
  const transitions = changesOf(random, { from, to }, 'unknown', 3 + random(5));
  await database.transaction((tx) =>
    reviseTransitions(tx, [{ objectId, check: null, from, to, transitions, resolutionMs: 20_000, epoch: 1 }], Date.now()),
  );
}

/** Work planned for an object, a device with its interfaces, or everything of the node; approved in time or too late, some of it cancelled. */
export async function plan({ node, database }: TestNode, random: Numbers, division: string, { from, to }: Span): Promise<void> {
  const startsAt = from + random(to - from - DAY);
  const covers = [
    { objects: [`${node}:a`], divisions: [] },
    { objects: [`${node}:${DEVICE}`], divisions: [] },
    { objects: [], divisions: [division] },
  ];
  const cover = covers[random(covers.length)] as (typeof covers)[number];
  const id = randomUUID();
  const times = { startsAt, endsAt: startsAt + HOUR + random(20 * HOUR) };
  await insertMaintenance(database, id, { title: '割接', ...cover, ...times }, 'test', startsAt - DAY);
  await markMaintenance(database, id, 'approved', null, 'other', startsAt + (random(3) === 0 ? 1 : -HOUR));
  if (random(4) === 0) await markMaintenance(database, id, 'cancelled', null, 'other', startsAt + HOUR / 2);
}

/** The past is restated: left out of the count, or counted after all. */
export async function restate({ node, database }: TestNode, random: Numbers, division: string, { from, to }: Span): Promise<void> {
  const startsAt = from + random(to - from - DAY);
  const cover = random(2) === 0 ? { objects: [`${node}:b`], divisions: [] } : { objects: [], divisions: [`${division}.city`] };
  const stated = { effect: random(2) === 0 ? ('exclude' as const) : ('count' as const), party: null, reason: '核定' };
  const times = { startsAt, endsAt: startsAt + HOUR + random(20 * HOUR) };
  await recordReclassification(database, randomUUID(), { ...stated, ...cover, ...times }, 'test', Date.now());
}

/** Outages of some objects that were found to follow from a cut, for which a carrier answers. */
export async function charge({ node, database }: TestNode, random: Numbers, division: string, { from, to }: Span): Promise<void> {
  const [cause, symptom] = [`${node}:${DEVICE}`, `${node}:${PORTS[random(2)] as string}`];
  const downs = await database.query<{ at: number }>(
    `SELECT at FROM transitions WHERE subject = $1 AND to_state = 'down' AND superseded_at IS NULL AND at >= $2 AND at < $3 ORDER BY at`,
    [random(2) === 0 ? cause : symptom, from, to],
  );
  const at = downs.rows[random(downs.rows.length)]?.at ?? from;
  const [id, resolvedAt] = [randomUUID(), at + HOUR + random(20 * HOUR)];
  await database.transaction(async (tx) => {
    const { rows } = await tx.query<{ number: number }>(
      `INSERT INTO incidents (id, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at,
         resolved_at, charged_party) VALUES ($1, 'resolved', 'major', $2, $3, 'own', 'backbone', 'cut', $4, $4, $4, $4, $5, 'carrier') RETURNING number`,
      [id, cause, division, at, resolvedAt],
    );
    await tx.query(
      `INSERT INTO incident_members (incident_id, object_id, role, joined_at, left_at) VALUES ($1, $2, 'cause', $4, $5), ($1, $3, 'symptom', $4, $5)`,
      [id, cause, symptom, at, resolvedAt],
    );
    const body = {
      incident: id,
      number: rows[0]?.number ?? 0,
      change: 'opened',
      state: 'resolved',
      severity: 'major',
      cause,
      object: null,
    } as const;
    await forgetIncidentAccounts(tx, [id]);
    await appendLog(tx, [{ kind: 'incident', subject: id, body, eventAt: at }], Date.now());
  });
}

/** Everything of the node has been judged up to a moment. */
export async function judge({ database }: TestNode, until: number): Promise<void> {
  await database.query(
    `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at, agents_watermark)
     SELECT p, 1, '0-0', '', $1, $1, $1 FROM node_identity, generate_series(0, partitions - 1) AS p
     ON CONFLICT (partition) DO UPDATE SET watermark = $1, agents_watermark = $1`,
    [until],
  );
}

/** Writes the accounts of whole days, as the accountant does. */
export async function account(database: Database, { from, to }: Span, now: number): Promise<void> {
  const judged = await readJudged(database, now);
  const scheme = await ensureScheme(database, ZONE, 'always');
  const until = Math.min(to, judged.asOf);
  for (const month of monthsOf({ from, to: until }, ZONE, await readCalendar(database, 'always'))) {
    const ids = await readUnaccounted(database, scheme, month, until, judged);
    const done = await accountObjects(database, scheme, month, ids, { until, judged, now });
    if (done.state !== 'done') throw new Error('somebody is recording');
  }
  await markAccounted(database, scheme, until);
}

/** Objectives of every sort over the objects of a node. */
export function objectivesOf(node: string, division: string): ObjectiveBody[] {
  const of = (id: string, more: object): ObjectiveBody =>
    ObjectiveBody.parse({
      ...{ id, name: id, nameEn: null, class: null, objects: null, division, target: 0.99, aggregate: 'mean', period: 'month' },
      ...{ calendar: 'always', timeZone: ZONE, ...more },
    });
  return [
    of('all', {}),
    of('lines', { class: 'user-access', aggregate: 'time-weighted', basis: 'responsible' }),
    of('weighted', { class: 'user-access', aggregate: 'user-weighted' }),
    of('composites', { objects: COMPOSITES.map((local) => `${node}:${local}`) }),
    of('devices', { class: 'backbone', basis: 'responsible' }),
    of('leaning', { objects: PORTS.map((local) => `${node}:${local}`) }),
    of('city', { division: `${division}.city` }),
  ];
}

/** Whom outages are charged to turns out to be somebody else, and a symptom to have been none for all of the time: closed incidents are corrected. */
export async function recharge({ database }: TestNode, random: Numbers): Promise<void> {
  const { rows } = await database.query<{ id: string; number: number; cause: string }>(
    'SELECT id, number, cause_object AS cause FROM incidents WHERE home IS NULL ORDER BY number',
  );
  for (const { id, number, cause } of rows) {
    const party = [null, 'another'][random(2)];
    await database.transaction(async (tx) => {
      await tx.query('UPDATE incidents SET charged_party = $2, party = $2, revision = revision + 1 WHERE id = $1', [id, party]);
      await tx.query(`UPDATE incident_members SET left_at = left_at - $2 WHERE incident_id = $1 AND role = 'symptom'`, [id, random(HOUR)]);
      await forgetIncidentAccounts(tx, [id]);
      const body = { incident: id, number, change: 'closed', state: 'resolved', severity: 'major', cause, object: null } as const;
      await appendLog(tx, [{ kind: 'incident', subject: id, body, eventAt: Date.now() }], Date.now());
    });
  }
}
