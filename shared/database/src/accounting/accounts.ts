import { type Account, accountFor, type Interval, type LocalDay, sumAccounts, type TimelineInput, wholeDays } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { sumDailyAccounts } from './days.ts';
import { readJudged, readTimelineInputs } from './inputs.ts';

export interface AccountsQuery {
  readonly objects: readonly string[];
  /** Half-open period, epoch ms; the future is cut off. */
  readonly from: number;
  readonly to: number;
  /** Time zone of the days whose stored accounts may be summed. */
  readonly timeZone: string;
  readonly now: number;
}

export interface Accounts {
  /** By object id; objects never in commission in the period are absent. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** The period really accounted: `to` is cut at `asOf`. */
  readonly from: number;
  readonly to: number;
  /** Up to when the record has been judged. */
  readonly asOf: number;
}

/**
 * Accounts of several objects over a period. Whole days come from the stored daily accounts where all of an object's are
 * there; the rest (parts of days, days not yet or no longer accounted) is computed from the transitions.
 */
export async function readAccounts(db: Queryable, query: AccountsQuery): Promise<Accounts> {
  const judged = await readJudged(db, query.now);
  const period: Interval = { from: query.from, to: Math.max(query.from, Math.min(query.to, judged.asOf)) };
  const days = wholeDays(period.from, period.to, query.timeZone);
  const stored = await sumDailyAccounts(db, query.objects, days, query.timeZone);
  const inputs = await readTimelineInputs(db, query.objects, period, judged);
  const accounts = new Map<string, Account>();
  for (const [id, input] of inputs) {
    const summed = stored.get(id);
    const useful = summed !== undefined && summed.days === daysInCommission(days, input) && input.judgedUntil >= (days.at(-1)?.to ?? 0);
    const parts = useful ? outside(period, days) : [period];
    const computed = parts.map((part) => accountFor({ ...input, ...part }));
    accounts.set(id, useful ? sumAccounts([summed.account, ...computed]) : sumAccounts(computed));
  }
  return { accounts, ...period, asOf: judged.asOf };
}

function daysInCommission(days: readonly LocalDay[], input: TimelineInput): number {
  return days.filter((day) => input.validity.some((span) => span.from < day.to && span.to > day.from)).length;
}

/** What of the period lies before the first and after the last whole day. */
function outside(period: Interval, days: readonly LocalDay[]): Interval[] {
  const [first, last] = [days[0], days[days.length - 1]];
  if (!first || !last) return [period];
  return [
    { from: period.from, to: first.from },
    { from: last.to, to: period.to },
  ].filter((part) => part.to > part.from);
}
