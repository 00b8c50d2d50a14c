/** A period is closed here, and what nodes below said in time comes in afterwards, by the clocks there. */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { type IncidentPayload, loadConfiguration, type ObjectiveBody, type WireObject } from '@beacontower/contracts';
import { parsePeriod, type State } from '@beacontower/domain';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ApplyContext,
  applyMaintenance,
  applyReclassification,
  applyToldIncidents,
  applyToldTransitions,
  applyToldVersions,
} from '../federation/index.ts';
import { applyInventory } from '../inventory/index.ts';
import type { Database } from '../pool.ts';
import { findObjective } from '../queries/objectives.ts';
import { closePeriod } from './close.ts';
import { differs, readTouched, writeExamined } from './examine.ts';
import type { ClosedFigure } from './read.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer = {
  publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  sign: (message: Uint8Array) => sign(null, message, privateKey).toString('base64'),
};
const { from: FROM, to: TO } = parsePeriod('2026-03', 'Asia/Shanghai') ?? { from: 0, to: 0 };
const CLOSED = TO + 5 * DAY;
const LATE = CLOSED + 2 * DAY;
const [BEGAN, ENDED] = [FROM + DAY, FROM + DAY + HOUR];

let server: TestDatabase;
let db: Database;
let objective: ObjectiveBody;

const YAML = `
node: {id: cn, name: 中心, division: cn, partitions: 1}
zones: [{id: z, anchors: [192.0.2.254]}]
divisions: [{id: cn, name: 全国}, {id: cn.gd, name: 广东}]
parties: [{id: p, name: 省, tier: province}, {id: carrier, name: 运营商, tier: carrier}]
objectives:
  - {id: gd, name: 广东, division: cn.gd, class: backbone, target: 0.999, aggregate: mean, period: month, basis: responsible}
`;

/** Objects of the province and of one of its cities, in one division of the province. */
const OBJECTS: readonly [id: string, division: string][] = [
  ['gd:a', 'cn.gd.sz'],
  ['sz:b', 'cn.gd.sz'],
];

beforeAll(async () => {
  server = await startDatabase();
  ({ database: db } = server);
});
afterAll(() => server?.stop());
beforeEach(async () => {
  await db.query(
    `TRUNCATE node_identity, inventory, checks, log, log_readers, transitions, current_states, partition_states, maintenance, maintenance_replaced, reclassifications,
       incidents, incident_members, incident_events, object_keys, closed_figures, closed_figure_members, artifacts, artifact_parts, federation_nodes RESTART IDENTITY CASCADE`,
  );
  await db.query('UPDATE inventory_version SET version = 0, applied_at = 0');
  const { configuration, faults } = loadConfiguration([{ name: 'a.yaml', bytes: new TextEncoder().encode(YAML) }]);
  if (configuration === null) throw new Error(JSON.stringify(faults));
  const { entities } = configuration;
  await applyInventory(db, { entities, origin: 'file', partitions: 1 }, { now: FROM, by: 'test', source: 'test' });
  const found = await findObjective(db, entities.find(({ entity }) => entity === 'objective')?.id ?? '', ['']);
  if (found === undefined) throw new Error('no objective');
  objective = found;
  await db.query(
    `INSERT INTO federation_nodes (node, via, name, division, time_zone, enrolled_at, observed_pinged, observed_all, observed_composed)
     VALUES ('gd', NULL, '广东', 'cn.gd', 'Asia/Shanghai', 0, $1, $1, $1), ('sz', 'gd', '深圳', 'cn.gd.sz', 'Asia/Shanghai', 0, $1, $1, $1)`,
    [CLOSED],
  );
  await db.query(
    `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, '0', '', $1, 0)`,
    [CLOSED],
  );
  await apply(async ({ tx }) => {
    const versions = OBJECTS.map(([id, division]) => ({ validFrom: FROM, validTo: null, object: wireObject(id, division) }));
    await applyToldVersions(tx, versions, { node: 'gd', now: FROM });
    const changes: readonly [State, State, number][] = [
      ['unknown', 'up', FROM],
      ['up', 'down', BEGAN],
      ['down', 'up', ENDED],
    ];
    const told = OBJECTS.flatMap(([object]) => changes.map(([from, to, at]) => changed(object, from, to, at)));
    await applyToldTransitions(tx, told, { mode: 'live', keptUntil: null, now: FROM });
  }, FROM);
});

