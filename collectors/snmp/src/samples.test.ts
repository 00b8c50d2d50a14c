import { unpackUint16, unpackUint32 } from '@beacontower/queue';
import { describe, expect, it } from 'vitest';
import { type CounterMode, initialModes, pollColumns } from './columns.ts';
import { makeTable } from './names.ts';
import { SampleRows } from './samples.ts';
import { COLUMNS, readingOf, upRows } from './test-answers.ts';
import { TAG } from './wire/port.ts';

const system = { descr: '', objectId: '', name: '', location: '', contact: '' };
const raw = { descr: '', alias: '', type: 6, speed: null };
const table = makeTable(
  system,
  new Map([
    [1, { ...raw, name: 'a', highSpeed: 1_000, broken: 7 }],
    [2, { ...raw, name: 'b', highSpeed: 10, broken: 0 }],
  ]),
);
const one = { table, rows: Uint32Array.of(0), checks: Uint32Array.of(11) };
const both = { table, rows: Uint32Array.of(0, 1), checks: Uint32Array.of(11, 12) };
const head = { shard: 's', tick: 5, startedAt: 1_000 };
const IN_OCTETS = COLUMNS.counter.indexOf(0);
const IN_ERRORS = COLUMNS.counter.indexOf(8);
const wideOf = (column: Uint8Array | undefined) => [...new BigUint64Array(Uint8Array.from(column ?? []).buffer)];

describe('rows of samples', () => {
  it('are those of the plan, in the units of the contract', () => {
    const rows = new SampleRows();
    const octets = { 1: [TAG.counter64, 0xffffffff, 3], 2: [TAG.counter64, 8] } as const;
    rows.add(readingOf({ ...upRows(1, 2), [IN_OCTETS]: octets, [IN_ERRORS]: { 2: [TAG.counter32, 4] } }), both, 90);
    const batch = rows.batch(head);
    expect([...unpackUint32(batch.checks)]).toEqual([11, 12]);
    expect([...new Int32Array(Uint8Array.from(batch.read).buffer)]).toEqual([15, 15]);
    expect([...unpackUint32(batch.uptime)]).toEqual([5_000, 5_000]);
    expect([...unpackUint32(batch.broken)]).toEqual([7, 0]);
    expect([...unpackUint32(batch.speed)]).toEqual([1_000, 10]);
    expect([...batch.status]).toEqual([0x11, 0x11]);
    expect([...unpackUint16(batch.present)]).toEqual([0x001, 0x101]);
    expect([...unpackUint16(batch.wide)]).toEqual([0x001, 0x001]);
    expect(wideOf(batch.counters[0])).toEqual([0x3ffffffffn, 8n]);
    expect(wideOf(batch.counters[8])).toEqual([0n, 4n]);
  });

  it('leave out what is not in the plan, and everything where sysUpTime is not told', () => {
    const rows = new SampleRows();
    rows.add(readingOf(upRows(1, 2)), { table, rows: Uint32Array.of(1), checks: Uint32Array.of(12) }, 90);
    expect([...unpackUint32(rows.batch(head).checks)]).toEqual([12]);
    rows.clear();
    rows.add(readingOf(upRows(1, 2), COLUMNS, null), both, 90);
    expect(rows.count).toBe(0);
  });

  it('never show what stood in the same memory before', () => {
    const rows = new SampleRows();
    rows.add(readingOf({ ...upRows(1), [IN_OCTETS]: { 1: [TAG.counter64, 5] } }), one, 90);
    rows.clear();
    rows.add(readingOf({ ...upRows(1), [IN_OCTETS]: { 1: [TAG.octetString, 5] } }), one, 90);
    const batch = rows.batch(head);
    expect([...unpackUint16(batch.present)]).toEqual([0]);
    expect(wideOf(batch.counters[0])).toEqual([0n]);
  });

  it('withhold errors and discards that went back for a reason nobody could find out', () => {
    const reading = readingOf({ ...upRows(1), [IN_OCTETS]: { 1: [TAG.counter64, 5] }, [IN_ERRORS]: { 1: [TAG.counter32, 4] } });
    reading.withholdsWatched = true;
    const rows = new SampleRows();
    rows.add(reading, one, 90);
    expect([...unpackUint16(rows.batch(head).present)]).toEqual([1]);
  });

  it('take 64 bits before 32 where a device has both, and 32 where it has no others', () => {
    const modes = initialModes('2c').map((mode, counter): CounterMode => (counter === 0 ? 'both' : mode));
    const columns = pollColumns(modes, true);
    const [wide = 0, narrow = 0] = [...columns.counter].flatMap((counter, column) => (counter === 0 ? [column] : []));
    const reading = readingOf(
      {
        ...upRows(1, 2),
        [wide]: { 1: [TAG.counter64, 5, 1] },
        [narrow]: { 1: [TAG.counter32, 5], 2: [TAG.counter32, 6] },
        [columns.discontinuity]: { 2: [TAG.timeTicks, 99] },
      },
      columns,
    );
    const rows = new SampleRows();
    rows.add(reading, both, 90);
    const batch = rows.batch(head);
    expect(wideOf(batch.counters[0])).toEqual([0x100000005n, 6n]);
    expect([...unpackUint16(batch.wide)]).toEqual([1, 0]);
    expect([...unpackUint32(batch.broken)]).toEqual([7, 99]);
  });

  it('grow as far as they must', () => {
    const rows = new SampleRows();
    for (let i = 0; i < 3_000; i++) rows.add(readingOf(upRows(1)), { ...one, checks: Uint32Array.of(i + 1) }, 90);
    const checks = unpackUint32(rows.batch(head).checks);
    expect(checks).toHaveLength(3_000);
    expect(checks[2_999]).toBe(3_000);
  });
});
