import { describe, expect, it } from 'vitest';
import { drawingOf, samplesOf, wayOf } from './capture-read.ts';

describe('a way', () => {
  it('knows the last hop that answered', () => {
    const hops = [{ ttl: 1, address: '10.0.0.1', rttMs: 1 }, { ttl: 2, address: null, rttMs: null }, 'nonsense'];
    expect(wayOf({ reached: false, by: 'fping', hops })).toMatchObject({
      last: 0,
      reached: false,
      by: 'fping',
      hops: [{ ttl: 1 }, { ttl: 2, note: null }],
    });
  });
  it.each([null, 7, 'x', {}, { hops: 'x' }, []])('is none in %j', (body) => {
    expect(wayOf(body)).toBeNull();
  });
});

describe('samples', () => {
  const minute = 60_000;
  const body = {
    of: 'icmp',
    from: 0,
    to: 10 * minute,
    rtt: [[0, 1, 2, 3], [minute, 1, 2, 4], [5 * minute, 1, 1, 1], ['spoilt']],
    loss: [
      [0, 0, 0, 0],
      [6 * minute, 1, 1, 1],
    ],
  };
  it('are drawn with a break where nothing answered, and a bar where probes were lost', () => {
    const samples = samplesOf(body);
    if (samples?.of !== 'icmp') throw new Error('no samples');
    const drawing = drawingOf(samples, 480, 84);
    expect(drawing.highest).toBe(4);
    expect(drawing.line.match(/M/g)).toHaveLength(2);
    expect(drawing.losses).toEqual([{ x: 478, height: 76 }]);
    expect(JSON.stringify(drawing)).not.toMatch(/NaN|Infinity|null/);
  });
  it('may be empty', () => {
    const samples = samplesOf({ of: 'icmp', from: 0, to: 0, rtt: [], loss: null });
    if (samples?.of !== 'icmp') throw new Error('no samples');
    expect(drawingOf(samples, 480, 84)).toMatchObject({ line: '', band: '', losses: [] });
  });
  it.each([null, {}, { of: 'icmp' }, { of: 'tarot', from: 0, to: 1 }])('are none in %j', (nothing) => {
    expect(samplesOf(nothing)).toBeNull();
  });
});
