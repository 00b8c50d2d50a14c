import { describe, expect, it } from 'vitest';
import { BEGINNING, StreamPosition } from './stream-position.ts';

const state = (added: number, length: number) => ({
  added,
  length,
  lastId: added === 0 ? '0-0' : `${added}-0`,
  firstId: length === 0 ? null : `${added - length + 1}-0`,
});

describe('the position in a stream', () => {
  it('loses nothing while all is read before it goes', () => {
    const position = new StreamPosition('5-0', 5);
    expect(position.reconcile(state(8, 8))).toBe(0);
    expect(position.behind(state(8, 8))).toBe(3);
    for (const id of ['6-0', '7-0', '8-0']) position.advance(id);
    expect(position.reconcile(state(8, 2))).toBe(0);
    expect(position.behind(state(8, 2))).toBe(0);
  });

  it('tells what vanished unread, once', () => {
    const position = new StreamPosition('5-0', 5);
    expect(position.reconcile(state(20, 6))).toBe(9);
    expect(position.reconcile(state(20, 6))).toBe(0);
    expect(position.reconcile(state(25, 6))).toBe(5);
    for (const id of [20, 21, 22, 23, 24, 25]) position.advance(`${id}-0`);
    expect(position.reconcile(state(25, 6))).toBe(0);
  });

  it('finds at the end of the stream what vanished between two looks', () => {
    const position = new StreamPosition('5-0', 5);
    // 6 to 9 went after the look, before the read.
    expect(position.reconcile(state(9, 9))).toBe(0);
    for (const id of ['10-0', '11-0']) position.advance(id);
    expect(position.reconcile(state(11, 2))).toBe(4);
  });

  it('does not count what it cannot know, and knows it later', () => {
    const position = new StreamPosition('5-0', null);
    expect(position.reconcile(state(9, 9))).toBe(0);
    expect(position.passed).toBeNull();
    for (const id of ['6-0', '7-0', '8-0', '9-0']) position.advance(id);
    expect(position.reconcile(state(9, 9))).toBe(0);
    expect(position.passed).toBe(9);
    const ahead = new StreamPosition(BEGINNING, null);
    expect(ahead.reconcile(state(9, 4))).toBe(0);
    expect(ahead.behind(state(9, 4))).toBe(4);
  });

  it('begins anew when Redis lost its streams', () => {
    const position = new StreamPosition('100-0', 100);
    expect(position.reconcile(null)).toBe(0);
    expect(position.reconcile(state(3, 3))).toBe(0);
    expect(position.read).toBe(BEGINNING);
    const later = new StreamPosition('100-0', 100);
    expect(later.reconcile({ added: 2, length: 2, lastId: '200-0', firstId: '150-0' })).toBe(0);
    expect(later.read).toBe('100-0');
    expect(later.behind({ added: 2, length: 2, lastId: '200-0', firstId: '150-0' })).toBe(2);
  });

  it('takes for lost only what waited when Redis lost its streams, not what came and was read since', () => {
    const anew = { added: 1, length: 1, lastId: '200-0', firstId: '200-0' };
    const position = new StreamPosition('5-0', 5);
    expect(position.reconcile(state(5, 5))).toBe(0);
    position.advance('200-0');
    expect(position.reconcile(anew)).toBe(0);
    expect(position.passed).toBe(1);
    const behind = new StreamPosition('5-0', 5);
    expect(behind.reconcile(state(8, 8))).toBe(0);
    behind.advance('200-0');
    expect(behind.reconcile(anew)).toBe(2);
    expect(behind.reconcile(anew)).toBe(0);
    const back = new StreamPosition('100-0', 100);
    expect(back.reconcile(state(104, 104))).toBe(0);
    expect(back.reconcile(state(3, 3))).toBe(4);
  });

  it('does not take for lost what was stored and trimmed long ago, when a crash of Redis takes its last second', () => {
    const position = new StreamPosition('100-0', 100);
    expect(position.reconcile(state(98, 10))).toBe(0);
    expect(position.read).toBe(BEGINNING);
    expect(position.passed).toBe(88);
  });

  it('leaves a server that does not count alone', () => {
    const position = new StreamPosition('5-0', null);
    expect(position.reconcile({ ...state(9, 4), added: null })).toBe(0);
    expect(position.behind({ ...state(9, 4), added: null })).toBe(4);
  });
});
