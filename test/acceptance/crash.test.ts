import { type ProcessName, type Stand, startStand } from '@beacontower/test-lab';
import { waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crashTelling, everythingTold, expectedOf, type Killing, playCrashes } from './support/crash.ts';
import { withoutRepeats } from './support/ledger.ts';

/**
 * kill -9 of each process at random points of a script; who was told what must come out as if nobody had died. `scripts/crash` plays
 * 200 points; the tests a few. The seed is printed: a run can be made again as far as chance allows.
 */
const POINTS = Number(process.env.CRASH_POINTS ?? 12);
const SEED = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
const VICTIMS: readonly ProcessName[] = ['judge', 'postgres', 'redis', 'collect', 'serve', 'store', 'supervisor'];
const LINES = ['flat-01', 'flat-02', 'flat-03', 'flat-04'];

let stand: Stand;
let killings: Killing[] = [];
let lines: string[] = [];

beforeAll(
  async () => {
    stand = await startStand({ layout: { provinces: 0, flatLines: LINES.length }, interval: '1s', telling: crashTelling });
    ({ killings, lines } = await playCrashes(stand, { points: POINTS, seed: SEED, victims: VICTIMS, lines: LINES }));
    await stand.untilAllUp();
  },
  180_000 + POINTS * 60_000,
);
afterAll(() => stand?.destroy());

describe(`${POINTS} kills at random points (seed ${SEED})`, () => {
  it('alertmanager 2229, 4008, 4064: the multiset of deliveries is the expected one; nothing is lost, nothing comes twice but with the same id', async () => {
    const { once, repeats } = withoutRepeats(await everythingTold(stand));
    expect(once).toEqual(expectedOf(lines));
    const deliveries = await stand.product.api.deliveries();
    const inDoubt = deliveries.reduce((sum, delivery) => sum + delivery.inDoubt, 0);
    const by = Object.fromEntries(VICTIMS.map((victim) => [victim, killings.filter((kill) => kill.victim === victim).length]));
    console.info(
      `crash: ${killings.length} kills ${JSON.stringify(by)}, ${once.length} messages expected and come, ${repeats} came again, ${inDoubt} attempts in doubt`,
    );
    expect(repeats).toBeLessThanOrEqual(inDoubt);
  });

  it('every outage is one incident, and every delivery has ended as it should', async () => {
    const incidents = await stand.product.api.incidents();
    expect(incidents.filter(({ kind }) => kind === 'outage')).toHaveLength(lines.length);
    expect(incidents.filter(({ state }) => state !== 'resolved')).toEqual([]);
    const ended = async () => (await stand.product.api.deliveries()).every(({ state }) => state === 'delivered' || state === 'uncertain');
    await waitFor(ended, { timeoutMs: 60_000, what: 'every delivery to have been recorded' });
  });
});
