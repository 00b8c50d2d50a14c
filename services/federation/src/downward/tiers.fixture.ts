/** A city, a province and a centre in a chain, for the tests of what passes between tiers. */
import { randomUUID } from 'node:crypto';
import {
  appendLog,
  type Database,
  findIncident,
  insertIncidentEvents,
  insertIncidents,
  joinIncident,
  leasedParts,
  readIncidents,
  resolveIncidents,
} from '@beacontower/database';
import { type Component, componentOf, createLogger } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { clock, startCentre, startNode, type TestCentre, type TestNode, uplinkOf } from '../federation.fixture.ts';
import { Distributor } from './distributor.ts';
import { DownwardTeller } from './teller.ts';

const logger = createLogger({ name: 'test', level: process.env.TEST_LOG ?? 'silent' });

/** What a node does towards those below it, beside listening. */
export function downwardOf({ node, database }: TestNode): Component {
  const deps = { node, database, clock };
  const options = { slot: `${node}/downward`, ttlMs: 10_000, database, logger, onFailure: () => undefined };
  return componentOf('downward', leasedParts([new DownwardTeller(deps), new Distributor(deps)], options));
}

export interface Chain {
  readonly city: TestNode;
  readonly province: TestCentre;
  readonly centre: TestCentre;
  /** Cuts the province off from the centre while `work` is done. */
  cutOff(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export async function startChain(server: TestServer): Promise<Chain> {
  const centre = await startCentre(server);
  const province = await startCentre(server, 'gd', 'cn.gd');
  const city = await startNode(server, 'gz', 'cn.gd.gz');
  await province.apply(['gd:a', 'gd:b']);
  await city.apply(['gz:a']);
  const address = await centre.enrol('gd', 'cn.gd');
  let line = await uplinkOf(province, 'cn.gd', address);
  const cityLine = await uplinkOf(city, 'cn.gd.gz', await province.enrol('gz', 'cn.gd.gz'));
  const works = [cityLine, downwardOf(centre), downwardOf(province)];
  for (const work of [line, ...works]) await work.start();
  return {
    ...{ city, province, centre },
    async cutOff(work) {
      await line.stop();
      await work();
      line = await uplinkOf(province, 'cn.gd', address);
      await line.start();
    },
    async stop() {
      for (const work of [line, ...works]) await work.stop();
      await city.stop();
      await province.stop();
      await centre.stop();
    },
  };
}

/** Opens an outage as the correlator would. */
export async function openOutage(
  { database }: TestNode,
  cause: string,
  division: string,
  symptoms: readonly string[] = [],
): Promise<string> {
  const id = randomUUID();
  const now = clock.now();
  const edge = { at: now - 2_000, earliest: now - 3_000, latest: now - 1_000 };
  const incident = {
    id,
    cause,
    severity: 'major',
    division,
    party: null,
    class: 'user-access',
    title: `接入线路 专线 ${cause} 中断`,
    edge,
    openedAt: now,
  } as const;
  await database.transaction(async (tx) => {
    await insertIncidents(tx, [incident]);
    await joinIncident(tx, id, symptoms, now);
    await insertIncidentEvents(tx, [
      { incident: id, at: now, kind: 'opened', actor: 'system', detail: { reason: 'no-parents', severity: 'major', edge } },
    ]);
    const row = (await readIncidents(tx, [id])).get(id);
    const body = {
      incident: id,
      number: row?.number ?? 0,
      change: 'opened',
      state: 'open',
      severity: 'major',
      cause,
      object: null,
    } as const;
    await appendLog(tx, [{ kind: 'incident', subject: id, body, eventAt: edge.at }], now);
  });
  return id;
}

/** Ends it as the correlator would. */
export async function endOutage({ database }: TestNode, id: string): Promise<void> {
  const now = clock.now();
  await database.transaction(async (tx) => {
    await resolveIncidents(tx, [{ id, at: now }], now);
    await insertIncidentEvents(tx, [{ incident: id, at: now, kind: 'resolved', actor: 'system', detail: { reason: 'serves' } }]);
    const row = (await readIncidents(tx, [id])).get(id);
    const { number = 0, severity = 'major', cause = '' } = row ?? {};
    const body = { incident: id, number, change: 'resolved', state: 'resolved', severity, cause, object: null } as const;
    await appendLog(tx, [{ kind: 'incident', subject: id, body, eventAt: now }], now);
  });
}

/** An incident as a node's console shows it. */
export const seen = ({ database }: { readonly database: Database }, id: string) => findIncident(database, { id }, [''], clock.now());

type Seen = NonNullable<Awaited<ReturnType<typeof seen>>>;

/** Waits until a node sees an incident so. */
export async function untilSeen(node: TestNode, id: string, is: (incident: Seen) => boolean, what: string): Promise<Seen> {
  let last: Seen | undefined;
  await waitFor(
    async () => {
      last = await seen(node, id);
      return last !== undefined && is(last);
    },
    { what: `${node.node}: ${what}` },
  );
  return last as Seen;
}

/** What would be told to people: steps of notices. */
export async function stepsOf({ database }: TestNode, id: string): Promise<string[]> {
  const { rows } = await database.query<{ step: string }>('SELECT step FROM notices WHERE incident_id = $1 ORDER BY id', [id]);
  return rows.map(({ step }) => step);
}

export const act = (incident: string, actor: string) => ({ incident, actor, source: null, revision: null, now: clock.now() });
