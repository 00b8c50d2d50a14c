import { appendLog, readFlapping } from '@beacontower/database';
import { waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, startFixture, webhookChannel } from '../alerting.fixture.ts';
import { type CorrelatorRun, runCorrelator } from './correlator.fixture.ts';

const ROUND = 1_000;

describe('from transitions to incidents and notices', () => {
  let fixture: Fixture;
  let correlation: CorrelatorRun;
  const query = async (sql: string, ...values: unknown[]) => (await fixture.database.query(sql, values)).rows;

  /** Waits until the log has been taken into account to its end. */
  const settled = () =>
    waitFor(
      async () => {
        const [row] = await query(`SELECT (SELECT sequence FROM log_readers WHERE name = 'correlator') AS read,
          (SELECT count(*) FROM log WHERE sequence IS NULL) AS open, (SELECT max(sequence) FROM log) AS last`);
        return row?.open === 0 && row.read === row.last;
      },
      { what: 'the reader at the end of the log' },
    );
  const restart = async () => {
    await correlation.stop();
    correlation = await runCorrelator(fixture.database);
  };
  const incidentOf = async (cause: string, kind = 'outage') =>
    (await query('SELECT * FROM incidents WHERE cause_object = $1 AND kind = $2 ORDER BY number DESC LIMIT 1', cause, kind))[0];
  const membersOf = async (incident: unknown) =>
    (await query('SELECT object_id FROM incident_members WHERE incident_id = $1 AND left_at IS NULL ORDER BY object_id', incident)).map(
      (row) => row.object_id,
    );
  const noticesOf = async (incident: unknown) =>
    (await query('SELECT step, body FROM notices WHERE incident_id = $1 ORDER BY id', incident)).map(({ step, body }) => [step, body]);
  const ask = async (incident: unknown, objects: string[]) => {
    const row = (await query('SELECT number, state, severity, cause_object AS cause FROM incidents WHERE id = $1', incident))[0];
    const { number, state, severity, cause } = row as { number: number; state: 'open'; severity: 'critical'; cause: string };
    const body = { incident: String(incident), number, change: 'split-asked' as const, state, severity, cause, object: null, objects };
    await fixture.database.transaction((tx) =>
      appendLog(tx, [{ kind: 'incident', subject: String(incident), body, eventAt: Date.now() }], Date.now()),
    );
  };

  beforeAll(async () => {
    fixture = await startFixture();
    const alone = ['flap', 'top', 'a', 'slow'].map((id) => ({ id: `t:${id}` }));
    const children = ['x', 'y', 'z'].map((id) => ({ id: `t:${id}`, parents: ['t:top'] }));
    const units = [1, 2, 3].map((n) => ({ id: `t:unit${n}`, parents: ['t:top'], unit: `单位 ${n}` }));
    const second = { id: 't:unit1b', parents: ['t:a'], unit: '单位 1' };
    const dual = { id: 't:dual', parents: ['t:top', 't:a'], unit: '单位 4' };
    const late = { id: 't:late', parents: ['t:slow'] };
    const service = { id: 't:service', parents: ['t:unit2'], kind: 'service' as const };
    const objects = [...alone, ...children, ...units, second, dual, service, late];
    await fixture.apply(objects, [webhookChannel('http://127.0.0.1:1/')]);
    await fixture.transitions(
      objects.map(({ id }) => id),
      'up',
      Date.now() - 100 * ROUND,
    );
  });
  beforeEach(async () => {
    correlation = await runCorrelator(fixture.database);
  });
  afterEach(async () => {
    await correlation.stop();
  });
  afterAll(async () => {
    await fixture.stop();
  });

  it('says whom a cut concerns: who lost access, who redundancy alone', async () => {
    await fixture.transition('t:top', 'down');
    await waitFor(async () => (await incidentOf('t:top')) !== undefined);
    expect((await incidentOf('t:top'))?.blast).toMatchObject({
      lost: { objects: 8, units: 2, services: 1 },
      redundancy: { objects: 1, units: 2, services: 0, first: ['t:dual'] },
    });
    const [named] = await query(`SELECT blast -> 'lost' -> 'first' AS first FROM incidents WHERE cause_object = 't:top'`);
    expect(named?.first).toEqual(['t:unit1', 't:unit2', 't:unit3', 't:service', 't:top', 't:x', 't:y', 't:z']);
  });

  it('charges the second cut with what only both together cut off', async () => {
    await fixture.transition('t:a', 'down');
    await waitFor(async () => (await incidentOf('t:a')) !== undefined);
    expect((await incidentOf('t:a'))?.blast).toMatchObject({
      lost: { objects: 3, units: 2, first: ['t:dual', 't:unit1b', 't:a'] },
      redundancy: { objects: 0, units: 0 },
    });
    await fixture.transition('t:a', 'up');
    await settled();
  });

  it('grows by whoever joins beside what the inventory says, and stays at the most when it is over', async () => {
    const joined = async () => membersOf((await incidentOf('t:top'))?.id);
    const before = (await incidentOf('t:top'))?.blast;
    await fixture.transitions(['t:x', 't:y', 't:z'], 'down');
    await waitFor(async () => (await joined()).length === 4);
    expect((await incidentOf('t:top'))?.blast).toEqual(before);
    await restart();
    await settled();
    expect((await incidentOf('t:top'))?.blast).toEqual(before);
  });

  it('splits what a person says is another trouble: told on its own, apart for as long as the other goes on', async () => {
    const top = (await incidentOf('t:top'))?.id;
    await ask(top, ['t:x', 't:top']);
    await waitFor(async () => (await incidentOf('t:x')) !== undefined);
    const split = await incidentOf('t:x');
    expect(split).toMatchObject({ split_from: top, state: 'open' });
    expect(await noticesOf(split?.id)).toEqual([['opened', {}]]);
    expect(await membersOf(top)).toEqual(['t:top', 't:y', 't:z']);
    const events = await query(
      `SELECT kind FROM incident_events WHERE incident_id = $1 AND kind IN ('split', 'split-refused', 'left')`,
      top,
    );
    expect(events.map(({ kind }) => kind).toSorted()).toEqual(['left', 'split', 'split-refused']);
    const changes = await query(`SELECT body ->> 'change' AS change, body ->> 'other' AS other FROM log WHERE subject = $1`, split?.id);
    expect(changes).toContainEqual({ change: 'split', other: top });
    await fixture.transition('t:x', 'up');
    await waitFor(async () => (await incidentOf('t:x'))?.state === 'resolved');
    await restart();
    await fixture.transition('t:x', 'down');
    await waitFor(async () => (await incidentOf('t:x'))?.state === 'open');
    expect(await membersOf(top)).toEqual(['t:top', 't:y', 't:z']);
  });

  it('tells once that an object comes and goes, keeps its outages, and ends by time, over restarts', async () => {
    const begun = Date.now() - 30 * ROUND;
    for (let n = 0; n < 5; n++) await fixture.transition('t:flap', n % 2 === 0 ? 'down' : 'up', begun + n * ROUND);
    await settled();
    expect(await incidentOf('t:flap', 'flapping')).toBeUndefined();
    await restart();
    for (let n = 5; n < 10; n++) await fixture.transition('t:flap', n % 2 === 0 ? 'down' : 'up', begun + (n + 17) * ROUND);
    await settled();
    expect(await incidentOf('t:flap', 'flapping')).toBeUndefined();
    // Ten of the newest twenty rounds: it flaps from the sixth on.
    const now = Date.now();
    for (let n = 0; n < 10; n++) await fixture.transition('t:flap', n % 2 === 0 ? 'down' : 'up', now - (10 - n) * ROUND);
    await settled();
    const flapping = await incidentOf('t:flap', 'flapping');
    expect(flapping).toMatchObject({ severity: 'critical', title: '电路 广州-深圳 t:flap 反复通断' });
    expect(flapping?.facts).toMatchObject({ kind: 'flapping', begins: 0.3, ends: 0.25, rounds: 20 });
    expect(await readFlapping(fixture.database)).toEqual(new Map([['t:flap', flapping?.id]]));
    await restart();
    await waitFor(async () => (await incidentOf('t:flap', 'flapping'))?.state === 'resolved', { timeoutMs: 30_000 });
    const outages = await query(
      `SELECT count(*) AS n FROM incidents WHERE kind = 'outage' AND cause_object = 't:flap' AND state = 'resolved'`,
    );
    expect(outages).toEqual([{ n: 10 }]);
    expect(await noticesOf(flapping?.id)).toEqual([
      ['opened', {}],
      ['resolved', { resolution: 'recovered' }],
    ]);
  });

  it('icinga2 8201: alarms for no child while the parent is still to be judged, however long that takes', async () => {
    correlation.backlog = true;
    await fixture.transition('t:late', 'down');
    await waitFor(() => correlation.looks.some((look) => look.object === 't:slow'));
    const limit = (await query(`SELECT decide_by FROM correlation_pending WHERE object_id = 't:late'`))[0]?.decide_by as number;
    await waitFor(() => Date.now() > limit + 1_000, { timeoutMs: 15_000 });
    expect(await incidentOf('t:late')).toBeUndefined();
    await fixture.transition('t:slow', 'down');
    correlation.backlog = false;
    await waitFor(async () => (await membersOf((await incidentOf('t:slow'))?.id)).length === 2);
    expect(await incidentOf('t:late')).toBeUndefined();
  });

  it('did all of it without a pass that failed', async () => {
    await settled();
    expect(correlation.failures).toEqual([]);
  });

  it('leaves objects of other nodes alone: their node has correlated them, and no decision here waits for what is told of them', async () => {
    await query(`INSERT INTO federation_nodes (node, name, division, time_zone, enrolled_at) VALUES ('gd', 'gd', 'cn.gd', 'UTC', 0);`);
    await correlation.stop();
    correlation = await runCorrelator(fixture.database);
    const last = (await query('SELECT count(*) AS count FROM incidents'))[0];
    await fixture.transition('gd:core', 'up');
    await fixture.transition('gd:core', 'down');
    await settled();
    expect((await query('SELECT count(*) AS count FROM incidents'))[0]).toEqual(last);
    expect(await query(`SELECT 1 FROM correlation_pending WHERE object_id = 'gd:core'`)).toEqual([]);
    expect(correlation.looks.filter(({ object }) => object === 'gd:core')).toEqual([]);
  });
});
