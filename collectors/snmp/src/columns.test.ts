import { INTERFACE_COUNTERS } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { COUNTER_SOURCES, incomplete, initialModes, OIDS, pollColumns, settleMode } from './columns.ts';

describe('the columns of a poll', () => {
  it('are status and twelve counters, of which the 64-bit ones need no other witness', () => {
    const columns = pollColumns(initialModes('2c'), true);
    expect(columns.oids).toHaveLength(14);
    expect([...columns.wide].filter(Boolean)).toHaveLength(8);
    expect([...columns.watched].filter(Boolean)).toHaveLength(4);
    expect(columns.discontinuity).toBe(-1);
    expect(columns.oids[2]?.text).toBe('1.3.6.1.2.1.31.1.1.1.6');
  });

  it('are of 32 bits in v1, with the time of discontinuity where there is one', () => {
    const columns = pollColumns(initialModes('1'), true);
    expect([...columns.wide].some(Boolean)).toBe(false);
    expect(columns.oids.at(columns.discontinuity)).toBe(OIDS.ifCounterDiscontinuityTime);
    expect(pollColumns(initialModes('1'), false).discontinuity).toBe(-1);
  });

  it('know each counter by its place in the contract', () => {
    const bySource = (name: (typeof INTERFACE_COUNTERS)[number]) => COUNTER_SOURCES[INTERFACE_COUNTERS.indexOf(name)];
    expect(bySource('inOctets')?.narrow.text).toBe('1.3.6.1.2.1.2.2.1.10');
    expect(bySource('outBroadcast')?.wide?.text).toBe('1.3.6.1.2.1.31.1.1.1.13');
    expect(bySource('outErrors')?.narrow.text).toBe('1.3.6.1.2.1.2.2.1.20');
    expect(bySource('inDiscards')?.narrow.text).toBe('1.3.6.1.2.1.2.2.1.13');
  });
});

describe('falling back, counter by counter', () => {
  it('is thought of where a 64-bit column lacks rows', () => {
    const modes = initialModes('2c');
    expect(incomplete(modes, [9, 10, 10, 10, 0, 10, 10, 10, 0, 0, 0, 0], 10)).toEqual([0, 4]);
    expect(incomplete(['narrow', ...modes.slice(1)], [0, 10, 10, 10, 10, 10, 10, 10, 0, 0, 0, 0], 10)).toEqual([]);
  });
  it.each([
    [0, 10, 'narrow'],
    [0, 0, 'none'],
    [6, 10, 'both'],
    [6, 6, 'wide'],
    [6, 0, 'wide'],
  ] as const)('%i rows of 64 bits and %i of 32: %s', (wide, narrow, mode) => {
    expect(settleMode(wide, narrow)).toBe(mode);
  });
});
