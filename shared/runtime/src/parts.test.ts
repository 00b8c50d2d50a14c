import { describe, expect, it } from 'vitest';
import type { Component, Health } from './component.ts';
import { componentOf, worstOf } from './parts.ts';

const part = (name: string, health: Health = { status: 'ok' }, said: string[] = []): Component => ({
  name,
  start: async () => void said.push(`start ${name}`),
  stop: async () => void said.push(`stop ${name}`),
  health: () => health,
});

describe('a component of parts', () => {
  it('starts them in order, stops them in reverse, and closes what they shared last', async () => {
    const said: string[] = [];
    const close = async () => void said.push('close');
    const whole = componentOf('whole', [part('a', { status: 'ok' }, said), part('b', { status: 'ok' }, said)], { close });
    await whole.start();
    await whole.stop();
    expect(said).toEqual(['start a', 'start b', 'stop b', 'stop a', 'close']);
  });

  it.each<[string, readonly Component[], Health]>([
    ['well without parts', [], { status: 'ok' }],
    ['well when all are', [part('a', { status: 'ok', detail: 'idle' }), part('b')], { status: 'ok' }],
    ['starting while one is', [part('a'), part('b', { status: 'starting' })], { status: 'starting', detail: 'b: starting' }],
    [
      'as bad as the worst, with all that is wrong',
      [part('a', { status: 'failed', detail: 'no pass' }), part('b'), part('c', { status: 'degraded', detail: 'refused' })],
      { status: 'failed', detail: 'a: no pass; c: refused' },
    ],
  ])('is %s', (_, parts, expected) => {
    expect(worstOf(parts)).toEqual(expected);
    expect(componentOf('whole', parts).health()).toEqual(expected);
  });
});
