import { type SelfFacts, SelfFinding } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { WATCHDOG_DEFAULTS } from './config.ts';
import { workingFacts } from './facts.fixture.ts';
import { judgeSelf, mayBeat, statusOf } from './judge.ts';

const { limits } = WATCHDOG_DEFAULTS;
const NOW = Date.UTC(2026, 10, 22, 5);
const judge = (change: Partial<SelfFacts>) => {
  const facts = workingFacts(change);
  const findings = judgeSelf(facts, limits, NOW, []);
  return { findings, status: statusOf(facts, findings) };
};
const [icmp] = workingFacts().rounds;
const record = workingFacts().record;
const redis = workingFacts().redis;
if (!icmp || !record || !redis) throw new TypeError('the fixture has no rounds, record or Redis');
const without = (role: string, status: 'failed' | 'degraded' | 'starting') =>
  workingFacts().roles.map((each) => (each.role === role ? { ...each, status, detail: 'why' } : each));

describe('judging the node itself', () => {
  it('finds nothing wrong with a node that works', () => {
    expect(judge({})).toEqual({ findings: [], status: 'ok' });
  });

  it.each<[string, string, string | null, Partial<SelfFacts>]>([
    ['Redis does not answer', 'redis-silent', null, { ticks: null, streams: null, queues: null, redis: null, clock: null, roles: [] }],
    ['PostgreSQL does not answer', 'database-silent', null, { record: null }],
    ['a collector is dead', 'role-silent', 'collector-icmp', { silentRoles: ['collector-icmp'] }],
    ['the only judge has failed', 'role-failed', 'pipeline', { roles: without('pipeline', 'failed') }],
    ['ticks are not closed', 'ticks-overdue', null, { ticks: { shards: 8, newestAgeMs: 60_000, worstOverdueMs: 40_000 } }],
    ['a collector takes no round', 'rounds-not-run', 'icmp centre', { rounds: [{ ...icmp, run: 0 }] }],
    ['no vantage sees', 'vantage-blind', 'icmp centre', { rounds: [{ ...icmp, blind: 12 }] }],
    ['nobody commits', 'judging-stalled', null, { record: { ...record, newestCommitAgeMs: 61_000 } }],
    ['judging lags', 'judging-behind', null, { streams: [{ stream: 'observations', entries: 900, lagMs: 90_000, known: true }] }],
    ['changes have no place in the log', 'alerts-stuck', null, { record: { ...record, undispatchedAgeMs: 61_000 } }],
    ['a delivery is not sent', 'alerts-stuck', null, { record: { ...record, overdueDeliveryMs: 61_000 } }],
    ['the disk is full', 'disk-low', null, { disk: { freeBytes: 1_000, totalBytes: 2 ** 40 } }],
  ])('%s: critical, and no heartbeat', (_, code, subject, change) => {
    const { findings, status } = judge(change);
    expect(findings.map((each) => [each.code, each.severity, each.subject])).toEqual([[code, 'critical', subject]]);
    expect(status).toBe('failed');
    expect(mayBeat(status)).toBe(false);
    expect(SelfFinding.parse(findings[0]).text.zh).toMatch(/[\u4e00-\u9fff]/);
  });

  it.each<[string, string, Partial<SelfFacts>]>([
    ['rounds were missed', 'rounds-missed', { rounds: [{ ...icmp, missed: 1, late: 1 }] }],
    ['rounds pile up', 'rounds-waiting', { queues: [{ queue: 'rounds-icmp-centre', waiting: 999, active: 1, delayed: 0, failed: 0 }] }],
    ['one vantage of two is blind', 'vantage-blind', { rounds: [icmp, { ...icmp, zone: 'north', blind: 12 }] }],
    ['samples lag', 'samples-behind', { streams: [{ stream: 'samples', entries: 900, lagMs: 600_000, known: true }] }],
    ['the API is silent', 'role-silent', { silentRoles: ['api'] }],
    ['a role is not well', 'role-degraded', { roles: without('scheduler', 'degraded') }],
    ['deliveries were given up', 'deliveries-dead', { record: { ...record, deadDeliveries: 2 } }],
    ['this clock differs', 'clock-differs', { clock: { offsetMs: -1_500, ahead: [] } }],
    ["another's clock differs", 'clock-differs', { clock: { offsetMs: 0, ahead: [{ instance: 'b', aheadMs: 5_000 }] } }],
    ['the disk fills up', 'disk-low', { disk: { freeBytes: 2 ** 30, totalBytes: 2 ** 40 } }],
    ['Redis may evict', 'redis-evicts', { redis: { ...redis, evicts: true } }],
    ['Redis is nearly full', 'redis-full', { redis: { ...redis, usedBytes: 95, limitBytes: 100 } }],
    ['Redis cannot write', 'redis-not-persisting', { redis: { ...redis, persistenceFails: true } }],
  ])('%s: a warning, and the heartbeat goes on', (_, code, change) => {
    const { findings, status } = judge(change);
    expect(findings.map((each) => [each.code, each.severity])).toEqual([[code, 'warning']]);
    expect(status).toBe('degraded');
    expect(mayBeat(status)).toBe(true);
  });

  it('lets the best of several instances speak for a role, and still names the bad one', () => {
    const roles = [...workingFacts().roles, { role: 'pipeline', instance: 'b', status: 'failed' as const, detail: 'why', ageMs: 1 }];
    expect(judge({ roles }).findings).toMatchObject([{ code: 'role-degraded', severity: 'warning', subject: 'pipeline (b)' }]);
  });

  it('does not take one round that is not yet done for a dead collector', () => {
    expect(judge({ rounds: [{ ...icmp, due: 1, run: 0 }] }).status).toBe('starting');
  });

  it('is starting until a round was run, a tick closed and a judgement committed', () => {
    expect(judge({ rounds: [] }).status).toBe('starting');
    expect(judge({ ticks: { shards: 8, newestAgeMs: null, worstOverdueMs: 0 } }).status).toBe('starting');
    expect(judge({ record: { ...record, newestCommitAgeMs: null } }).status).toBe('starting');
    expect(judge({ roles: without('alerting', 'starting') }).status).toBe('starting');
    expect(mayBeat('starting')).toBe(false);
  });

  it('waits for roles that may still be starting, and does not beat meanwhile', () => {
    const facts = workingFacts({ silentRoles: ['collector-icmp', 'recorder'] });
    const awaited = judgeSelf(facts, limits, NOW, [], new Set(['collector-icmp', 'recorder']));
    expect([awaited, statusOf(facts, awaited)]).toEqual([[], 'starting']);
    // A role without which the watch goes on holds nothing up.
    const idle = workingFacts({ silentRoles: ['recorder'] });
    expect(statusOf(idle, judgeSelf(idle, limits, NOW, [], new Set(['recorder'])))).toBe('ok');
  });

  it('a node that watches nothing yet needs no rounds to be well', () => {
    const nothing = { shards: 0, newestAgeMs: null, worstOverdueMs: 0 };
    const empty = { ticks: nothing, rounds: [], record: { ...record, newestCommitAgeMs: null } };
    expect(judge(empty).status).toBe('ok');
    // But a scheduler that cannot read the inventory has no plans either.
    expect(judge({ ...empty, roles: without('scheduler', 'degraded') }).status).toBe('starting');
    expect(judge({ ...empty, roles: without('scheduler', 'starting') }).status).toBe('starting');
  });

  it('keeps since when something is so, while its figures change', () => {
    const facts = workingFacts({ silentRoles: ['scheduler'] });
    const first = judgeSelf(facts, limits, NOW, []);
    const again = judgeSelf({ ...facts, rounds: [{ ...icmp, missed: 3 }] }, limits, NOW + 60_000, first);
    expect(again.map(({ code, since }) => [code, since])).toEqual([
      ['role-silent', '2026-11-22T05:00:00.000Z'],
      ['rounds-missed', '2026-11-22T05:01:00.000Z'],
    ]);
  });
});
