import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contactBody, type RouterFixture, startRouter } from './router.fixture.ts';

const group = { by: [], waitMs: 0, skipWait: ['critical' as const], burst: 20, intervalMs: 30_000, most: 50 };

describe('groups of the router', () => {
  let fixture: RouterFixture;

  beforeAll(async () => {
    fixture = await startRouter();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture?.stop());

  it('the first message waits for others, and all go in one', async () => {
    await fixture.configure({ routes: [{ id: 'all', contacts: ['noc'], group: { ...group, waitMs: 10_000 } }] });
    const first = await fixture.open('o:1');
    await fixture.route();
    expect(await fixture.told(first)).toEqual(['opened noc waiting']);
    expect(fixture.bus).toEqual([]);
    await fixture.after(4_000);
    const second = await fixture.open('o:2');
    await fixture.resolve(first);
    await fixture.route();
    await fixture.after(6_000);
    const rows = await fixture.rows();
    const carrier = rows.find(({ step }) => step === 'group');
    expect(carrier).toMatchObject({ state: 'pending', payload: { total: 3 } });
    expect(fixture.bus).toEqual([carrier?.id]);
    expect(await fixture.told(first)).toEqual(['opened noc grouped', 'resolved noc grouped']);
    expect((await fixture.rows(second))[0]).toMatchObject({ state: 'grouped', carrier: carrier?.id, released: fixture.clock.now() });
  });

  it('one that nobody joins goes by itself when the wait is over', async () => {
    await fixture.configure({ routes: [{ id: 'all', contacts: ['noc'], group: { ...group, waitMs: 10_000 } }] });
    const incident = await fixture.open('o:1');
    await fixture.route();
    await fixture.after(10_000);
    expect(await fixture.told(incident)).toEqual(['opened noc pending']);
    expect(fixture.bus).toHaveLength(1);
  });

  it('a severe one does not wait, and takes along what waits', async () => {
    await fixture.configure({ routes: [{ id: 'all', contacts: ['noc'], group: { ...group, waitMs: 10_000 } }] });
    const minor = await fixture.open('o:1', { severity: 'minor' });
    await fixture.route();
    await fixture.after(1_000);
    const severe = await fixture.open('o:2', { severity: 'critical' });
    await fixture.route();
    expect([...(await fixture.told(minor)), ...(await fixture.told(severe))]).toEqual(['opened noc grouped', 'opened noc grouped']);
  });

  it('what machines read is never grouped', async () => {
    const both = contactBody('noc', { targets: ['mail', 'hook'].map((channel) => ({ channel, address: null, fallbacks: [] })) });
    await fixture.configure({ contacts: [both], routes: [{ id: 'all', contacts: ['noc'], group: { ...group, burst: 1 } }] });
    const incidents = await Promise.all(Array.from({ length: 5 }, (_, n) => fixture.open(`o:${n}`)));
    await fixture.route();
    const rows = (await fixture.rows()).filter(({ incident }) => incident !== null);
    expect(rows.filter(({ channel }) => channel === 'hook').map(({ state }) => state)).toEqual(incidents.map(() => 'pending'));
    expect(rows.filter(({ channel }) => channel === 'mail').map(({ state }) => state)).toEqual(incidents.map(() => 'grouped'));
  });

  it('1,000 independent faults in one minute: 1,000 incidents told of in a few messages, none forgotten', async () => {
    for (let second = 0; second < 60; second++) {
      await Promise.all(Array.from({ length: second < 40 ? 17 : 16 }, (_, n) => fixture.open(`o:${second}-${n}`)));
      await fixture.after(1_000);
    }
    await fixture.after(60_000, 4);
    const rows = await fixture.rows();
    const alarms = rows.filter(({ step }) => step === 'opened');
    expect(alarms).toHaveLength(1_000);
    const sent = rows.filter(({ state }) => state === 'pending');
    expect(sent.length).toBeLessThanOrEqual(20 + 4);
    const carried = sent.filter(({ step }) => step === 'group').map(({ payload }) => Number(payload.total));
    expect(carried.reduce((sum, total) => sum + total, 0) + sent.filter(({ step }) => step === 'opened').length).toBe(1_000);
    expect(new Set(fixture.bus)).toEqual(new Set(sent.map(({ id }) => id)));
  });
});
