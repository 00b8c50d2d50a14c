import { type InterfaceRows, makeInterfaceRows } from '@beacontower/timeseries';
import { FIRST_CHECK } from './samples-rollups.ts';

export const INTERFACES = 10_000;
const PORTS = 48;

/** Upper bounds of random increments of a minute; errors and discards are mostly none. */
const BOUNDS = {
  inOctets: 80e6,
  inUnicast: 80e3,
  inMulticast: 300,
  inBroadcast: 100,
  outOctets: 50e6,
  outUnicast: 60e3,
  outMulticast: 200,
  outBroadcast: 80,
} as const;
const SELDOM = { inErrors: 0.002, outErrors: 0, inDiscards: 0.004, outDiscards: 0 } as const;

/** One reading of every interface: devices of 48 ports, each at its own moment of the minute, some ms early or late. */
export function randomRound(tick: number): InterfaceRows {
  const rows = makeInterfaceRows(INTERFACES);
  for (let i = 0; i < INTERFACES; i++) {
    const device = Math.floor(i / PORTS);
    const late = i % PORTS === 0 ? Math.floor(random() * 40) : (rows.at[i - 1] ?? 0) - tick - ((device * 283) % 60_000);
    rows.check[i] = FIRST_CHECK + i;
    rows.at[i] = tick + ((device * 283) % 60_000) + late;
    rows.span[i] = 59_980 + Math.floor(random() * 40);
    rows.speed[i] = i % PORTS < 4 ? 10_000 : 1_000;
    rows.status[i] = i % 3 === 0 ? 0x21 : 0x11;
  }
  for (const [counter, bound] of Object.entries(BOUNDS)) {
    const column = rows.increments[counter as keyof typeof BOUNDS];
    for (let i = 0; i < INTERFACES; i++) column[i] = Math.floor(random() * bound);
  }
  for (const [counter, share] of Object.entries(SELDOM)) {
    const column = rows.increments[counter as keyof typeof SELDOM];
    for (let i = 0; i < INTERFACES; i++) column[i] = random() < share ? Math.floor(random() * 10) : 0;
  }
  return rows;
}

let state = 0x9e3779b9;

/** Xorshift: the same figures in every run. */
function random(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 0x1_0000_0000;
}
