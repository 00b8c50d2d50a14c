import { mergeIncident, unmergeIncident } from '@beacontower/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contactBody, MINUTE, type RouterFixture, rotaBody, startRouter } from './router.fixture.ts';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('what overtakes each other on the way to the router', () => {
  let fixture: RouterFixture;
  const untaken = async () =>
    (await fixture.database.query<{ step: string }>('SELECT step FROM notices WHERE taken_at IS NULL ORDER BY id')).rows.map(
      ({ step }) => step,
    );

  beforeAll(async () => {
    fixture = await startRouter();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture?.stop());

  it.each(['the same', 'another'])(
    'an alarm written before the clock went back is told by %s router, and its end after it',
    async (router) => {
      await fixture.route();
      const incident = await fixture.open('o:1');
      // One that had seen the clock before; or one that knows nothing.
      await fixture.database.query('UPDATE notices SET due_at = due_at + $1 WHERE taken_at IS NULL', [router === 'the same' ? 0 : HOUR]);
      if (router === 'the same') fixture.clock.step(-HOUR);
      if (router === 'another') fixture.restart();
      await fixture.route();
      expect(await fixture.told(incident)).toEqual(['opened noc pending']);
      await fixture.resolve(incident);
      await fixture.route();
      expect((await fixture.told(incident)).toSorted()).toEqual(['opened noc pending', 'resolved noc pending']);
      expect(await untaken()).toEqual([]);
    },
  );

  it('an end is never taken before its alarm, whichever of two clocks was ahead', async () => {
    await fixture.route();
    const incident = await fixture.open('o:1');
    await fixture.database.query('UPDATE notices SET due_at = due_at + $1 WHERE taken_at IS NULL', [5_000]);
    await fixture.resolve(incident);
    await fixture.route();
    await fixture.after(MINUTE);
    expect(await fixture.told(incident)).toEqual(['opened noc pending', 'resolved noc pending']);
  });

  it('an incident whose record cannot be read keeps back no other', async () => {
    const [whole, spoiled, later] = [await fixture.open('o:1'), await fixture.open('o:2'), await fixture.open('o:3')];
    await fixture.database.query(`UPDATE incidents SET facts = '{"kind": "nonsense"}' WHERE id = $1`, [spoiled]);
    await fixture.route();
    expect(await fixture.told(whole)).toEqual(['opened noc pending']);
    expect(await fixture.told(spoiled)).toEqual([]);
    expect(await fixture.told(later)).toEqual(['opened noc pending']);
    const { rows } = await fixture.database.query('SELECT kind FROM incident_events WHERE incident_id = $1', [spoiled]);
    expect(rows).toContainEqual({ kind: 'nobody-told' });
    expect(await untaken()).toEqual([]);
  });

  it('of what got worse unseen before a person ended it nobody is told after its end', async () => {
    const incident = await fixture.open('o:1');
    await fixture.route();
    await fixture.resolve(incident);
    await fixture.route();
    await fixture.notice(incident, 'escalated', { occasion: 'critical' });
    await fixture.route();
    expect(await fixture.told(incident)).toEqual(['opened noc pending', 'resolved noc pending']);
    expect(await untaken()).toEqual([]);
  });

  it('after an hour in which nobody routed the tiers are told one after the other, not at once', async () => {
    const step = (minutes: number, contact: string) => ({ afterMs: minutes * MINUTE, contacts: [contact], rotas: [] });
    await fixture.configure({
      escalations: [{ id: 'city', name: 'city', steps: [step(5, 'li'), step(10, 'wang'), step(20, 'boss')], next: null }],
      routes: [{ id: 'all', contacts: ['noc'], escalation: 'city' }],
    });
    const incident = await fixture.open('o:1');
    await fixture.route();
    await fixture.after(HOUR);
    expect(await fixture.told(incident)).toEqual(['opened noc pending', 'unacknowledged li pending']);
    await fixture.after(5 * MINUTE);
    expect(await fixture.told(incident)).toHaveLength(3);
    await fixture.after(10 * MINUTE);
    expect((await fixture.told(incident)).at(-1)).toBe('unacknowledged boss pending');
  });

  it('thousands that waited for the router are told in order, each once, in one message where they are gathered', async () => {
    const incidents: string[] = [];
    for (let index = 0; index < 1_200; index++) incidents.push(await fixture.open(`o:${index}`));
    for (const incident of incidents.slice(0, 600)) await fixture.resolve(incident);
    await fixture.after(HOUR);
    const rows = await fixture.rows();
    const carriers = rows.filter(({ step }) => step === 'group');
    expect(rows.filter(({ step }) => step === 'opened')).toHaveLength(1_200);
    expect(rows.filter(({ step }) => step === 'resolved')).toHaveLength(600);
    await fixture.after(HOUR, 12);
    const later = await fixture.rows();
    expect(later.filter(({ state }) => state === 'waiting')).toEqual([]);
    expect(carriers.length).toBeLessThanOrEqual(3);
    expect(await untaken()).toEqual([]);
  });

  describe('taken out of the incident it was merged into', () => {
    const act = (incident: string) => ({ incident, actor: 'li', source: null, revision: null, now: fixture.clock.now() });
    const configure = () =>
      fixture.configure({
        escalations: [{ id: 'city', name: 'city', steps: [{ afterMs: 10 * MINUTE, contacts: ['boss'], rotas: [] }], next: null }],
        routes: [{ id: 'all', contacts: ['noc'], escalation: 'city', repeatMs: 15 * MINUTE }],
      });

    it.each([
      ['after it was told', 0],
      ['before it was told', 1],
    ])('it is repeated and goes up the tiers as before: merged %s', async (_when, before) => {
      await configure();
      const [one, other] = [await fixture.open('o:1'), await fixture.open('o:2')];
      if (before === 0) await fixture.route();
      await mergeIncident(fixture.database, act(one), other);
      await fixture.after(HOUR, 12);
      expect((await fixture.told(one)).filter((line) => /repeated|unacknowledged/.test(line))).toEqual([]);
      await unmergeIncident(fixture.database, act(one));
      await fixture.after(MINUTE);
      await fixture.after(MINUTE);
      const told = await fixture.told(one);
      // What was withheld goes in one message with what is told now.
      for (const line of ['opened noc', 'unacknowledged boss', 'repeated noc']) {
        expect(told.filter((one) => one === `${line} pending` || one === `${line} grouped`)).toHaveLength(1);
      }
      await fixture.after(15 * MINUTE);
      expect((await fixture.told(one)).filter((line) => line.startsWith('repeated'))).toHaveLength(2);
    });

    it('nothing is told again of one that somebody answers for', async () => {
      await configure();
      const [one, other] = [await fixture.open('o:1'), await fixture.open('o:2')];
      await fixture.route();
      await fixture.set(other, { state: 'acknowledged', acknowledged_at: fixture.clock.now() });
      await mergeIncident(fixture.database, act(one), other);
      await fixture.after(HOUR, 4);
      await unmergeIncident(fixture.database, act(one));
      await fixture.after(HOUR, 4);
      expect((await fixture.told(one)).filter((line) => /repeated|unacknowledged/.test(line))).toEqual([]);
    });
  });

  it('whoever comes on duty instead of the one foreseen is told, and that one is not', async () => {
    fixture.clock.advance(Date.parse('2027-01-04T04:00:00Z') - fixture.clock.now());
    const routes = [{ id: 'all', rotas: ['duty'] }];
    const contacts = ['noc', 'boss', 'li', 'wang'].map((id) => contactBody(id));
    await fixture.configure({ rotas: [rotaBody('duty', ['li', 'wang'])], routes, contacts });
    const incident = await fixture.open('o:1');
    await fixture.route();
    const before = (await fixture.rows(incident))[0]?.contact ?? '';
    const turn = before === 'li' ? ['li', 'boss'] : ['boss', 'wang'];
    await fixture.configure({ rotas: [rotaBody('duty', turn)], routes, contacts });
    await fixture.after(DAY / 2, 12);
    expect(await fixture.told(incident)).toEqual([`opened ${before} pending`, 'duty boss pending']);
  });
});
