/** Word that comes late, in pieces, or in masses: who is woken by it, and who is not. */
import { escalateIncident, handDownIncident, leasedParts, removeNode, resolveIncident, restartChain } from '@beacontower/database';
import { componentOf, createLogger } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clock, startPostgres } from '../federation.fixture.ts';
import { Builder } from '../uplink/builder.ts';
import { act, type Chain, endOutage, openOutage, seen, startChain, stepsOf, untilSeen } from './tiers.fixture.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

describe('late word of incidents', () => {
  let server: TestServer;
  let chain: Chain;
  beforeAll(async () => {
    server = await startPostgres();
    chain = await startChain(server);
  });
  afterAll(async () => {
    await chain?.stop();
    await server?.stop();
  });

  /** Lines are made while the line to the centre is cut, as they are in a province. */
  async function building(work: () => Promise<void>): Promise<void> {
    const { database } = chain.province;
    const builder = new Builder({ database, clock, node: 'gd', division: 'cn.gd' });
    const options = { slot: 'gd/cut', ttlMs: 10_000, database, logger, onFailure: () => undefined };
    const parts = componentOf('builder', leasedParts([builder], options));
    await parts.start();
    await work().finally(() => parts.stop());
  }
  async function untilBuilt(kind: string, id: string, count: number): Promise<void> {
    await waitFor(
      async () => {
        const { rows } = await chain.province.database.query<{ count: number }>(
          `SELECT count(*)::int AS count FROM uplink_log WHERE line::jsonb ->> 'kind' = $1 AND position($2 in line) > 0`,
          [kind, id],
        );
        return (rows[0]?.count ?? 0) >= count;
      },
      { what: `${count} lines of the kind ${kind}` },
    );
  }

  test('what was asked for and ended while the line was cut wakes nobody, though its words come one after the other', async () => {
    const { province, centre } = chain;
    let [over, lasting] = ['', ''];
    await chain.cutOff(() =>
      building(async () => {
        over = await openOutage(province, 'gd:a', 'cn.gd');
        lasting = await openOutage(province, 'gd:b', 'cn.gd');
        for (const id of [over, lasting]) await escalateIncident(province.database, act(id, 'li'), 'help');
        await untilBuilt('incident', lasting, 1);
        await untilBuilt('incident', over, 1);
        // Between them stand lines of another kind: they are not taken in together.
        await province.transition('gd:a', 'down');
        await untilBuilt('transition', 'gd:a', 1);
        await endOutage(province, over);
        await untilBuilt('incident', '"resolvedAt":1', 1);
      }),
    );
    await untilSeen(centre, over, ({ taken, state }) => taken && state === 'resolved', 'taken and over');
    await untilSeen(centre, lasting, ({ taken, state }) => taken && state === 'open', 'taken');
    const due = async () => {
      const { rows } = await centre.database.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM notices WHERE incident_id = $1 AND step = 'opened' AND due_at <= $2`,
        [lasting, clock.now()],
      );
      return rows[0]?.count === 1;
    };
    await waitFor(due, { what: 'people are told of what lasts' });
    // The router tells no alarm of what is over (services/alerting); here it is enough that it is over when the alarm may be told.
    expect(await seen(centre, over)).toMatchObject({ state: 'resolved' });
    expect(await stepsOf(centre, lasting)).toEqual(['opened']);
  });

  test('a province that was restored ends above what it does not know any more', async () => {
    const { province, centre } = chain;
    const [known, forgotten] = [await openOutage(province, 'gd:c', 'cn.gd'), await openOutage(province, 'gd:d', 'cn.gd')];
    for (const id of [known, forgotten]) await untilSeen(centre, id, ({ state }) => state === 'open', 'told');
    await chain.cutOff(async () => {
      await province.database.transaction(async (tx) => {
        for (const table of ['incident_events', 'incident_members', 'incident_tiers']) {
          await tx.query(`DELETE FROM ${table} WHERE incident_id = $1`, [forgotten]);
        }
        await tx.query('DELETE FROM incidents WHERE id = $1', [forgotten]);
      });
      await restartChain(province.database);
    });
    const ended = await untilSeen(centre, forgotten, ({ state }) => state === 'resolved', 'ended');
    expect(ended.timeline.at(-1)).toMatchObject({ kind: 'resolved', detail: { reason: 'home-forgot', node: 'gd' } });
    expect(await seen(centre, known)).toMatchObject({ state: 'open' });
    await endOutage(province, known);
  });

  test('a storm of ten thousand is taken in, and wakes nobody', async () => {
    const { province, centre } = chain;
    const before = (await centre.database.query<{ count: number }>('SELECT count(*)::int AS count FROM notices')).rows[0]?.count;
    const now = clock.now();
    await province.database.query(
      `WITH made AS (
         INSERT INTO incidents (id, state, severity, cause_object, division, class, title, started_at, started_earliest, started_latest, opened_at)
         SELECT gen_random_uuid(), 'open', 'major', 'gd:storm-' || s, 'cn.gd', 'user-access', 'storm', $1, $1, $1, $1 FROM generate_series(1, 10000) AS s
         RETURNING id, number, cause_object),
       joined AS (INSERT INTO incident_members (incident_id, object_id, role, joined_at) SELECT id, cause_object, 'cause', $1 FROM made)
       INSERT INTO log (kind, subject, body, event_at, recorded_at)
       SELECT 'incident', id, jsonb_build_object('incident', id, 'number', number, 'change', 'opened', 'state', 'open', 'severity', 'major',
         'cause', cause_object, 'object', NULL), $1, $1 FROM made`,
      [now],
    );
    const told = async () => {
      const { rows } = await centre.database.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM incidents WHERE starts_with(cause_object, 'gd:storm-')`,
      );
      return rows[0]?.count === 10_000;
    };
    await waitFor(told, { what: 'ten thousand incidents', timeoutMs: 60_000 });
    const after = (await centre.database.query<{ count: number }>('SELECT count(*)::int AS count FROM notices')).rows[0]?.count;
    expect(after).toBe(before);
    const items = await centre.database.query(
      `SELECT 1 FROM federation_downward d JOIN incidents n ON n.id::text = d.subject WHERE starts_with(n.cause_object, 'gd:storm-')`,
    );
    expect(items.rows).toEqual([]);
  }, 90_000);

  test('what was handed down to a province that is put out is with this tier alone; what was opened there may be ended by a person', async () => {
    const { province, centre } = chain;
    const [given, theirs] = [await openOutage(centre, 'cn:backbone', 'cn.gd'), await openOutage(province, 'gd:e', 'cn.gd')];
    await handDownIncident(centre.database, act(given, 'wang'), { node: 'gd', note: 'yours' });
    await untilSeen(province, given, ({ handedOver }) => handedOver?.state === 'offered', 'the offer');
    await untilSeen(centre, theirs, ({ state }) => state === 'open', 'told');
    await expect(resolveIncident(centre.database, act(theirs, 'wang'), 'over')).rejects.toMatchObject({ code: 'opened-elsewhere' });
    await centre.database.transaction((tx) => removeNode(tx, 'gd', 'lost key', { now: clock.now(), actor: 'wang', source: null }));
    expect((await seen(centre, given))?.handedDown).toMatchObject({ state: 'withdrawn', answeredBy: 'wang', answer: 'lost key' });
    await resolveIncident(centre.database, act(theirs, 'wang'), 'they are gone');
    expect(await seen(centre, theirs)).toMatchObject({ state: 'resolved' });
  });
});
