import { type SelfFinding, SelfReport, timestamp } from '@beacontower/contracts';
import type { RouteContext } from './context.ts';
import { within } from './within.ts';

const ASK_MS = 2_000;
/** What a watchdog said longer ago than this is not believed any more; it looks every five seconds. */
const BELIEVED_MS = 30_000;

/** What the node's watchdogs last said of it; when none can be heard, that. */
export async function readSelf({ redis, keys, clock }: Pick<RouteContext, 'redis' | 'keys' | 'clock'>): Promise<SelfReport> {
  const now = clock.now();
  // Commands wait for a lost connection to return: what is not connected is not asked.
  const answers = redis.status === 'ready' ? await within(ASK_MS, redis.hvals(keys.self)).catch(() => null) : null;
  if (answers === null) return alone(now, REDIS_SILENT);
  const reports = answers.flatMap((text) => parse(text) ?? []);
  const newest = reports.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
  if (newest === undefined) return alone(now, WATCHDOG_SILENT);
  const age = now - Date.parse(newest.at);
  if (age <= BELIEVED_MS) return newest;
  const finding = { ...WATCHDOG_SILENT, since: newest.at };
  return { ...newest, status: 'failed', findings: [finding, ...newest.findings] };
}

type Said = Omit<SelfFinding, 'since'>;
const WATCHDOG_SILENT: Said = {
  code: 'watchdog-silent',
  severity: 'critical',
  subject: null,
  text: {
    zh: '没有自监测进程的消息：节点状况未知，请检查角色 watchdog',
    en: 'no watchdog has spoken lately: how the node is, is not known; look at the role watchdog',
  },
};
const REDIS_SILENT: Said = {
  code: 'redis-silent',
  severity: 'critical',
  subject: null,
  text: {
    zh: 'Redis 不应答：轮次无法下发，观测无法上送',
    en: 'Redis does not answer: no rounds are given out and no observations arrive',
  },
};

/** What the API can say when no watchdog can be heard. */
function alone(now: number, finding: Said): SelfReport {
  const at = timestamp(now);
  return { at, node: null, status: 'failed', findings: [{ ...finding, since: at }], facts: null, heartbeat: null };
}

function parse(text: string): SelfReport | undefined {
  try {
    return SelfReport.parse(JSON.parse(text));
  } catch {
    // Of another version of ours, while an update goes round: another will speak.
    return undefined;
  }
}
