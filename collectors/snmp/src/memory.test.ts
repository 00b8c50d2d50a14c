import { describe, expect, it } from 'vitest';
import { DeviceMemory, hasRestarted, sameRows } from './memory.ts';
import { makeTable } from './names.ts';
import type { Conversation } from './wire/port.ts';

const none = () => Promise.reject(new Error('nothing is asked here'));
const conversation: Conversation = { get: none, bulk: none, list: none, end: () => undefined };
const asked = { address: '192.0.2.1', port: 161, version: '2c' } as const;
const table = makeTable({ descr: '', objectId: '', name: '', location: '', contact: '' }, new Map());
const indexes = Uint32Array.of(1, 2);
const seen = { uptime: 5_000, at: 1_000, lastChange: 7, indexes };

function named(): DeviceMemory {
  const memory = new DeviceMemory(conversation, 'x', asked, 600_000);
  memory.named(table, seen, 1_000);
  return memory;
}

describe('when names are read', () => {
  it('at first sight', () => {
    expect(new DeviceMemory(conversation, 'x', asked, 600_000).namesDue(seen, 0)).toBe('first');
  });
  it.each([
    ['not while nothing changes', { ...seen, uptime: 11_000 }, 61_000, null],
    ['after a restart', { ...seen, uptime: 300 }, 61_000, 'restarted'],
    ['after a restart soon after a start', { ...seen, uptime: 5_400 }, 61_000, 'restarted'],
    ['after a restart in a long silence', { ...seen, uptime: 29_000 }, 361_000, 'restarted'],
    ['not for a clock of the device that is slow', { ...seen, uptime: 10_500 }, 61_000, null],
    ['not where the device was up before it was seen', { ...seen, uptime: 60_000 }, 301_000, null],
    ['not for a jitter of sysUpTime', { ...seen, uptime: 4_950 }, 1_100, null],
    ['when ifTableLastChange is another', { ...seen, uptime: 11_000, lastChange: 8 }, 61_000, 'changed'],
    ['when a row is another', { ...seen, uptime: 11_000, indexes: Uint32Array.of(1, 3) }, 61_000, 'changed'],
    ['when a row is new', { ...seen, uptime: 11_000, indexes: Uint32Array.of(1, 2, 3) }, 61_000, 'changed'],
    ['after a while', { ...seen, uptime: 80_000 }, 1_000 + 600_000 * 1.25, 'old'],
  ])('%s', (_, now, at, due) => {
    expect(named().namesDue({ ...now, at }, at)).toBe(due);
  });
  it('goes by the last sysUpTime seen, not by that of the names', () => {
    const memory = named();
    memory.saw({ uptime: 90_000, at: 60_000 });
    expect(memory.namesDue({ ...seen, uptime: 50_000, at: 61_000 }, 61_000)).toBe('restarted');
  });
  it('again when they were forgotten', () => {
    const memory = named();
    memory.forgetNames();
    expect(memory.namesDue(seen, 2_000)).toBe('first');
  });
});

it('a device that does not tell its sysUpTime cannot be seen to restart', () => {
  expect(hasRestarted({ uptime: null, at: 0 }, { uptime: 5, at: 60_000 })).toBe(false);
  expect(hasRestarted({ uptime: 5_000, at: 0 }, { uptime: null, at: 60_000 })).toBe(false);
});

it('rows are the same when every index is', () => {
  expect(sameRows(indexes, Uint32Array.of(1, 2))).toBe(true);
  expect(sameRows(indexes, Uint32Array.of(1))).toBe(false);
});
