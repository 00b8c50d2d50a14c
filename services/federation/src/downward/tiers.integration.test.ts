import {
  acceptHandOver,
  acknowledgeIncident,
  closeIncident,
  commentIncident,
  declineHandOver,
  escalateIncident,
  handDownIncident,
  resolveIncident,
} from '@beacontower/database';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../federation.fixture.ts';
import { act, type Chain, endOutage, openOutage, seen, startChain, stepsOf, untilSeen } from './tiers.fixture.ts';

describe('incidents of a city, a province and the centre', () => {
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

  test('what a province has is told of above, and wakes nobody there', async () => {
    const { province, centre } = chain;
    const id = await openOutage(province, 'gd:a', 'cn.gd', ['gd:b']);
    const there = await untilSeen(centre, id, ({ objects }) => objects.length === 2, 'the incident with its objects');
    expect(there).toMatchObject({
      home: 'gd',
      taken: false,
      state: 'open',
      owner: null,
      title: '接入线路 专线 gd:a 中断',
      severity: 'major',
    });
    expect(there.objects.map(({ id: object, role }) => [object, role])).toEqual([
      ['gd:a', 'cause'],
      ['gd:b', 'symptom'],
    ]);
    await acknowledgeIncident(province.database, act(id, 'li'));
    const acknowledged = await untilSeen(centre, id, ({ state }) => state === 'acknowledged', 'acknowledged below');
    expect(acknowledged.tiers).toEqual([expect.objectContaining({ node: 'gd', owner: 'li', here: false })]);
    for (const refused of [
      () => acknowledgeIncident(centre.database, act(id, 'wang')),
      () => closeIncident(centre.database, act(id, 'wang'), {}),
      () => handDownIncident(centre.database, act(id, 'wang'), { node: 'gd', note: 'x' }),
    ]) {
      await expect(refused()).rejects.toMatchObject({ code: 'not-taken' });
    }
    await endOutage(province, id);
    await untilSeen(centre, id, ({ state, resolvedAt }) => state === 'resolved' && resolvedAt !== null, 'resolved');
    expect(await stepsOf(centre, id)).toEqual([]);
    expect((await seen(centre, id))?.timeline.map(({ kind, node }) => [kind, node])).toEqual([
      ['opened', 'gd'],
      ['acknowledged', 'gd'],
      ['resolved', 'gd'],
    ]);
  });

  test('what is escalated has an owner at each tier and one timeline; its end is the fact of its home, closing each tier’s own', async () => {
    const { province, centre } = chain;
    const id = await openOutage(province, 'gd:a', 'cn.gd');
    await acknowledgeIncident(province.database, act(id, 'li'));
    await escalateIncident(province.database, act(id, 'li'), 'the carrier does not answer');
    const asked = await untilSeen(centre, id, ({ taken }) => taken, 'taken');
    expect(asked).toMatchObject({ state: 'open', owner: null, asked: { node: 'gd', by: 'li', note: 'the carrier does not answer' } });
    expect(await stepsOf(centre, id)).toEqual(['opened']);
    await acknowledgeIncident(centre.database, act(id, 'wang'));
    await commentIncident(centre.database, act(id, 'wang'), 'called their duty desk');
    const below = await untilSeen(
      province,
      id,
      ({ timeline }) => timeline.some(({ detail }) => detail.text === 'called their duty desk'),
      'the comment',
    );
    expect(below).toMatchObject({ owner: 'li', home: null });
    expect(below.tiers.map(({ node, owner, here }) => [node, owner, here])).toEqual([
      ['gd', 'li', true],
      ['cn', 'wang', false],
    ]);
    await commentIncident(province.database, act(id, 'li'), 'thanks');
    const above = await untilSeen(centre, id, ({ timeline }) => timeline.some(({ detail }) => detail.text === 'thanks'), 'the answer');
    const words = (incident: typeof above) => incident.timeline.map(({ kind, actor }) => `${kind} ${actor}`).sort();
    expect(words(above)).toEqual(words((await seen(province, id)) as typeof above));
    await expect(resolveIncident(centre.database, act(id, 'wang'), 'over')).rejects.toMatchObject({ code: 'opened-elsewhere' });
    await endOutage(province, id);
    await untilSeen(centre, id, ({ state }) => state === 'resolved', 'resolved');
    expect(await stepsOf(centre, id)).toEqual(['opened', 'resolved']);
    await expect(closeIncident(centre.database, act(id, 'wang'), { causeCategory: 'power' })).rejects.toMatchObject({
      code: 'opened-elsewhere',
    });
    await closeIncident(centre.database, act(id, 'wang'), { note: 'seen through' });
    await untilSeen(province, id, ({ tiers }) => tiers.some(({ node, state }) => node === 'cn' && state === 'closed'), 'closed above');
    expect((await seen(province, id))?.state).toBe('resolved');
    await closeIncident(province.database, act(id, 'li'), { causeCategory: 'carrier' });
    const closed = await untilSeen(centre, id, ({ causeCategory }) => causeCategory === 'carrier', 'the category');
    expect(closed).toMatchObject({ state: 'closed', owner: 'wang' });
  });

  test('what is over when it is asked for alarms nobody', async () => {
    const { province, centre } = chain;
    let id = '';
    await chain.cutOff(async () => {
      id = await openOutage(province, 'gd:a', 'cn.gd');
      await escalateIncident(province.database, act(id, 'li'), 'help');
      await endOutage(province, id);
    });
    const late = await untilSeen(centre, id, ({ taken }) => taken, 'taken');
    expect(late.state).toBe('resolved');
    expect(await stepsOf(centre, id)).toEqual([]);
  });

  test('a city asks its province, and the province the centre', async () => {
    const { city, province, centre } = chain;
    const id = await openOutage(city, 'gz:a', 'cn.gd.gz');
    await untilSeen(centre, id, ({ home, taken }) => home === 'gz' && !taken, 'the incident of the city');
    await escalateIncident(city.database, act(id, 'chen'), 'no spare part');
    await untilSeen(province, id, ({ taken }) => taken, 'taken');
    expect((await seen(centre, id))?.taken).toBe(false);
    await acknowledgeIncident(province.database, act(id, 'li'));
    await escalateIncident(province.database, act(id, 'li'), 'nor here');
    await untilSeen(centre, id, ({ taken, asked }) => taken && asked?.node === 'gd', 'asked by the province');
    await acknowledgeIncident(centre.database, act(id, 'wang'));
    await commentIncident(centre.database, act(id, 'wang'), 'one is on its way');
    const below = await untilSeen(
      city,
      id,
      ({ timeline }) => timeline.some(({ detail }) => detail.text === 'one is on its way'),
      'the comment',
    );
    expect(below.tiers.map(({ node, owner }) => [node, owner])).toEqual([
      ['gz', null],
      ['cn', 'wang'],
      ['gd', 'li'],
    ]);
    await endOutage(city, id);
    for (const node of [province, centre]) await untilSeen(node, id, ({ state }) => state === 'resolved', 'resolved');
  });

  test('what is handed down waits for a person there; accepted, it has an owner at both tiers', async () => {
    const { province, centre } = chain;
    await centre.apply(['cn:backbone'], 'cn.gd');
    const id = await openOutage(centre, 'cn:backbone', 'cn.gd');
    await expect(handDownIncident(centre.database, act(id, 'wang'), { node: 'gz', note: 'x' })).rejects.toMatchObject({
      code: 'node-unknown',
    });
    await handDownIncident(centre.database, act(id, 'wang'), { node: 'gd', note: 'please send a crew' });
    await expect(handDownIncident(centre.database, act(id, 'wang'), { node: 'gd', note: 'again' })).rejects.toMatchObject({
      code: 'handed-down-already',
    });
    const offered = await untilSeen(province, id, ({ handedOver }) => handedOver?.state === 'offered', 'the offer');
    expect(offered).toMatchObject({
      home: 'cn',
      taken: true,
      state: 'open',
      handedOver: { node: 'cn', by: 'wang', note: 'please send a crew' },
    });
    expect(await stepsOf(province, id)).toEqual(['opened']);
    await expect(acknowledgeIncident(province.database, act(id, 'li'))).rejects.toMatchObject({ code: 'hand-over-offered' });
    await acceptHandOver(province.database, act(id, 'li'), 'they leave at ten');
    const accepted = await untilSeen(centre, id, ({ handedDown }) => handedDown?.state === 'accepted', 'the receipt');
    expect(accepted.handedDown).toMatchObject({ answeredBy: 'li', answer: 'they leave at ten' });
    await untilSeen(centre, id, ({ tiers }) => tiers.some(({ node, owner }) => node === 'gd' && owner === 'li'), 'its owner there');
    await commentIncident(province.database, act(id, 'li'), 'crew on site');
    await untilSeen(centre, id, ({ timeline }) => timeline.some(({ detail }) => detail.text === 'crew on site'), 'their comment');
    await endOutage(centre, id);
    await untilSeen(province, id, ({ state }) => state === 'resolved', 'resolved');
    expect(await stepsOf(province, id)).toEqual(['opened', 'resolved']);
  });

  test('declined, it stays where it was', async () => {
    const { province, centre } = chain;
    const id = await openOutage(centre, 'cn:backbone', 'cn.gd');
    await handDownIncident(centre.database, act(id, 'wang'), { node: 'gd', note: 'yours' });
    await untilSeen(province, id, ({ handedOver }) => handedOver?.state === 'offered', 'the offer');
    await declineHandOver(province.database, act(id, 'li'), 'it is the backbone of the centre');
    const declined = await untilSeen(centre, id, ({ handedDown }) => handedDown?.state === 'declined', 'the receipt');
    expect(declined.handedDown?.answer).toBe('it is the backbone of the centre');
    expect(await seen(province, id)).toMatchObject({ taken: false });
    await expect(acceptHandOver(province.database, act(id, 'li'))).rejects.toMatchObject({ code: 'nothing-handed-over' });
    await endOutage(centre, id);
    await waitFor(async () => (await seen(centre, id))?.state === 'resolved', { what: 'resolved' });
  });
});
