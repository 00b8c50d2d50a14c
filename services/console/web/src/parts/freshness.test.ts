import { describe, expect, it } from 'vitest';
import { judgeFreshness } from './freshness.ts';

const NOW = Date.parse('2026-11-22T03:00:00.000Z');
const ago = (ms: number) => new Date(NOW - ms).toISOString();
const wall = (at: number, judged: number | null, status: 'ok' | 'failed' = 'ok') => ({
  at: ago(at),
  freshness: {
    status,
    judgedUpTo: judged === null ? null : ago(judged),
    newestSampleAt: null,
    findings: { critical: 0, warning: 0 },
  },
});
const live = { connected: true, since: NOW - 60_000 };
const judge = (given: Partial<Parameters<typeof judgeFreshness>[0]>) =>
  judgeFreshness({ wall: wall(1_000, 2_000), now: NOW, failed: false, live, ...given });

describe('whether the wall may be believed', () => {
  it('is fresh when it is, and says up to when it is true', () => {
    expect(judge({})).toEqual({ reason: null, stale: false, asOf: NOW - 2_000 });
  });
  it.each([
    ['an answer that is old', { wall: wall(30_000, 31_000) }, 'old-answer', true],
    ['a node that does not answer any more', { wall: wall(30_000, 31_000), failed: true }, 'unreachable', true],
    ['a question that failed once', { failed: true }, 'unreachable', false],
    ['judging that stands still, whatever the node says of itself', { wall: wall(1_000, 91_000) }, 'judging-behind', true],
    ['nothing judged ever', { wall: wall(1_000, null) }, 'judging-behind', true],
    ['a node that fails', { wall: wall(1_000, 2_000, 'failed') }, 'node-failed', false],
    ['events that do not come in', { live: { connected: false, since: NOW - 6_000 } }, 'not-live', false],
    ['events that come back at once', { live: { connected: false, since: NOW - 1_000 } }, null, false],
  ] as const)('%s', (_name, given, reason, stale) => {
    expect(judge(given)).toMatchObject({ reason, stale });
  });
});
