import { downtime, globalId, isAlive, type ProcessName, type Stand, startStand, trueOutages } from '@beacontower/test-lab';
import { waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCommenting } from './support/comments.ts';
import { expectedOf, summary, told, untilTold } from './support/messages.ts';
import { expectBoundsHoldTruth, judgedUpTo, type Period, wholeTimeline } from './support/outages.ts';

/**
 * Each process is killed (-9) in mid-run while a line is cut, and comes back. Every object is looked at every second, so that
 * a round is always under way.
 */
const VICTIMS: readonly ProcessName[] = ['collect', 'judge', 'serve', 'store', 'redis', 'postgres', 'supervisor'];
/** Without these nobody looks for a while; the others may die without one look being lost. */
const BLINDING: readonly ProcessName[] = ['collect', 'redis', 'supervisor'];

interface Kill {
  readonly victim: ProcessName;
  readonly line: string;
  /** Epoch ms: shortly before the kill, and when all was well again. */
  readonly from: number;
  readonly to: number;
}

let stand: Stand;
let period: Period;
const kills: Kill[] = [];
let acknowledged: readonly string[] = [];
let commented = '';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const lineOf = (victim: ProcessName) => `flat-0${VICTIMS.indexOf(victim) + 2}`;
/** A line that no kill was tried on. */
const SPARE = `flat-0${VICTIMS.length + 2}`;

async function killAndRecover(victim: ProcessName): Promise<Kill> {
  const { lab, product } = stand;
  const line = lineOf(victim);
  await lab.cut(line);
  await pause(Math.random() * 1_200);
  const from = Date.now();
  const before = product.pid(victim);
  const children =
    victim === 'supervisor' ? [product.pid('collect'), product.pid('judge'), product.pid('serve'), product.pid('store')] : [];
  await product.kill(victim);
  if (victim === 'supervisor') {
    await waitFor(() => children.every((pid) => pid === undefined || !isAlive(pid)), { what: 'the children of the supervisor to end' });
    await product.start();
  }
  const again = () => product.pid(victim) !== undefined && product.pid(victim) !== before;
  await waitFor(again, { timeoutMs: 30_000, what: `${victim} to be started again` });
  await waitFor(() => product.api.ready(), { timeoutMs: 30_000, what: `the product to be ready after ${victim} was killed` });
  const to = Date.now();
  await untilTold(stand, 'opened', line);
  await lab.restore(line);
  await untilTold(stand, 'resolved', line);
  return { victim, line, from, to };
}

beforeAll(async () => {
  stand = await startStand({ layout: { provinces: 0, flatLines: VICTIMS.length + 2 }, interval: '1s' });
  const from = Date.now();
  await pause(1_500);
  await stand.lab.cut('flat-01');
  await untilTold(stand, 'opened', 'flat-01');
  commented = (await stand.product.api.incidents())[0]?.id ?? '';
  const commenting = startCommenting(stand.product.api, commented);
  for (const victim of VICTIMS) kills.push(await killAndRecover(victim));
  acknowledged = await commenting.stop();
  await stand.lab.restore('flat-01');
  await untilTold(stand, 'resolved', 'flat-01');
  await stand.untilAllUp();
  period = { from, to: Date.now() };
  await judgedUpTo(stand, period);
});

afterAll(() => stand?.destroy());

const time = (at: number) => new Date(at).toISOString().slice(11, 23);
const history = () => kills.map(({ victim, from, to }) => `${victim} ${time(from)} to ${time(to)}`).join(', ');
const isWithin = (kill: Kill, from: number, to: number) => from >= kill.from - 3_000 && to <= kill.to + 4_000;

