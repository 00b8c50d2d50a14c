import { describe, expect, it } from 'vitest';
import type { TailEvent } from './events.ts';
import { RecentEvents } from './recent.ts';

const event = (sequence: number): TailEvent => ({ sequence, type: 'state', division: null, text: '', named: null });
const span = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => event(from + n + 1));
const numbers = ({ events, next }: { events: readonly TailEvent[]; next: number }) => [events.map(({ sequence }) => sequence), next];

describe('recent events', () => {
  it('are given from a place on, in parts, up to an end', () => {
    const recent = new RecentEvents(100);
    recent.reset(10);
    // 13 to 15 are no news to clients.
    recent.append([event(11), event(12), event(16)], 17);
    expect(numbers(recent.slice(10, 17, 10))).toEqual([[11, 12, 16], 17]);
    expect(numbers(recent.slice(10, 17, 2))).toEqual([[11, 12], 12]);
    expect(numbers(recent.slice(12, 17, 2))).toEqual([[16], 17]);
    expect(numbers(recent.slice(13, 15, 2))).toEqual([[], 15]);
    expect(numbers(recent.slice(17, 17, 2))).toEqual([[], 17]);
  });

  it('go back as far as was put before them', () => {
    const recent = new RecentEvents(100);
    recent.reset(10);
    recent.append(span(10, 12), 12);
    recent.prepend([event(7), event(9)], 5);
    expect([recent.from, recent.to]).toEqual([5, 12]);
    expect(numbers(recent.slice(5, 11, 10))).toEqual([[7, 9, 11], 11]);
  });

  it('make room for newer ones, and then begin later', () => {
    const recent = new RecentEvents(8);
    recent.reset(0);
    for (let at = 0; at < 30; at++) recent.append(span(at, at + 1), at + 1);
    expect(recent.to).toBe(30);
    expect(30 - recent.from).toBeLessThanOrEqual(10);
    expect(30 - recent.from).toBeGreaterThanOrEqual(8);
    expect(numbers(recent.slice(recent.from, 30, 100))).toEqual([span(recent.from, 30).map(({ sequence }) => sequence), 30]);
  });
});
