import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contactBody, MINUTE, type RouterFixture, rotaBody, startRouter } from './router.fixture.ts';

describe('timers of the router', () => {
  let fixture: RouterFixture;

  beforeAll(async () => {
    fixture = await startRouter();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture?.stop());

  it('repeats while nobody acknowledges, each once however often the router is replaced, and no longer', async () => {
    await fixture.configure({ routes: [{ id: 'all', contacts: ['noc'], repeatMs: 10 * MINUTE }] });
    const incident = await fixture.open('o:1');
    await fixture.route();
    await fixture.after(10 * MINUTE);
    fixture.restart();
    await fixture.route();
    await fixture.after(10 * MINUTE);
    expect((await fixture.rows(incident)).map(({ step, occasion }) => `${step} ${occasion}`)).toEqual([
      'opened ',
      'repeated all 1',
      'repeated all 2',
    ]);
    await fixture.set(incident, { state: 'acknowledged' });
    await fixture.after(60 * MINUTE, 6);
    expect(await fixture.rows(incident)).toHaveLength(3);
    expect(await fixture.database.query('SELECT 1 FROM notices WHERE taken_at IS NULL')).toMatchObject({ rows: [] });
  });

  it('a timer that fell due while nobody ran is taken once', async () => {
    await fixture.configure({ routes: [{ id: 'all', contacts: ['noc'], repeatMs: 10 * MINUTE }] });
    const incident = await fixture.open('o:1');
    await fixture.route();
    await fixture.after(65 * MINUTE);
    expect((await fixture.rows(incident)).map(({ step }) => step)).toEqual(['opened', 'repeated']);
  });

  it('goes up the tiers while nobody acknowledges, and stops when somebody does', async () => {
    await fixture.configure({
      escalations: [
        {
          id: 'city',
          name: 'city',
          steps: [
            { afterMs: 5 * MINUTE, contacts: ['li'], rotas: [] },
            { afterMs: 10 * MINUTE, contacts: ['boss'], rotas: [] },
          ],
          next: 'province',
        },
        { id: 'province', name: 'province', steps: [{ afterMs: 20 * MINUTE, contacts: [], rotas: ['duty'] }], next: null },
      ],
      rotas: [rotaBody('duty', ['wang'])],
      routes: [
        { id: 'all', contacts: ['noc'], escalation: 'city' },
        { id: 'more', contacts: ['noc'], escalation: 'city' },
      ],
    });
    const [answered, ignored] = [await fixture.open('o:1'), await fixture.open('o:2')];
    await fixture.route();
    await fixture.after(5 * MINUTE, 5);
    await fixture.set(answered, { state: 'acknowledged' });
    await fixture.after(25 * MINUTE, 5);
    expect(await fixture.told(answered)).toEqual(['opened noc pending', 'unacknowledged li pending']);
    expect(await fixture.told(ignored)).toEqual([
      'opened noc pending',
      'unacknowledged li pending',
      'unacknowledged boss pending',
      'unacknowledged wang pending',
    ]);
    const last = (await fixture.rows(ignored)).at(-1);
    expect(last?.because).toMatchObject({ route: 'all', escalation: 'province', stepNumber: 2, rota: 'duty' });
    await fixture.after(60 * MINUTE, 6);
    expect(await fixture.told(ignored)).toHaveLength(4);
  });

  it('warns before a clock is breached and when it is, of the answer until somebody gave it and of the repair until it ended', async () => {
    const clock = { id: 'major' as const, respondMs: 10 * MINUTE, repairMs: 60 * MINUTE, warnAt: 0.5, calendar: null };
    await fixture.configure({
      routes: [{ id: 'all', contacts: ['noc'] }],
      contacts: [contactBody('noc'), contactBody('li', { accounts: ['li@sso'] })],
      more: [{ entity: 'clock', id: 'major', body: clock }],
    });
    const [late, answered] = [await fixture.open('o:1'), await fixture.open('o:2')];
    await fixture.route();
    await fixture.after(5 * MINUTE);
    await fixture.set(answered, { state: 'acknowledged', owner: 'li@sso' });
    await fixture.after(60 * MINUTE, 12);
    expect((await fixture.rows(late)).map(({ step, contact }) => `${step} ${contact}`)).toEqual([
      'opened noc',
      'respond-soon noc',
      'respond-late noc',
      'repair-soon noc',
      'repair-late noc',
    ]);
    expect((await fixture.rows(answered)).map(({ step, contact }) => `${step} ${contact}`)).toEqual([
      'opened noc',
      'respond-soon noc',
      'repair-soon li',
      'repair-late li',
      'repair-late noc',
    ]);
    const deadlines = await fixture.database.query('SELECT respond_by, repair_by FROM incidents WHERE id = $1', [late]);
    expect(deadlines.rows[0]).toMatchObject({ respond_by: expect.any(Number), repair_by: expect.any(Number) });
  });

  it('an incident that gets worse has the clocks of its new severity, and none of the old ones is told twice', async () => {
    const clock = (id: 'major' | 'critical', minutes: number) => ({
      entity: 'clock' as const,
      id,
      body: { id, respondMs: minutes * MINUTE, repairMs: null, warnAt: 0.5, calendar: null },
    });
    await fixture.configure({ routes: [{ id: 'all', contacts: ['noc'] }], more: [clock('major', 60), clock('critical', 10)] });
    const incident = await fixture.open('o:1');
    await fixture.route();
    await fixture.after(10 * MINUTE);
    await fixture.set(incident, { severity: 'critical' });
    await fixture.notice(incident, 'escalated', { occasion: 'critical' });
    await fixture.route();
    await fixture.after(60 * MINUTE, 12);
    expect((await fixture.rows(incident)).map(({ step }) => step)).toEqual(['opened', 'escalated', 'respond-soon', 'respond-late']);
  });

  describe('hand-over of duty', () => {
    it('sends whoever comes on duty what is open and not acknowledged, once', async () => {
      fixture.clock.advance(Date.parse('2026-12-02T04:00:00Z') - fixture.clock.now());
      await fixture.configure({ rotas: [rotaBody('duty', ['li', 'wang'])], routes: [{ id: 'all', rotas: ['duty'] }] });
      await fixture.route();
      const [open, answered] = [await fixture.open('o:1'), await fixture.open('o:2')];
      await fixture.route();
      await fixture.set(answered, { state: 'acknowledged' });
      const before = (await fixture.rows(open))[0]?.contact;
      const after = before === 'li' ? 'wang' : 'li';
      // The turn changes at midnight, in twelve hours.
      await fixture.after(12 * 60 * MINUTE, 4);
      fixture.restart();
      await fixture.after(MINUTE, 2);
      expect(await fixture.told(open)).toEqual([`opened ${before} pending`, `duty ${after} pending`]);
      expect(await fixture.told(answered)).toEqual([`opened ${before} pending`]);
    });

    it('tells who stands in by an override from the moment on in which it begins', async () => {
      fixture.clock.advance(Date.parse('2026-12-04T04:00:00Z') - fixture.clock.now());
      await fixture.configure({ rotas: [rotaBody('duty', ['li'])], routes: [{ id: 'all', rotas: ['duty'] }] });
      const incident = await fixture.open('o:1');
      await fixture.after(MINUTE);
      const now = fixture.clock.now();
      await fixture.database.query(
        `INSERT INTO rota_overrides (id, rota, contact, starts_at, ends_at, reason, author, created_at) VALUES (gen_random_uuid(), 'duty', 'boss', $1, $2, 'ill', 'li', $1)`,
        [now - 1_000, now + 60 * MINUTE],
      );
      await fixture.after(1_000, 2);
      expect(await fixture.told(incident)).toEqual(['opened li pending', 'duty boss pending']);
    });
  });
});
