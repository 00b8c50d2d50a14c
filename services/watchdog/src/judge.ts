import { type SelfFacts, type SelfFinding, type SelfStatus, timestamp } from '@beacontower/contracts';
import type { SelfLimits } from './config.ts';
import { federation } from './judge-federation.ts';
import { type FoundCode, wordsOf } from './words.ts';

/** What a rule found: `figure` is the number or name its words need. */
export interface Found {
  readonly code: FoundCode;
  readonly severity: SelfFinding['severity'];
  readonly subject: string | null;
  readonly figure: string;
}

/** Roles without which nobody looks, judges or tells. Without the others the watch goes on. */
const VITAL = /^(scheduler|pipeline|alerting|collector-.+)$/;
const ORDER = ['ok', 'starting', 'degraded', 'failed'] as const;
/** So many rounds must have come due before none of them having run means something. */
const ENOUGH_ROUNDS = 2;

/**
 * What is wrong, critical things first. `before` are the findings of the look before: what was found then keeps the time at which it
 * was first found. `awaited` are roles that may still be starting: their silence is no finding yet. Pure: the same facts give the same
 * findings.
 */
export function judgeSelf(
  facts: SelfFacts,
  limits: SelfLimits,
  at: number,
  before: readonly SelfFinding[],
  awaited: ReadonlySet<string> = new Set(),
): SelfFinding[] {
  const found = [
    ...silence(facts),
    ...roles(facts, awaited),
    ...rounds(facts, limits),
    ...judging(facts, limits),
    ...samples(facts, limits),
    ...alerts(facts, limits),
    ...hosts(facts, limits),
    ...federation(facts, limits),
  ];
  const known = new Map(before.map((finding) => [keyOf(finding), finding.since]));
  return found
    .map(({ code, severity, subject, figure }) => ({
      code,
      severity,
      subject,
      text: wordsOf(code, subject, figure),
      since: known.get(keyOf({ code, subject })) ?? timestamp(at),
    }))
    .sort((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'));
}

/**
 * How the node is as a whole. Without a critical finding it is still `starting` until each part of the way has been seen to work:
 * every role it cannot do without is heard, somebody took a round, a tick was closed, a judge committed.
 */
export function statusOf(facts: SelfFacts | null, findings: readonly SelfFinding[]): SelfStatus {
  if (facts === null || findings.some(({ severity }) => severity === 'critical')) return 'failed';
  if (facts.silentRoles.some((role) => VITAL.test(role))) return 'starting';
  const watches = (facts.ticks?.shards ?? 0) > 0;
  const seen = facts.rounds.some(({ run }) => run > 0) && facts.ticks?.newestAgeMs != null && facts.record?.newestCommitAgeMs != null;
  if (watches && !seen) return 'starting';
  // No plan is only then no fault when a scheduler that is well has found nothing to plan.
  if (!watches && !facts.roles.some(({ role, status }) => role === 'scheduler' && status === 'ok')) return 'starting';
  if (facts.roles.some(({ role, status }) => VITAL.test(role) && status === 'starting')) return 'starting';
  return findings.length > 0 ? 'degraded' : 'ok';
}

/** Whether the world outside may be told that this node watches. */
export function mayBeat(status: SelfStatus): boolean {
  return status === 'ok' || status === 'degraded';
}

function keyOf({ code, subject }: Pick<SelfFinding, 'code' | 'subject'>): string {
  return `${code} ${subject ?? ''}`;
}

const critical = (code: FoundCode, subject: string | null, figure: string | number = ''): Found => ({
  code,
  severity: 'critical',
  subject,
  figure: String(figure),
});
const warning = (code: FoundCode, subject: string | null, figure: string | number = ''): Found => ({
  ...critical(code, subject, figure),
  severity: 'warning',
});
const seconds = (ms: number) => String(Math.round(ms / 1_000));

function silence(facts: SelfFacts): Found[] {
  // Without Redis nothing is known of the rest: one finding, not one for each role.
  if (facts.ticks === null) return [critical('redis-silent', null)];
  return facts.record === null ? [critical('database-silent', null)] : [];
}

function roles(facts: SelfFacts, awaited: ReadonlySet<string>): Found[] {
  if (facts.ticks === null) return [];
  const silent = facts.silentRoles
    .filter((role) => !awaited.has(role))
    .map((role) => (VITAL.test(role) ? critical : warning)('role-silent', role));
  const unwell = [...new Set(facts.roles.map(({ role }) => role))].flatMap((role) => {
    const said = facts.roles.filter((each) => each.role === role).sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
    const best = said[0];
    // Of several instances the best one counts: a role works when one of them does its work.
    if (best?.status === 'failed') return [(VITAL.test(role) ? critical : warning)('role-failed', role, best.detail ?? '')];
    const bad = said.findLast(({ status }) => status === 'degraded' || status === 'failed');
    return bad ? [warning('role-degraded', `${role} (${bad.instance})`, bad.detail ?? bad.status)] : [];
  });
  return [...silent, ...unwell];
}

function rounds(facts: SelfFacts, limits: SelfLimits): Found[] {
  const { ticks } = facts;
  if (ticks === null) return [];
  const seeing = facts.rounds.filter(({ run, blind }) => run > blind);
  const each = facts.rounds.flatMap(({ kind, zone, due, run, blind, missed }) => {
    const name = `${kind} ${zone}`;
    return [
      ...(due >= ENOUGH_ROUNDS && run === 0 ? [critical('rounds-not-run', name, due)] : []),
      ...(missed > 0 ? [warning('rounds-missed', name, missed)] : []),
      // One vantage that is blind is a cut of that place; when none sees, nobody looks at anything.
      ...(blind > 0 && blind === run ? [(seeing.length === 0 ? critical : warning)('vantage-blind', name, blind)] : []),
    ];
  });
  const late = ticks.worstOverdueMs > limits.tickOverdueMs ? [critical('ticks-overdue', null, seconds(ticks.worstOverdueMs))] : [];
  const waiting = (facts.queues ?? [])
    .filter(({ queue, waiting: count }) => queue.startsWith('rounds-') && count > limits.waitingPerShard * Math.max(10, ticks.shards))
    .map(({ queue, waiting: count }) => warning('rounds-waiting', queue, count));
  return [...late, ...each, ...waiting];
}

function judging(facts: SelfFacts, limits: SelfLimits): Found[] {
  const { record, streams, ticks } = facts;
  if (record === null || ticks === null || ticks.shards === 0) return [];
  const age = record.newestCommitAgeMs;
  if (age !== null && age > limits.commitAgeMs) return [critical('judging-stalled', null, seconds(age))];
  const lag = streams?.find(({ stream }) => stream === 'observations')?.lagMs ?? 0;
  return lag > limits.observationsLagMs ? [critical('judging-behind', null, seconds(lag))] : [];
}

// Samples delay no alert and falsify no figure: what is wrong with them is never critical.
function samples(facts: SelfFacts, limits: SelfLimits): Found[] {
  const lag = facts.streams?.find(({ stream }) => stream === 'samples')?.lagMs ?? 0;
  const { store } = facts;
  return [
    ...(lag > limits.samplesLagMs ? [warning('samples-behind', null, seconds(lag))] : []),
    ...(store && store.failures > 0 ? [warning('store-failing', store.engine, store.failures)] : []),
    ...(store && store.dropped > 0 ? [warning('samples-dropped', null, store.dropped)] : []),
  ];
}

function alerts(facts: SelfFacts, limits: SelfLimits): Found[] {
  const { record } = facts;
  if (record === null) return [];
  const worst = Math.max(record.undispatchedAgeMs, record.overdueDeliveryMs);
  return [
    ...(worst > limits.alertsLagMs ? [critical('alerts-stuck', null, seconds(worst))] : []),
    ...(record.deadDeliveries > 0 ? [warning('deliveries-dead', null, record.deadDeliveries)] : []),
  ];
}

const mebibytes = (bytes: number) => String(Math.floor(bytes / 1_048_576));

function hosts(facts: SelfFacts, limits: SelfLimits): Found[] {
  const { clock, disk, redis } = facts;
  const off = clock !== null && Math.abs(clock.offsetMs) > limits.clockMs ? [warning('clock-differs', null, clock.offsetMs)] : [];
  const ahead = (clock?.ahead ?? [])
    .filter(({ aheadMs }) => aheadMs > limits.clockMs)
    .map(({ instance, aheadMs }) => warning('clock-differs', instance, aheadMs));
  const room =
    disk === null || disk.freeBytes >= limits.diskWarningBytes
      ? []
      : [(disk.freeBytes < limits.diskCriticalBytes ? critical : warning)('disk-low', null, mebibytes(disk.freeBytes))];
  const memory =
    redis === null
      ? []
      : [
          ...(redis.evicts ? [warning('redis-evicts', null)] : []),
          ...(redis.persistenceFails ? [warning('redis-not-persisting', null)] : []),
          ...(redis.limitBytes !== null && redis.usedBytes > redis.limitBytes * limits.redisShare
            ? [warning('redis-full', null, mebibytes(redis.limitBytes))]
            : []),
        ];
  return [...off, ...ahead, ...room, ...memory];
}
