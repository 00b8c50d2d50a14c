/** What is handed down is with one tier or the other, whatever people do at both ends at once, and whoever is restored from a back-up. */
import {
  acceptHandOver,
  acknowledgeIncident,
  closeIncident,
  commentIncident,
  declineHandOver,
  handDownIncident,
  mergeIncident,
  withdrawHandDown,
} from '@beacontower/database';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../federation.fixture.ts';
import { act, type Chain, endOutage, openOutage, seen, startChain, stepsOf, untilSeen } from './tiers.fixture.ts';

const isOffered = ({ handedOver }: { readonly handedOver: { readonly state: string } | null }) => handedOver?.state === 'offered';

describe('a hand-over between tiers', () => {
  let server: TestServer;
  let chain: Chain;
  let objects = 0;
  beforeAll(async () => {
    server = await startPostgres();
    chain = await startChain(server);
  });
  afterAll(async () => {
    await chain?.stop();
    await server?.stop();
  });
  const opened = () => {
    objects += 1;
    return openOutage(chain.centre, `cn:backbone-${objects}`, 'cn.gd');
  };
  const offer = async (id: string) => {
    await handDownIncident(chain.centre.database, act(id, 'wang'), { node: 'gd', note: 'please send a crew' });
    return untilSeen(chain.province, id, isOffered, 'the offer');
  };
  const commentAt = (where: 'province' | 'centre', id: string, text: string) =>
    commentIncident(chain[where].database, act(id, where === 'province' ? 'li' : 'wang'), text);
  const untilHeard = (where: 'province' | 'centre', id: string, text: string) =>
    untilSeen(chain[where], id, ({ timeline }) => timeline.some(({ detail }) => detail.text === text), text);

  test('is taken back before it is accepted, and may be offered again', async () => {
    const { province, centre } = chain;
    const id = await opened();
    await offer(id);
    await withdrawHandDown(centre.database, act(id, 'wang'), 'our own crew goes');
    const there = await untilSeen(province, id, ({ handedOver }) => handedOver?.state === 'withdrawn', 'taken back');
    expect(there).toMatchObject({ taken: false, handedOver: { answeredBy: 'wang', answer: 'our own crew goes' } });
    expect(there.timeline.map(({ kind, node }) => [kind, node])).toContainEqual(['hand-over-withdrawn', 'cn']);
    await expect(acceptHandOver(province.database, act(id, 'li'))).rejects.toMatchObject({ code: 'nothing-handed-over' });
    await expect(withdrawHandDown(centre.database, act(id, 'wang'), 'again')).rejects.toMatchObject({ code: 'nothing-handed-down' });
    await offer(id);
    expect(await stepsOf(province, id)).toEqual(['opened', 'opened']);
    await acceptHandOver(province.database, act(id, 'li'));
    await untilSeen(centre, id, ({ handedDown }) => handedDown?.state === 'accepted', 'accepted');
    await expect(withdrawHandDown(centre.database, act(id, 'wang'), 'too late')).rejects.toMatchObject({ code: 'nothing-handed-down' });
  });

  test('taken back and accepted at once, with the line cut, it is with the tier above alone', async () => {
    const { province, centre } = chain;
    const [id, other] = [await opened(), await openOutage(province, 'gd:a', 'cn.gd')];
    await offer(id);
    await chain.cutOff(async () => {
      await acceptHandOver(province.database, act(id, 'li'), 'we go');
      await mergeIncident(province.database, act(other, 'li'), id);
      await withdrawHandDown(centre.database, act(id, 'wang'), 'nobody answers');
      await commentAt('centre', id, 'our crew is on its way');
    });
    const there = await untilSeen(province, id, ({ handedOver }) => handedOver?.state === 'withdrawn', 'taken back');
    expect(there.taken).toBe(false);
    // What was merged into it there is worked on by itself again.
    expect(await seen(province, other)).toMatchObject({ mergedInto: null, taken: true });
    await untilHeard('centre', id, 'our crew is on its way');
    const above = await untilSeen(centre, id, ({ timeline }) => timeline.some(({ kind }) => kind === 'hand-over-accepted'), 'both words');
    expect(above.handedDown).toMatchObject({ state: 'withdrawn', answeredBy: 'wang' });
    await endOutage(centre, id);
    await untilSeen(province, id, ({ state }) => state === 'resolved', 'its end');
    expect(await stepsOf(province, id)).toEqual(['opened', 'resolved']);
    await endOutage(province, other);
  });

  test('taken back before it was fetched, nobody below ever hears of it', async () => {
    const { province, centre } = chain;
    const id = await opened();
    await chain.cutOff(async () => {
      await handDownIncident(centre.database, act(id, 'wang'), { node: 'gd', note: 'yours' });
      await withdrawHandDown(centre.database, act(id, 'wang'), 'never mind');
    });
    const next = await opened();
    await offer(next);
    expect(await seen(province, id)).toBeUndefined();
  });

  test('fetched when the incident is over already, it wakes nobody', async () => {
    const { province, centre } = chain;
    const id = await opened();
    await chain.cutOff(async () => {
      await handDownIncident(centre.database, act(id, 'wang'), { node: 'gd', note: 'yours' });
      await endOutage(centre, id);
      const isFresh = async () => {
        const { rows } = await centre.database.query<{ at: number | null }>(
          `SELECT (payload #>> '{incident,incident,resolvedAt}')::bigint AS at FROM federation_downward WHERE subject = $1 AND kind = 'hand-over'`,
          [id],
        );
        return rows[0]?.at != null;
      };
      await waitFor(isFresh, { what: 'the offer says that it is over' });
    });
    expect(await untilSeen(province, id, isOffered, 'the offer')).toMatchObject({ state: 'resolved' });
    expect(await stepsOf(province, id)).toEqual([]);
  });

  test('sent back, whoever has the incident above is told', async () => {
    const { province, centre } = chain;
    const id = await opened();
    await acknowledgeIncident(centre.database, act(id, 'wang'));
    await offer(id);
    await declineHandOver(province.database, act(id, 'li'), 'not ours');
    await untilSeen(centre, id, ({ handedDown }) => handedDown?.state === 'declined', 'declined');
    expect(await stepsOf(centre, id)).toEqual(['assigned']);
  });

  test('is taken back by closing what is over', async () => {
    const { province, centre } = chain;
    const id = await opened();
    await offer(id);
    await endOutage(centre, id);
    await untilSeen(province, id, ({ state }) => state === 'resolved', 'resolved');
    await closeIncident(centre.database, act(id, 'wang'), { causeCategory: 'power' });
    await untilSeen(
      province,
      id,
      ({ handedOver, taken, state }) => handedOver?.state === 'withdrawn' && !taken && state === 'closed',
      'closed',
    );
  });

  test('merging waits for the answer', async () => {
    const { province } = chain;
    const [id, other] = [await opened(), await openOutage(province, 'gd:b', 'cn.gd')];
    await offer(id);
    const refused = { code: 'hand-over-offered' };
    await expect(mergeIncident(province.database, act(other, 'li'), id)).rejects.toMatchObject(refused);
    await expect(mergeIncident(province.database, act(id, 'li'), other)).rejects.toMatchObject(refused);
  });

  test('words of the tier above on what it is only told of are heard below', async () => {
    const id = await openOutage(chain.province, 'gd:c', 'cn.gd');
    await untilSeen(chain.centre, id, ({ taken }) => !taken, 'told');
    await commentAt('centre', id, 'the same at our side');
    await untilHeard('province', id, 'the same at our side');
  });

  test('a centre that was restored knows nothing of it: the province goes on reporting, and has it no more', async () => {
    const { province, centre } = chain;
    const [given, gone] = [await opened(), await opened()];
    for (const id of [given, gone]) {
      await offer(id);
      await acceptHandOver(province.database, act(id, 'li'));
      await untilSeen(centre, id, ({ handedDown }) => handedDown?.state === 'accepted', 'accepted');
    }
    // As if the back-up had been made before the one was handed down, and before the other was opened.
    await centre.database.transaction(async (tx) => {
      // Nothing is added to it by whoever is just taking in a batch.
      await tx.query('SELECT FROM incidents WHERE id = ANY ($1::uuid[]) FOR UPDATE', [[given, gone]]);
      await tx.query('DELETE FROM federation_downward WHERE subject = ANY ($1)', [[given, gone]]);
      await tx.query('UPDATE incidents SET handed = NULL WHERE id = $1', [given]);
      for (const table of ['incident_events', 'incident_members', 'incident_tiers']) {
        await tx.query(`DELETE FROM ${table} WHERE incident_id = $1`, [gone]);
      }
      await tx.query('DELETE FROM incidents WHERE id = $1', [gone]);
    });
    for (const id of [given, gone]) await commentAt('province', id, 'crew on site');
    await untilSeen(province, given, ({ handedOver, taken }) => handedOver?.state === 'withdrawn' && !taken, 'given up');
    await untilSeen(province, gone, ({ state, taken }) => state === 'resolved' && !taken, 'over');
    const id = await openOutage(province, 'gd:d', 'cn.gd');
    await untilSeen(centre, id, ({ home }) => home === 'gd', 'the province is heard');
  });

  test('a province that was restored has it again as it was accepted, and nobody is asked or woken anew', async () => {
    const { province, centre } = chain;
    const id = await opened();
    await offer(id);
    await acceptHandOver(province.database, act(id, 'li'), 'we go');
    await untilSeen(
      centre,
      id,
      ({ handedDown, tiers }) => handedDown?.state === 'accepted' && tiers.some(({ node }) => node === 'gd'),
      'accepted',
    );
    await chain.cutOff(async () => {
      await province.database.transaction(async (tx) => {
        const { rows } = await tx.query<{ number: number }>('SELECT number FROM uplink_items WHERE subject = $1 ORDER BY number LIMIT 1', [
          id,
        ]);
        await tx.query('UPDATE uplink SET downward = $1::bigint - 1', [rows[0]?.number]);
        await tx.query('DELETE FROM uplink_items WHERE number >= $1', [rows[0]?.number]);
        for (const table of ['notices', 'incident_events', 'incident_members', 'incident_tiers']) {
          await tx.query(`DELETE FROM ${table} WHERE incident_id = $1`, [id]);
        }
        await tx.query('DELETE FROM incidents WHERE id = $1', [id]);
      });
    });
    const there = await untilSeen(province, id, ({ handedOver }) => handedOver?.state === 'accepted', 'accepted');
    expect(there).toMatchObject({ owner: 'li', taken: true, handedOver: { answer: 'we go' } });
    expect(await stepsOf(province, id)).toEqual([]);
  });
});
