/** Silence of nodes below, and its end: against a real PostgreSQL, with a clock that is set. */
import { IncidentFacts } from '@beacontower/contracts';
import { acquireLeases, type Database, FencedOut, type Lease } from '@beacontower/database';
import { createRegistry } from '@beacontower/runtime';
import { FakeClock, startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createWatchMetrics } from './metrics.ts';
import { LinkWatch, WATCH_LEASE } from './watch.ts';

const START = Date.UTC(2026, 10, 22, 12);

let server: TestDatabase;
let database: Database;
let clock: FakeClock;
let lease: Lease;
let watch: LinkWatch;

beforeAll(async () => {
  server = await startDatabase();
  ({ database } = server);
  await database.query("INSERT INTO node_identity (node, incarnation, partitions, created_at) VALUES ('cn', gen_random_uuid(), 1, $1)", [
    START,
  ]);
  await entity('node', { id: 'cn', name: '国家中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
  const object = { kind: 'device', name: '广东落地设备', division: 'cn.gd', class: 'backbone' };
  await entity('object', { ...object, id: 'cn:gd-landing', attributes: { role: 'landing' } });
  await entity('object', { ...object, id: 'gd:a', attributes: {}, remote: { node: 'gd' } });
  lease = (await acquireLeases(database, [WATCH_LEASE], 'test', 600_000))[0] as Lease;
});
afterAll(async () => {
  await server.stop();
});
beforeEach(async () => {
  clock = new FakeClock(START);
  watch = new LinkWatch({ snapshotEveryMs: 2_000 }, { database, clock, metrics: createWatchMetrics(createRegistry({}, false)) });
  await database.query('TRUNCATE federation_nodes, incidents, notices, log, current_states CASCADE');
  await database.query(
    `INSERT INTO federation_nodes (node, name, name_en, division, time_zone, enrolled_at, heard_at, observed_all) VALUES
       ('gd', '广东省', 'Guangdong', 'cn.gd', 'Asia/Shanghai', $1::bigint, $1::bigint, $1::bigint - 3000), ('hn', '湖南省', NULL, 'cn.hn', 'Asia/Shanghai', $1::bigint, $1::bigint, 0),
       ('sd', '山东省', NULL, 'cn.sd', 'Asia/Shanghai', $1::bigint, NULL, 0)`,
    [START],
  );
  await landing('up');
});

const entity = (kind: string, body: Readonly<Record<string, unknown>> & { readonly id: string }) =>
  database.query(
    "INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by) VALUES ($1, $2, 'file', $3, $4, $4, 'test')",
    [kind, body.id, JSON.stringify(body), START],
  );
const landing = (state: string) =>
  database.query(
    `INSERT INTO current_states (subject, subject_kind, object_id, state, since, reason, transition) VALUES ('cn:gd-landing', 'object', 'cn:gd-landing', $1, $2, 'replied', 1)
     ON CONFLICT (subject) DO UPDATE SET state = excluded.state, since = excluded.since`,
    [state, clock.now()],
  );
const hear = (...nodes: string[]) =>
  database.query('UPDATE federation_nodes SET heard_at = $1 WHERE node = ANY ($2)', [clock.now(), nodes]);

/** Time goes by, with a look each second; `heard` go on speaking. */
async function pass(seconds: number, ...heard: string[]): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    clock.advance(1_000);
    await hear(...heard);
    await watch.pass({ lease });
  }
}

const incidents = async () =>
  (
    await database.query<{ id: string; facts: unknown; [column: string]: unknown }>(
      `SELECT id, kind, state, severity, cause_object AS cause, division, class, title, started_at AS started, resolved_at AS resolved, facts,
         ARRAY(SELECT e.kind FROM incident_events e WHERE e.incident_id = n.id ORDER BY e.id) AS lines,
         ARRAY(SELECT o.step FROM notices o WHERE o.incident_id = n.id ORDER BY o.step) AS notices FROM incidents n ORDER BY number`,
    )
  ).rows;
const changes = async () =>
  (await database.query(`SELECT subject || ' ' || (body ->> 'change') AS said FROM log WHERE kind = 'node' ORDER BY id`)).rows.map(
    ({ said }) => said,
  );

