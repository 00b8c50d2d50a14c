import type { DeviceSeen } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { fitTable } from './table.ts';
import { Waiting } from './waiting.ts';

const seen = (names: readonly string[], more: Partial<DeviceSeen> = {}): DeviceSeen => ({
  type: 'device',
  device: 'n:d',
  seenAt: 1,
  collector: 'c',
  system: { descr: 'Router\u0000OS', objectId: '1.3', name: 'd', location: '', contact: '' },
  digest: '0123456789abcdef',
  interfaces: names.map((name, i) => ({ index: i + 1, name, alias: `a\u0007${i}`, descr: '', type: 6, speed: 0 })),
  ...more,
});

describe('fitTable', () => {
  it('cleans texts and leaves names as they are', () => {
    expect(fitTable(seen(['ge0', 'ge1']), 10)).toMatchObject({
      leftOut: 0,
      body: {
        id: 'n:d',
        system: { descr: 'Router OS' },
        interfaces: [
          { name: 'ge0', alias: 'a 0' },
          { name: 'ge1', alias: 'a 1' },
        ],
      },
    });
  });

  it('leaves out what is no name, what repeats one, and what is too much', () => {
    const table = fitTable(seen(['ge0', '', 'a\u0000b', 'ge0', ' x', 'ge1', 'ge2']), 2);
    expect(table?.body.interfaces.map(({ name }) => name)).toEqual(['ge0', 'ge1']);
    expect(table?.leftOut).toBe(5);
  });

  it('takes the lowest numbers of too many, whatever order they come in', () => {
    const { interfaces } = seen(['a', 'b', 'c']);
    expect(fitTable(seen([], { interfaces: [...interfaces].reverse() }), 2)?.body.interfaces.map(({ index }) => index)).toEqual([1, 2]);
  });

  it.each([
    ['a device the database would refuse', { device: 'n:\u0000' }],
    ['no digest', { digest: 'x\u0000' }],
  ])('refuses %s', (_, more) => {
    expect(fitTable(seen(['ge0'], more), 10)).toBeNull();
  });
});

describe('Waiting', () => {
  const body = (id: string) => ({
    ...(fitTable(seen(['a'], { device: id }), 1)?.body as NonNullable<ReturnType<typeof fitTable>>['body']),
  });

  it('waits for others after the first, but not for ever, and not when many wait', () => {
    const waiting = new Waiting({ gatherMs: 3_000, mostDevices: 3 });
    expect(waiting.due(0)).toBe(false);
    waiting.see(body('a'), 1_000);
    waiting.see(body('b'), 3_900);
    expect([waiting.due(3_999), waiting.due(4_000)]).toEqual([false, true]);
    waiting.settleAgain('c', 3_950);
    expect(waiting.due(3_951)).toBe(true);
  });

  it('takes the last of a device, tables first, no more than may be, and then the rest at once', () => {
    const waiting = new Waiting({ gatherMs: 3_000, mostDevices: 2 });
    waiting.settleAgain('x', 0);
    waiting.see(body('a'), 0);
    waiting.see({ ...body('a'), digest: 'new' }, 1);
    waiting.settleAgain('a', 1);
    waiting.see(body('b'), 1);
    const first = waiting.take();
    expect([[...first.seen.keys()], first.seen.get('a')?.digest, first.again]).toEqual([['a', 'b'], 'new', []]);
    expect(waiting.due(2)).toBe(false);
    expect(waiting.due(3_000)).toBe(true);
    expect(waiting.take()).toEqual({ seen: new Map(), again: ['x'] });
    expect(waiting.due(10_000)).toBe(false);
  });
});
