import { FencedOut, joinIncident, leaveIncident } from '@beacontower/database';
import { IncidentMessage } from '@beacontower/messages';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contactBody, MINUTE, type RouterFixture, rotaBody, startRouter } from './router.fixture.ts';

describe('the router', () => {
  let fixture: RouterFixture;

  beforeAll(async () => {
    fixture = await startRouter();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture?.stop());

  it('tells whom the routes name, at once, and keeps the routes and the reason', async () => {
    await fixture.configure({
      routes: [
        { id: 'core', contacts: ['noc'], match: { classes: ['backbone'] } },
        { id: 'all', contacts: ['noc', 'boss'] },
      ],
    });
    const incident = await fixture.open('o:1');
    await fixture.route();
    expect(await fixture.told(incident)).toEqual(['opened boss pending', 'opened noc pending']);
    const rows = await fixture.rows(incident);
    expect(rows.map(({ because, released }) => [because.route, released])).toEqual([
      ['all', fixture.clock.now()],
      ['core', fixture.clock.now()],
    ]);
    expect(fixture.bus.sort()).toEqual(rows.map(({ id }) => id).sort());
    const routes = await fixture.database.query<{ routes: string[] }>('SELECT routes FROM incidents WHERE id = $1', [incident]);
    expect(routes.rows[0]?.routes).toEqual(['core', 'all']);
  });

  it('falls to the default route when none matches, and says so; says that nobody was told when there is none', async () => {
    await fixture.configure({
      routes: [
        { id: 'minor', contacts: ['noc'], match: { severities: ['minor'] } },
        { id: 'rest', isDefault: true, contacts: ['boss'] },
      ],
    });
    const first = await fixture.open('o:1');
    await fixture.route();
    expect(await fixture.told(first)).toEqual(['opened boss pending']);
    expect(await fixture.timeline(first)).toContain('told-by-default');
    await fixture.configure({ routes: [{ id: 'minor', contacts: ['noc'], match: { severities: ['minor'] } }] });
    const second = await fixture.open('o:2');
    await fixture.route();
    expect(await fixture.told(second)).toEqual([]);
    expect(await fixture.timeline(second)).toContain('nobody-told');
    const outcome = await fixture.database.query('SELECT outcome FROM notices WHERE incident_id = $1', [second]);
    expect(outcome.rows).toEqual([{ outcome: 'nobody' }]);
  });

  it('a rota without anyone on duty falls to the default route, and the timeline says it', async () => {
    const never = { id: 'never', week: [[], [], [], [], [], [], []], dates: [], knownUntil: null };
    const layers = [
      { id: 'gone', contacts: ['li'], days: 1, from: '2026-11-23', at: 0, calendar: { id: 'never', when: 'inside' as const } },
    ];
    await fixture.configure({
      rotas: [rotaBody('night', ['li'], { layers })],
      routes: [
        { id: 'all', rotas: ['night'] },
        { id: 'rest', isDefault: true, contacts: ['boss'] },
      ],
      more: [{ entity: 'calendar', id: 'never', body: { name: 'never', nameEn: null, ...never } as never }],
    });
    const incident = await fixture.open('o:1');
    await fixture.route();
    expect(await fixture.told(incident)).toEqual(['opened boss pending']);
    expect(await fixture.timeline(incident)).toEqual(['nobody-on-duty', 'told-by-default']);
  });

  it('alertmanager 226: the end goes to exactly those who got the alarm, whatever the routes say by then', async () => {
    const incident = await fixture.open('o:1');
    await fixture.route();
    await fixture.configure({ routes: [{ id: 'other', contacts: ['boss'] }] });
    await fixture.resolve(incident);
    await fixture.route();
    expect(await fixture.told(incident)).toEqual(['opened noc pending', 'resolved noc pending']);
  });

  it('alertmanager 2229, 4008, 4064: a notice is told once however often it is written and whoever routes it', async () => {
    const incident = await fixture.open('o:1');
    await fixture.route();
    fixture.restart();
    await fixture.notice(incident, 'opened');
    await fixture.route();
    await fixture.resolve(incident);
    await fixture.notice(incident, 'resolved');
    await fixture.route();
    expect(await fixture.told(incident)).toEqual(['opened noc pending', 'resolved noc pending']);
  });

  it('an incident merged into another is told as merged to those who knew of it, and escalates no more until it is taken out again', async () => {
    await fixture.configure({ routes: [{ id: 'all', contacts: ['noc'], repeatMs: 10 * MINUTE }] });
    const [kept, merged] = [await fixture.open('o:1'), await fixture.open('o:2')];
    await fixture.route();
    await fixture.set(merged, { merged_into: kept });
    await fixture.notice(merged, 'merged', { body: { into: 1 } });
    await fixture.route();
    await fixture.set(merged, { severity: 'critical' });
    await fixture.notice(merged, 'escalated', { occasion: 'critical' });
    await fixture.after(10 * MINUTE);
    expect(await fixture.told(merged)).toEqual(['opened noc pending', 'merged noc pending', 'escalated noc withheld']);
    await fixture.set(merged, { merged_into: null });
    await fixture.after(2_000);
    expect(await fixture.told(merged)).toContain('escalated noc pending');
    await fixture.resolve(merged);
    await fixture.route();
    expect(await fixture.told(merged)).toContain('resolved noc pending');
  });

  it('tells the one who is asked to take an incident by the name he acts under, silenced or not; says so when nobody has that name', async () => {
    await fixture.configure({
      contacts: [contactBody('noc'), contactBody('li', { accounts: ['li@sso'] })],
      routes: [{ id: 'all', contacts: ['noc'] }],
    });
    const incident = await fixture.open('o:1');
    await fixture.route();
    await fixture.notice(incident, 'assigned', { occasion: 'li 2', body: { to: 'li@sso', by: 'boss' } });
    await fixture.notice(incident, 'assigned', { occasion: 'nobody 3', body: { to: 'nobody@sso', by: 'boss' } });
    await fixture.route();
    expect(await fixture.told(incident)).toEqual(['opened noc pending', 'assigned li pending']);
    expect(await fixture.timeline(incident)).toContain('assignee-not-told');
    await fixture.resolve(incident);
    await fixture.route();
    expect((await fixture.told(incident)).filter((line) => line.startsWith('resolved'))).toEqual([
      'resolved li pending',
      'resolved noc pending',
    ]);
  });

  it('tells each time an early warning gets worse, and its end once', async () => {
    const warning = await fixture.open('o:1', { kind: 'early-warning', severity: 'warning' });
    await fixture.route();
    for (const severity of ['minor', 'major'] as const) {
      await fixture.set(warning, { severity });
      await fixture.notice(warning, 'escalated', { occasion: severity });
      await fixture.after(1_000);
    }
    await fixture.resolve(warning);
    await fixture.route();
    const rows = await fixture.rows(warning);
    expect(rows.map(({ step, occasion }) => `${step} ${occasion}`)).toEqual(['opened ', 'escalated minor', 'escalated major', 'resolved ']);
    expect(new Set(rows.map(({ payload }) => payload.id)).size).toBe(4);
  });

  it('writes nothing once another has taken its lease', async () => {
    const incident = await fixture.open('o:1');
    await expect(fixture.passWithLostLease()).rejects.toThrow(FencedOut);
    expect(await fixture.told(incident)).toEqual([]);
    expect(fixture.bus).toEqual([]);
    await fixture.route();
    expect(await fixture.told(incident)).toEqual(['opened noc pending']);
  });

  it('counts as affected who is in an incident, and all that ever were once it is over', async () => {
    const incident = await fixture.open('o:1');
    const { database, clock } = fixture;
    await database.transaction((tx) => joinIncident(tx, incident, ['o:2', 'o:3'], clock.now()));
    await database.transaction((tx) => leaveIncident(tx, incident, ['o:3'], clock.now()));
    await fixture.route();
    await fixture.resolve(incident);
    await fixture.route();
    const said = (await fixture.rows(incident)).map(({ step, payload }) => [step, IncidentMessage.parse(payload).incident.affected.total]);
    expect(said).toEqual([
      ['opened', 2],
      ['resolved', 3],
    ]);
  });
});