describe('the watch of the links to nodes below', () => {
  test('opens one incident for one that falls silent, says what is seen of its place, and ends it with the next message', async () => {
    await pass(5, 'gd', 'hn');
    await pass(10, 'hn');
    expect(await incidents()).toEqual([]);
    await pass(5, 'hn');
    const [opened, ...more] = await incidents();
    expect(more).toEqual([]);
    expect(opened).toMatchObject({
      ...{ kind: 'link', state: 'open', severity: 'major', cause: 'node/gd', division: 'cn.gd', class: 'backbone' },
      ...{ title: '下级节点 广东省 失去联系', started: START + 5_000, lines: ['opened'], notices: ['opened'] },
    });
    expect(IncidentFacts.parse(opened?.facts)).toMatchObject({
      ...{
        kind: 'link',
        node: 'gd',
        heardAt: START + 5_000,
        afterMs: 10_000,
        observedUntil: START - 3_000,
        objects: 1,
        others: 1,
        othersSilent: 0,
      },
      landing: [{ object: 'cn:gd-landing', state: 'up' }],
    });
    await landing('down');
    await pass(6, 'hn');
    expect((await incidents())[0]).toMatchObject({ lines: ['opened', 'landing'], facts: { landing: [{ state: 'down' }] } });
    await landing('up');
    await pass(6, 'hn', 'gd');
    expect(await incidents()).toMatchObject([{ state: 'resolved', resolved: START + 27_000, notices: ['opened', 'resolved'] }]);
    expect((await database.query("SELECT silent_since FROM federation_nodes WHERE node = 'gd'")).rows).toEqual([{ silent_since: null }]);
    expect(await changes()).toEqual(['gd silent', 'gd heard']);
    await pass(20, 'hn', 'gd');
    expect(await incidents()).toHaveLength(1);
  });

  test('says of many that fall silent at once that no other is heard either', async () => {
    await pass(20);
    const all = await incidents();
    expect(all.map(({ cause }) => cause)).toEqual(['node/gd', 'node/hn']);
    await pass(6);
    expect((await incidents()).map(({ facts }) => facts)).toMatchObject([
      { others: 1, othersSilent: 1 },
      { others: 1, othersSilent: 1 },
    ]);
  });

  test('says nothing of the time in which it was away itself', async () => {
    await pass(3, 'gd', 'hn');
    clock.advance(3_600_000);
    await pass(9);
    expect(await incidents()).toEqual([]);
    await pass(5, 'gd');
    expect((await incidents()).map(({ cause }) => cause)).toEqual(['node/hn']);
  });

  test('leaves one that was let go alone, and ends what was said of it', async () => {
    await pass(15, 'hn');
    await database.query("UPDATE federation_nodes SET removed_at = $1 WHERE node = 'gd'", [clock.now()]);
    await pass(2, 'hn');
    expect(await incidents()).toMatchObject([{ cause: 'node/gd', state: 'resolved' }]);
    expect(await changes()).toEqual(['gd silent']);
    const { rows } = await database.query("SELECT body ->> 'resolution' AS resolution FROM notices WHERE step = 'resolved'");
    expect(rows).toEqual([{ resolution: 'retired' }]);
  });

  test('tells the live stream of catching up, and of messages that are refused', async () => {
    await pass(2, 'gd', 'hn');
    await database.query("UPDATE federation_nodes SET behind_until = 900, sequence = 100 WHERE node = 'gd'");
    await pass(2, 'gd', 'hn');
    await database.query("UPDATE federation_nodes SET behind_until = NULL WHERE node = 'gd'");
    await database.query(`UPDATE federation_nodes SET refused = '{"at": 1, "code": "clock-off", "detail": "x"}' WHERE node = 'hn'`);
    await pass(2, 'gd', 'hn');
    expect(await changes()).toEqual(['gd catching-up', 'gd caught-up', 'hn refused']);
  });

  test('calls silence what whoever runs the node says it is', async () => {
    const options = { snapshotEveryMs: 2_000, silenceMs: 60_000 };
    watch = new LinkWatch(options, { database, clock, metrics: createWatchMetrics(createRegistry({}, false)) });
    await pass(60, 'hn');
    expect(await incidents()).toEqual([]);
    await pass(2, 'hn');
    expect((await incidents()).map(({ cause }) => cause)).toEqual(['node/gd']);
  });

  test('is left to who has the lease', async () => {
    await pass(2, 'gd', 'hn');
    await database.query('UPDATE leases SET epoch = epoch + 1 WHERE name = $1', [WATCH_LEASE]);
    await expect(pass(15, 'hn')).rejects.toBeInstanceOf(FencedOut);
    expect(await incidents()).toEqual([]);
    await database.query('UPDATE leases SET epoch = $2 WHERE name = $1', [WATCH_LEASE, lease.epoch]);
  });
});
