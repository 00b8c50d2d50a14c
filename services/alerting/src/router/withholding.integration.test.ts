import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contactBody, MINUTE, type RouterFixture, startRouter } from './router.fixture.ts';

describe('what the router withholds', () => {
  let fixture: RouterFixture;

  beforeAll(async () => {
    fixture = await startRouter();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture?.stop());

  it('librenms 20359: an alarm that a silence withheld goes when it ends and the cause is still down; its end follows', async () => {
    const at = fixture.clock.now();
    await fixture.database.query(
      `INSERT INTO silences (id, objects, divisions, severities, reason, author, created_at, starts_at, ends_at)
       VALUES (gen_random_uuid(), '{}', '{cn}', '{}', 'works', 'li', $1, $1, $2)`,
      [at, at + 10 * MINUTE],
    );
    const [still, over] = [await fixture.open('o:1'), await fixture.open('o:2')];
    await fixture.route();
    expect((await fixture.rows(still))[0]).toMatchObject({ state: 'withheld', error: expect.stringMatching(/^silence /) });
    await fixture.after(5 * MINUTE);
    await fixture.resolve(over);
    await fixture.after(5 * MINUTE);
    expect(await fixture.told(still)).toEqual(['opened noc pending']);
    expect(await fixture.timeline(still)).toEqual(['released']);
    expect(await fixture.told(over)).toEqual(['opened noc withheld', 'resolved noc withheld']);
  });

  it('a silence that goes on is not in the way of one that ended, however much it withholds', async () => {
    const silence = (divisions: string, objects: string, minutes: number) =>
      fixture.database.query(
        `INSERT INTO silences (id, objects, divisions, severities, reason, author, created_at, starts_at, ends_at)
         VALUES (gen_random_uuid(), $4, $3, '{}', 'works', 'li', $1, $1, $2)`,
        [fixture.clock.now(), fixture.clock.now() + minutes * MINUTE, divisions, objects],
      );
    await silence('{}', '{o:last}', 10);
    await fixture.database.query(
      `INSERT INTO silences (id, objects, divisions, severities, classes, reason, author, created_at, starts_at, ends_at)
       SELECT gen_random_uuid(), array_agg('o:' || n), '{}', '{}', '{}', 'works', 'li', $1, $1, $2 FROM generate_series(1, 2100) n`,
      [fixture.clock.now(), fixture.clock.now() + 1_000 * MINUTE],
    );
    for (let i = 1; i <= 2_100; i += 300)
      await Promise.all(Array.from({ length: Math.min(300, 2_101 - i) }, (_, n) => fixture.open(`o:${i + n}`)));
    await fixture.route();
    await fixture.after(1_000);
    const last = await fixture.open('o:last');
    await fixture.route();
    expect(await fixture.told(last)).toEqual(['opened noc withheld']);
    await fixture.after(10 * MINUTE);
    expect(await fixture.told(last)).toEqual(['opened noc pending']);
  });

  it('quiet hours keep back all but what is excepted, and what they kept back goes in one message when they end', async () => {
    const quiet = { during: [{ from: 12 * 60, to: 13 * 60 }], outside: null, timeZone: 'UTC', except: ['critical' as const] };
    const at = Date.parse('2026-12-01T12:30:00Z');
    fixture.clock.advance(at - fixture.clock.now());
    await fixture.configure({
      contacts: [contactBody('noc', { quiet }), contactBody('boss')],
      routes: [{ id: 'all', contacts: ['noc', 'boss'] }],
    });
    const incidents = [await fixture.open('o:1'), await fixture.open('o:2'), await fixture.open('o:3', { severity: 'critical' })];
    await fixture.route();
    expect(await fixture.told(incidents[0] ?? '')).toEqual(['opened boss pending', 'opened noc withheld']);
    expect((await fixture.rows(incidents[0]))[1]?.error).toBe('quiet-hours 2026-12-01T13:00:00.000Z');
    expect(await fixture.told(incidents[2] ?? '')).toEqual(['opened boss pending', 'opened noc pending']);
    await fixture.after(30 * MINUTE);
    expect((await fixture.rows(incidents[0]))[1]).toMatchObject({ state: 'grouped' });
    const carriers = (await fixture.rows()).filter(({ step }) => step === 'group');
    expect(carriers).toMatchObject([{ contact: 'noc', state: 'pending', payload: { total: 2, most: 50 }, incident: null }]);
  });

  it('outages of an object that flaps are withheld, the flapping is told once, and what is down when it ends is told', async () => {
    const flapping = await fixture.open('o:1', { kind: 'flapping', severity: 'minor' });
    await fixture.route();
    const outage = await fixture.open('o:1');
    await fixture.route();
    expect(await fixture.told(flapping)).toEqual(['opened noc pending']);
    expect((await fixture.rows(outage))[0]).toMatchObject({ state: 'withheld', error: `flapping ${flapping}` });
    await fixture.resolve(flapping);
    await fixture.after(2_000);
    // In one message with the end of the flapping.
    expect(await fixture.told(outage)).toEqual(['opened noc grouped']);
    expect((await fixture.told(flapping))[1]).toBe('resolved noc grouped');
  });
});
