import type { DesiredEntity, WireObject } from '@beacontower/contracts';
import { DEFAULT_ICMP_POLICY } from '@beacontower/domain';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyToldVersions } from '../federation/index.ts';
import { importOutages } from '../imports/index.ts';
import type { StagedOutage } from '../imports/staging.ts';
import { readCorrelation } from '../incidents/index.ts';
import { recordTransitions } from '../record/transitions.ts';
import { applyInventory } from './apply.ts';
import { readComposites, readCompositesRecordedSince } from './composites.ts';
import { readDiscoveryBasis } from './discovery.ts';
import { ObjectCache } from './object-cache.ts';
import { readObjects } from './read.ts';

const NOW = 1_800_000_000_000;
const NODE: DesiredEntity = { entity: 'node', id: 'cn', body: { id: 'cn', name: 'CN', division: 'cn', timeZone: 'UTC', language: 'en' } };

function told(id: string, more: Partial<WireObject> = {}): WireObject {
  return {
    ...{ id, kind: 'device', name: id, nameEn: null, division: 'cn.gd', class: 'backbone', party: null, weight: 1 },
    ...{ parents: [], rule: { require: 'any' }, quiet: false, combines: null, attributes: {} },
    checks: [{ id: `${id}/snmp`, kind: 'snmp', family: 4, target: '192.0.2.9', device: null, intervalMs: 60_000, resolutionMs: 120_000 }],
    ...more,
  };
}

function own(id: string): DesiredEntity {
  const check = {
    id: `${id}/icmp4`,
    objectId: id,
    kind: 'icmp',
    family: 4,
    address: '192.0.2.1',
    zone: 'main',
    policy: DEFAULT_ICMP_POLICY,
  };
  const body = {
    ...{ id, kind: 'device', name: id, division: 'cn', class: 'backbone', party: null, servingRule: 'any', weight: 1, runbook: null },
    ...{ dependency: { parents: [], rule: { require: 'any' } }, checks: [check], attributes: {} },
  };
  return { entity: 'object', id, body } as DesiredEntity;
}

const NOT_SAID = {
  ...{ causeCategory: null, chargedParty: null, causeObject: null, incident: null, planned: false, note: null, edgeMs: null },
} as const;
const IMPORTED = {
  ...{ stretch: { from: NOW + 10, to: NOW + 60_000 }, covers: { named: true, all: true, classes: [], divisions: [] } },
  ...{ edgeMs: 0, resolutionMs: 0, plannedTitle: '', dryRun: true, faultLimit: 5 },
};
const SOURCE = { kind: 'outages' as const, file: 'outages.csv', now: NOW + 100_000, by: 'test', source: null };

async function* once<T>(chunk: T): AsyncGenerator<T> {
  yield chunk;
}

describe('objects of another node', () => {
  let server: TestDatabase;
  const cache = new ObjectCache();
  const ids = async () => (await cache.load(server.database)).objects.map(({ id }) => id);
  const tell = (object: WireObject, at: number) =>
    server.database.transaction((tx) => applyToldVersions(tx, [{ validFrom: at, validTo: null, object }], { node: 'gd', now: at }));
  const apply = (names: readonly string[], at: number) =>
    applyInventory(server.database, { entities: [NODE, ...names.map(own)], origin: 'file' }, { now: at, by: 'test' });

  beforeAll(async () => {
    server = await startDatabase();
    await apply(['cn:a', 'cn:b'], NOW);
    await server.database.query(
      "INSERT INTO federation_nodes (node, name, division, time_zone, enrolled_at) VALUES ('gd', '广东', 'cn.gd', 'UTC', $1)",
      [NOW],
    );
    await tell(told('gd:a'), NOW + 1);
    await tell(told('gd:pair', { kind: 'service', checks: [], combines: { rule: { require: 'any' }, of: ['gd:a'] } }), NOW + 2);
  });
  afterAll(async () => {
    await server.stop();
  });

  it('are not among those that are planned, judged and correlated here, before and after a change', async () => {
    expect(await ids()).toEqual(['cn:a', 'cn:b']);
    await tell(told('gd:b'), NOW + 3);
    await apply(['cn:a', 'cn:b', 'cn:c'], NOW + 4);
    await tell(told('gd:c'), NOW + 5);
    expect(await ids()).toEqual(['cn:a', 'cn:b', 'cn:c']);
  });

  it('are composed and discovered by their node alone', async () => {
    expect([...(await readComposites(server.database, 0)).versions.keys()]).toEqual([]);
    expect(await readCompositesRecordedSince(server.database, 0)).toEqual([]);
    expect([...(await readDiscoveryBasis(server.database)).keys()]).toEqual([]);
  });

  it('stay when the inventory of this node is applied, which cannot take one for its own', async () => {
    const { plan } = await apply(['cn:a', 'cn:b', 'cn:c'], NOW + 6);
    expect(plan).toMatchObject({ unchanged: 4, retired: [], refused: [] });
    expect((await apply(['cn:a', 'cn:b', 'cn:c', 'gd:a'], NOW + 7)).plan.refused).toMatchObject([{ code: 'other-origin', id: 'gd:a' }]);
  });

  it('have no past that is imported here', async () => {
    const outages = (object: string): StagedOutage[] => [
      { line: 2, object, from: NOW + 20, to: NOW + 30, state: 'down', ...NOT_SAID },
      { line: 3, object: 'cn:a', from: NOW + 20, to: NOW + 30, state: 'down', ...NOT_SAID },
    ];
    const imported = (object: string) =>
      importOutages(server.database, once(outages(object)), IMPORTED, { ...SOURCE, sha256: Buffer.from(object) }, () => true);
    expect(await imported('gd:a')).toMatchObject({ outcome: 'faults', faults: { faults: [{ code: 'unknown-object', line: 2 }] } });
    expect(await imported('cn:b')).toMatchObject({ outcome: 'dry-run', objects: 3 });
    expect((await readObjects(server.database)).map(({ object }) => object.id)).toEqual(['cn:a', 'cn:b', 'cn:c']);
  });

  it('are in no memory of the correlation', async () => {
    const edge = { at: NOW, earliest: NOW, latest: NOW };
    const transition = { from: 'unknown' as const, to: 'down' as const, edge, reason: 'no-reply' as const, decidedAt: NOW };
    await server.database.transaction((tx) =>
      recordTransitions(tx, [{ objectId: 'gd:a', check: null, transition, resolutionMs: 0, epoch: 0, told: true }], NOW),
    );
    expect((await readCorrelation(server.database, 0)).statuses).toEqual(new Map());
  });
});