function wireObject(id: string, division: string): WireObject {
  return {
    ...{ id, kind: 'device', name: id, nameEn: null, division, class: 'backbone', party: 'p', weight: 1, parents: [] },
    ...{ rule: { require: 'any' }, quiet: false, combines: null, checks: [], attributes: {} },
  };
}

const changed = (object: string, from: State, to: State, at: number) => ({
  ...{ object, check: null, resolutionMs: 20_000, from, to, at, earliest: at, latest: at, decidedAt: at },
  reason: to === 'down' ? ('no-reply' as const) : ('replied' as const),
});

/** Applies what the province tells, at a moment by the clock here. */
function apply(tell: (context: ApplyContext) => Promise<void>, now: number): Promise<void> {
  const nodes = new Map([
    ['gd', 'cn.gd'],
    ['sz', 'cn.gd.sz'],
  ]);
  const held = { node: 'gd', division: 'cn.gd', keptUntil: null } as ApplyContext['held'];
  return db.transaction((tx) => tell({ tx, held, nodes, mode: 'live', now }));
}

const WORK = {
  ...{ id: randomUUID(), title: '割接', objects: [] as string[], divisions: ['cn.gd.sz'], startsAt: BEGAN, endsAt: ENDED },
  ...{ createdAt: BEGAN - DAY, createdBy: 'li', approvedAt: BEGAN - HOUR, approvedBy: 'wang', cancelledAt: null, cancelledBy: null },
};
const RESTATED = {
  ...{ id: randomUUID(), objects: ['gd:a'], divisions: [], startsAt: BEGAN, endsAt: ENDED, reason: '核定', recordedAt: BEGAN + 2 * HOUR },
  ...{ effect: 'exclude' as const, party: null, recordedBy: 'li', withdrawnAt: null, withdrawnBy: null, withdrawnReason: null },
};

function incident(chargedParty: string | null, lineAt: number): IncidentPayload {
  const id = '0b9b3f0e-62d4-4f0e-9d1e-2b1a9c1d7e55';
  const edge = { at: BEGAN, earliest: BEGAN, latest: BEGAN };
  const [member, tier] = [
    { object: 'gd:a', role: 'cause' as const, joinedAt: BEGAN, leftAt: ENDED },
    {
      node: 'gd',
      state: 'closed' as const,
      owner: null,
      firstReceiver: null,
      acknowledgedAt: null,
      closedAt: ENDED,
      respondBy: null,
      repairBy: null,
    },
  ];
  return {
    incident: {
      ...{
        id,
        home: 'gd',
        kind: 'outage',
        severity: 'major',
        cause: 'gd:a',
        division: 'cn.gd.sz',
        class: 'backbone',
        party: 'p',
        title: 'A',
      },
      ...{ titleEn: null, started: edge, openedAt: BEGAN, resolvedAt: ENDED, causeCategory: null, chargedParty },
      members: { total: 1, first: ['gd:a'], changes: [member] },
    },
    ...{
      tiers: [tier],
      escalated: null,
      lines: [{ id: `line-${lineAt}`, node: 'gd', at: lineAt, kind: 'closed', actor: 'li', detail: {} }],
    },
  };
}

const tellIncident = (payload: IncidentPayload, now: number) =>
  apply(({ tx }) => applyToldIncidents(tx, [payload], { own: 'cn', from: 'gd', nodes: new Set(['gd', 'sz']), now }), now);

async function close(now: number, reason = 'the period ended'): Promise<ClosedFigure> {
  const made = await closePeriod(db, { objective, from: FROM, to: TO, reason, closedBy: 'assessor', signer, now });
  if (made === undefined) throw new Error('nothing was closed');
  return made;
}

const touched = async (examined: number) => (await readTouched(db, examined, TO)).map(({ objectId }) => objectId).sort();
const excludedOf = ({ body }: ClosedFigure) => body.changes?.members.items.map(({ object, after }) => `${object} ${after?.excludedMs}`);
/** The period was closed, and everything until then examined; then something comes in. */
const examined = CLOSED + HOUR;

