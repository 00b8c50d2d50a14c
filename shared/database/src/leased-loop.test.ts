import { createLogger, type LoopResult } from '@beacontower/runtime';
import { waitFor } from '@beacontower/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { FencedOut, type Lease } from './lease.ts';
import { LeasedLoop, type LeasedWork, type Turn } from './leased-loop.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const leaseOf = (epoch: number): Lease => ({ name: 'work', holder: 'test', epoch });
const loops: LeasedLoop[] = [];
afterEach(async () => {
  for (const loop of loops.splice(0)) await loop.stop();
});

/** A loop whose lease is given and taken by hand, and what it did. */
async function startLoop(pass: (turn: Turn, said: string[]) => LoopResult, work: Partial<LeasedWork> = {}) {
  const said: string[] = [];
  const lease: { held?: Lease | undefined; tell?: () => void } = {};
  const leases = {
    held: () => lease.held,
    lost: (name: string) => {
      said.push(`lost ${name}`);
      lease.held = undefined;
    },
    whenGained: (_: string, tell: () => void) => {
      lease.tell = tell;
      return () => void said.push('unsubscribed');
    },
  };
  const whole: LeasedWork = {
    name: 'test',
    lease: 'work',
    pauseMs: 600_000,
    failurePauseMs: 1,
    pass: async (turn) => pass(turn, said),
    forget: () => void said.push('forget'),
    ...work,
  };
  const loop = new LeasedLoop(whole, { leases, logger, onFailure: (name) => void said.push(`failure of ${name}`) });
  loops.push(loop);
  await loop.start();
  return {
    said,
    loop,
    gain(epoch: number) {
      lease.held = leaseOf(epoch);
      lease.tell?.();
    },
    says: (...expected: string[]) => waitFor(() => expected.every((line) => said.includes(line)), { what: `${expected} in ${said}` }),
  };
}

describe('a loop under a lease', () => {
  it('makes no pass without it, settles what was inherited once all the same, and begins when it is gained', async () => {
    let settled = 0;
    const settleInherited = async () => void settled++;
    const { gain, says, said, loop } = await startLoop(
      ({ lease }, said) => {
        said.push(`pass ${lease.epoch}`);
        return 'pause';
      },
      { settleInherited, detail: () => 'all well' },
    );
    await waitFor(() => settled === 1);
    expect(said).toEqual([]);
    expect(loop.health()).toEqual({ status: 'ok', detail: 'another process holds the lease' });
    gain(1);
    await says('pass 1');
    expect(loop.health()).toEqual({ status: 'ok', detail: 'all well' });
    // It was lost and gained again between two passes.
    gain(3);
    await says('pass 3');
    expect(said).toEqual(['forget', 'pass 1', 'forget', 'pass 3']);
    expect(settled).toBe(1);
  });

  it('lets go of it when another was faster, which is no failure', async () => {
    const { gain, says, said, loop } = await startLoop(({ lease }, said) => {
      said.push(`pass ${lease.epoch}`);
      if (lease.epoch === 1) throw new FencedOut('work');
      return 'pause';
    });
    gain(1);
    await says('lost work');
    expect(loop.health().status).toBe('ok');
    gain(2);
    await says('pass 2');
    expect(said).toEqual(['forget', 'pass 1', 'lost work', 'forget', 'forget', 'pass 2']);
  });

  it('counts what fails, forgets, tries again, and is unwell until a pass was whole', async () => {
    let passes = 0;
    const { gain, says, said, loop } = await startLoop((_, said) => {
      passes++;
      if (passes === 1) throw new Error('no answer');
      said.push(`unwell: ${loop.health().detail}`);
      return 'pause';
    });
    gain(1);
    await says('unwell: no answer');
    await waitFor(() => loop.health().status === 'ok');
    expect(said).toEqual(['forget', 'forget', 'failure of test', 'forget', 'unwell: no answer']);
  });

  it('tells of a fault that did not end its pass until a pass had none', async () => {
    let passes = 0;
    const { gain, says, said, loop } = await startLoop(({ fault }, said) => {
      passes++;
      if (passes === 1) fault(new Error('one of them'));
      said.push(`pass ${passes}`);
      return 'pause';
    });
    gain(1);
    await waitFor(() => loop.health().status === 'degraded');
    expect(loop.health()).toEqual({ status: 'degraded', detail: 'one of them' });
    expect(said).toContain('failure of test');
    gain(1);
    await says('pass 2');
    await waitFor(() => loop.health().status === 'ok');
  });

  it('ends its listening before it stops, and forgets', async () => {
    const heard: { wake?: () => void } = {};
    const { says, said, loop, gain } = await startLoop(
      (_, said) => {
        said.push('pass');
        return 'pause';
      },
      {
        listen: async (wake) => {
          heard.wake = wake;
          return async () => void said.push('deaf');
        },
      },
    );
    gain(1);
    await says('pass');
    heard.wake?.();
    await waitFor(() => said.filter((line) => line === 'pass').length >= 2);
    await loop.stop();
    expect(said.slice(-3)).toEqual(['unsubscribed', 'deaf', 'forget']);
  });
});
