import { globalId, type Stand, startStand, trueOutages } from '@beacontower/test-lab';
import { waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedOf, summary, told, untilTold } from './support/messages.ts';
import { expectBoundsHoldTruth, expectOutagesExactly, judgedUpTo, type Period } from './support/outages.ts';

/**
 * Links are cut at known times, all kinds at once in one network, and what the product recorded and said is held against the
 * truth. Circuits are looked at every second, all else every ten.
 */
let stand: Stand;
let period: Period;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** An edge lies between two looks: an interval, and the round at each end of it. */
const slackMs = ({ kind }: { kind: string }) => (kind === 'circuit' ? 1_000 + 1_500 : 10_000 + 4_000);

beforeAll(async () => {
  stand = await startStand({ layout: { provinces: 3, linesPerProvince: 3 }, interval: ({ kind }) => (kind === 'circuit' ? '1s' : '10s') });
  const from = Date.now();
  const { lab } = stand;
  // Further than the estimate of the first edge can lie before the cut, so that every outage begins within the period.
  await pause(7_000);
  // One line; one uplink of two; both uplinks, with a line behind them cut too; IPv6 alone on one line.
  await lab.cut('p1/line-01');
  await lab.cut('p2/uplink-a');
  await pause(1_300);
  await lab.cut(['p3/uplink-a', 'p3/uplink-b']);
  await lab.cut('p1/line-02', 6);
  await pause(9_000);
  await lab.cut('p3/line-02');
  await untilTold(stand, 'opened', 'p1-line-01', 25_000);
  await pause(16_000);
  await lab.restore('p1/line-01');
  await lab.restore('p2/uplink-a');
  await lab.restore(['p3/uplink-a', 'p3/uplink-b']);
  // The line behind the province is still cut after its parent has come back: now it must be told.
  await untilTold(stand, 'opened', 'p3-line-02', 35_000);
  await lab.restore('p1/line-02', 6);
  await pause(5_000);
  await lab.restore('p3/line-02');
  await untilTold(stand, 'resolved', 'p3-line-02', 25_000);
  await stand.untilAllUp();
  period = { from, to: Date.now() };
  await judgedUpTo(stand, period);
});

afterAll(() => stand?.destroy());

const CAUSES = ['p1-line-01', 'p2-uplink-a', 'p3-uplink-a', 'p3-uplink-b', 'p3-line-02'];

describe('cuts at known times', () => {
  it('puts the true downtime of every object within the bounds of its availability', async () => {
    await expectBoundsHoldTruth(stand, period, { slackMs, unknownMs: 0 });
  });

  it('records every outage with edges that hold the truth, and none that was not', async () => {
    const timelines = await expectOutagesExactly(stand, period);
    const states = (id: string) => timelines.get(id)?.map(({ state }) => state);
    expect(states('p1-line-01')).toEqual(['up', 'down', 'up']);
    expect(states('p1-line-02'), 'one family of two').toEqual(['up', 'degraded', 'up']);
    expect(states('p2'), 'behind the other uplink').toEqual(['up']);
    expect(states('p2-line-01'), 'behind the other uplink').toEqual(['up']);
    expect(states('p3-line-01'), 'behind both uplinks').toEqual(['up', 'down', 'up']);
    expect([...timelines.values()].flat().filter(({ state }) => state === 'unknown')).toEqual([]);
  });

  it('tells each cause once to each who is to be told, its recovery to the same, and no symptom', () => {
    const messages = told(stand);
    const wanted = [...expectedOf(CAUSES), ...expectedOf(['p1-line-02'])].sort();
    expect(summary(messages)).toEqual(wanted);
    expect(new Set(messages.map(({ to, id }) => `${to} ${id}`)).size).toBe(messages.length);
    expect(stand.hook.received.map(({ signature }) => signature)).toEqual(stand.hook.received.map(() => 'valid'));
    expect(stand.mail.received.every(({ secure, mail }) => secure && mail.text && mail.html)).toBe(true);
  });

  it('keeps the symptoms in the incident of their cause', async () => {
    const incidents = await stand.product.api.incidents();
    expect(incidents.map(({ cause }) => cause).sort()).toEqual([...CAUSES, 'p1-line-02'].map(globalId).sort());
    expect(new Set(incidents.map(({ state }) => state))).toEqual(new Set(['resolved']));
    const details = await Promise.all(incidents.map(({ id }) => stand.product.api.incident(id)));
    const behind = details.filter(({ cause }) => cause.startsWith(globalId('p3-uplink')));
    const symptoms = behind.map(({ objects }) => objects.filter(({ role }) => role === 'symptom').map(({ id }) => id));
    const members = ['p3', 'p3-line-01', 'p3-line-02', 'p3-line-03'].map(globalId);
    expect(symptoms.map((ids) => [...new Set(ids)].sort()).sort((a, b) => b.length - a.length)).toEqual([members, []]);
    for (const detail of details.filter(({ cause }) => !cause.startsWith(globalId('p3-uplink')))) {
      expect(detail.objects.map(({ id }) => id)).toEqual([detail.cause]);
    }
  });

  it('says when each outage began within bounds that hold the truth', async () => {
    for (const incident of await stand.product.api.incidents()) {
      const object = stand.lab.object(incident.cause.slice(globalId('').length));
      const [outage] = trueOutages(object, object.id === 'p1-line-02' ? [6] : [4, 6], stand.lab.events);
      expect(outage?.start.after, object.id).toBeGreaterThanOrEqual(Date.parse(incident.startedEarliest));
      expect(outage?.start.before, object.id).toBeLessThanOrEqual(Date.parse(incident.startedLatest) + 1);
    }
  });
});

describe('a collector that loses its own line', () => {
  it('calls everything unknown, nothing down, tells nobody, and goes on as before', async () => {
    const before = told(stand).length;
    const from = Date.now();
    await stand.lab.cut('centre');
    const what = 'every object to be unknown';
    const unknown = async () => (await stand.product.api.objects()).every(({ state }) => state === 'unknown');
    await waitFor(unknown, { timeoutMs: 45_000, intervalMs: 250, what });
    await stand.lab.restore('centre');
    await stand.untilAllUp();
    const blind = { from, to: Date.now() };
    await judgedUpTo(stand, blind);
    for (const { id } of stand.lab.plan.objects) {
      const states = (await stand.product.api.timeline(globalId(id), blind.from, blind.to)).map(({ state }) => state);
      expect(states, id).toEqual(['up', 'unknown', 'up']);
    }
    expect(told(stand).slice(before)).toEqual([]);
    await expectBoundsHoldTruth(stand, blind, { slackMs: () => 0, unknownMs: blind.to - blind.from });
  });
});