describe('a closed period and what a node below said long before it was heard', () => {
  it('is looked at again for planned work that was approved in time there, and names it', async () => {
    const first = await close(CLOSED);
    expect(await touched(examined)).toEqual([]);
    await apply((context) => applyMaintenance(context, WORK, 0), LATE);
    expect(await touched(examined)).toEqual(['gd:a', 'sz:b']);
    expect(await differs(db, first, ['gd:a', 'sz:b'], LATE)).toBe(true);
    const second = await close(LATE + 1, 'recorded later');
    expect(second.version).toBe(2);
    expect(second.body.changes?.plannedWork).toMatchObject({ count: 1, items: [{ id: WORK.id, node: 'gd', receivedAt: LATE }] });
    expect(excludedOf(second)).toEqual([`gd:a ${HOUR}`, `gd:a ${HOUR}`, `sz:b ${HOUR}`, `sz:b ${HOUR}`]);
  });

  it('is looked at again for all that planned work covered before it was told anew', async () => {
    await apply((context) => applyMaintenance(context, WORK, 0), FROM);
    const first = await close(CLOSED);
    await apply((context) => applyMaintenance(context, { ...WORK, divisions: [], objects: ['sz:b'] }, 0), LATE);
    expect(await touched(examined)).toEqual(['gd:a', 'sz:b']);
    expect(await differs(db, first, ['gd:a'], LATE)).toBe(true);
    await apply((context) => applyMaintenance(context, { ...WORK, divisions: [], objects: ['sz:b'] }, 0), LATE + DAY);
    await writeExamined(db, LATE + DAY);
    expect(await touched(LATE + DAY)).toEqual([]);
    expect((await db.query('SELECT FROM maintenance_replaced')).rowCount).toBe(0);
  });

  it('leaves the objects of others alone: work of a city that its province passes on is the city’s', async () => {
    await close(CLOSED);
    await apply((context) => applyMaintenance(context, { ...WORK, node: 'sz' }, 0), LATE);
    await expect(apply((context) => applyMaintenance(context, WORK, 0), LATE)).rejects.toMatchObject({ code: 'out-of-scope' });
    const second = await close(LATE + 1);
    expect(excludedOf(second)).toEqual([`sz:b ${HOUR}`, `sz:b ${HOUR}`]);
    expect(second.body.changes?.plannedWork.items.map(({ node }) => node)).toEqual(['sz']);
  });

  it('is looked at again for a restatement, and for its withdrawal', async () => {
    await close(CLOSED);
    await apply((context) => applyReclassification(context, RESTATED, 0), LATE);
    expect(await touched(examined)).toEqual(['gd:a']);
    const second = await close(LATE + 1);
    expect(second.body.changes?.reclassifications).toMatchObject({
      count: 1,
      items: [{ id: RESTATED.id, recordedAt: RESTATED.recordedAt }],
    });
    const withdrawn = { withdrawnAt: BEGAN + DAY, withdrawnBy: 'li', withdrawnReason: '误' };
    await apply((context) => applyReclassification(context, { ...RESTATED, ...withdrawn }, 0), LATE + DAY);
    expect(await touched(LATE + HOUR)).toEqual(['gd:a']);
    const third = await close(LATE + DAY + 1);
    expect(third.body.changes?.reclassifications).toMatchObject({ count: 1, items: [{ withdrawnAt: BEGAN + DAY }] });
    expect(third.body.figures).toEqual(await firstFigures());
  });

  it('is looked at again for whom an outage is charged to', async () => {
    await tellIncident(incident(null, ENDED), FROM);
    const first = await close(CLOSED);
    await tellIncident(incident('carrier', ENDED + HOUR), LATE);
    expect(await touched(examined)).toEqual(['gd:a']);
    expect(await differs(db, first, ['gd:a'], LATE)).toBe(true);
    const second = await close(LATE + 1);
    expect(second.body.changes?.members.items).toMatchObject([
      { object: 'gd:a', basis: 'responsible', after: { downMs: 0, excludedMs: HOUR } },
    ]);
    expect(second.body.changes?.charges).toMatchObject({ count: 1, items: [{ party: 'carrier', at: ENDED + HOUR }] });
    await tellIncident(incident('carrier', ENDED + HOUR), LATE + DAY);
    expect(await touched(LATE + DAY)).toEqual([]);
  });
});

/** The figures of the first version. */
async function firstFigures(): Promise<unknown> {
  const { rows } = await db.query<{ body: ClosedFigure['body'] }>('SELECT body FROM closed_figures WHERE version = 1');
  return rows[0]?.body.figures;
}