describe('kill -9 of each process', () => {
  it('loses nothing that was acknowledged', async () => {
    expect(acknowledged.length).toBeGreaterThan(20);
    const { timeline } = await stand.product.api.incident(commented);
    const kept = timeline.map(({ detail }) => detail.text).filter((text) => typeof text === 'string');
    for (const text of acknowledged) expect(kept.filter((each) => each === text)).toEqual([text]);
  });

  it('tells every outage and every recovery, and nothing twice but what was in doubt', async () => {
    const deliveries = await stand.product.api.deliveries();
    const causes = new Map((await stand.product.api.incidents()).map(({ id, cause }) => [id, cause.slice(globalId('').length)]));
    const messages = summary(told(stand));
    expect([...new Set(messages)]).toEqual(expectedOf(['flat-01', ...kills.map(({ line }) => line)]));
    for (const { incident, step, channel, inDoubt, state } of deliveries) {
      const line = `${channel} ${step} ${causes.get(incident ?? '')}`;
      const times = messages.filter((each) => each === line).length;
      expect(times, `${line} (${inDoubt} in doubt)`).toBeGreaterThanOrEqual(1);
      expect(times, `${line} (${inDoubt} in doubt)`).toBeLessThanOrEqual(1 + inDoubt);
      expect(['delivered', 'uncertain'], line).toContain(state);
    }
  });

  it('opens one incident for each outage', async () => {
    const incidents = await stand.product.api.incidents();
    expect(incidents.map(({ cause }) => cause).sort()).toEqual(['flat-01', ...kills.map(({ line }) => line)].map(globalId).sort());
  });

  it('keeps the true downtime within the bounds', async () => {
    const blind = kills.filter(({ victim }) => BLINDING.includes(victim)).reduce((sum, { from, to }) => sum + to - from + 7_000, 0);
    await expectBoundsHoldTruth(stand, period, { slackMs: () => 2_500, unknownMs: blind });
  });

  it('leaves no gap in a timeline, invents no unknown and hides none', async () => {
    const blinding = kills.filter(({ victim }) => BLINDING.includes(victim));
    for (const object of stand.lab.plan.objects) {
      const segments = await wholeTimeline(stand, object.id, period);
      const outages = trueOutages(object, [4, 6], stand.lab.events);
      for (const [i, segment] of segments.entries()) {
        const [from, to] = [Date.parse(segment.from), Date.parse(segment.to)];
        const said = `${object.id} ${segment.state} ${segment.from} to ${segment.to}; ${history()}`;
        if (segment.state === 'unknown')
          expect(
            blinding.some((kill) => isWithin(kill, from, to)),
            said,
          ).toBe(true);
        // Between its uncertain edges, whatever a segment says must have been so all the time.
        const core = { from: from + segment.edgeUncertaintyMs + 1, to: to - (segments[i + 1]?.edgeUncertaintyMs ?? 0) - 1 };
        if (core.from >= core.to) continue;
        const { least, most } = downtime(outages, core.from, core.to);
        if (segment.state === 'up') expect(least, said).toBe(0);
        if (segment.state === 'down') expect(most, said).toBeCloseTo(core.to - core.from, 3);
      }
      const restart = kills.find(({ victim }) => victim === 'supervisor');
      const unknown = segments.filter(
        ({ state, from, to }) => state === 'unknown' && restart && isWithin(restart, Date.parse(from), Date.parse(to)),
      );
      expect(unknown.length, `${object.id}: nobody looked while there was no supervisor`).toBeGreaterThanOrEqual(1);
    }
  });
});

/** What was told of one step of one outage to one receiver, in order of arrival. */
function saidTo(to: string, step: string, cause: string) {
  return told(stand).filter((each) => each.to === to && each.step === step && each.cause === cause);
}

async function deliveriesOf(cause: string, step: string, channel: string) {
  const incidents = (await stand.product.api.incidents()).filter((incident) => incident.cause === globalId(cause));
  const ids = new Set(incidents.map(({ id }) => id));
  const all = await stand.product.api.deliveries();
  return all.filter((delivery) => ids.has(delivery.incident ?? '') && delivery.step === step && delivery.channel === channel);
}

describe('a delivery in doubt', () => {
  it('is a webhook whose sender was killed before the answer: sent again as the same event, and counted', async () => {
    stand.hook.script({ status: 200, delayMs: 5_000 });
    await stand.lab.cut('flat-01');
    await waitFor(() => saidTo('duty', 'opened', 'flat-01').length === 2, { timeoutMs: 20_000, what: 'the alarm to come' });
    await stand.product.kill('judge');
    await waitFor(() => saidTo('duty', 'opened', 'flat-01').length === 3, { timeoutMs: 60_000, what: 'the alarm in doubt to come again' });
    const [, first, again] = saidTo('duty', 'opened', 'flat-01');
    expect(again?.id).toBe(first?.id);
    const settled = async () => (await deliveriesOf('flat-01', 'opened', 'duty')).every(({ state }) => state === 'delivered');
    await waitFor(settled, { timeoutMs: 10_000, what: 'the delivery to be recorded' });
    const doubts = (await deliveriesOf('flat-01', 'opened', 'duty')).map(({ inDoubt }) => inDoubt).sort();
    expect(doubts).toEqual([0, 1]);
    await stand.lab.restore('flat-01');
    const recovered = () => ['duty', 'mail'].every((to) => saidTo(to, 'resolved', 'flat-01').length === 2);
    await waitFor(recovered, { timeoutMs: 20_000, what: 'the recovery' });
  });

  it('is a mail whose answer was lost after the final dot: sent again under the same Message-ID, and counted', async () => {
    stand.mail.script('drop-after-dot');
    await stand.lab.cut(SPARE);
    await waitFor(() => saidTo('mail', 'opened', SPARE).length === 2, { timeoutMs: 90_000, what: 'the mail in doubt to come again' });
    const sent = stand.mail.received.slice(-2);
    expect(sent.map(({ answer }) => answer)).toEqual(['drop-after-dot', 'accept']);
    expect(sent[1]?.mail.messageId).toBe(sent[0]?.mail.messageId);
    await waitFor(async () => (await deliveriesOf(SPARE, 'opened', 'mail')).every(({ state }) => state === 'delivered'), {
      what: 'the delivery to be recorded',
    });
    expect((await deliveriesOf(SPARE, 'opened', 'mail')).map(({ inDoubt }) => inDoubt)).toEqual([1]);
    expect(saidTo('duty', 'opened', SPARE)).toHaveLength(1);
  });
});
