/** Which days of a month an object's account covers, and what they come to. Pure. */
import { type Account, addAccounts, EMPTY_ACCOUNT, type Interval } from '@beacontower/domain';
import { sameAccount, servedAccount, subtractAccount } from './columns.ts';
import { accountsOf, type ObjectFacts } from './facts.ts';
import type { AccountedDay, AccountedMonth } from './months.ts';

/** One day that was not wholly and exactly up, by one basis. */
export interface DayAccount {
  readonly day: string;
  readonly account: Account;
}

/** What days of a month add to an object's account. */
export interface MonthAddition {
  /** The days added. */
  readonly bits: number;
  readonly experienced: Account;
  /** The responsible account of these days less the experienced one; null: the same. */
  readonly difference: Account | null;
  /** Days not wholly up. */
  readonly days: readonly DayAccount[];
  /** Days whose responsible account is another than the experienced one. */
  readonly responsibleDays: readonly DayAccount[];
}

/**
 * Accounts the days of a month that end by `until` and are not among `known`. Days follow one another without a gap: one that cannot
 * be accounted yet (not judged, an outage that may yet be charged otherwise) holds up those after it.
 */
export function accountMonth(facts: ObjectFacts, month: AccountedMonth, known: number, until: number): MonthAddition {
  const due = dueDays(facts, month, until);
  const busy = busyDays(facts, month);
  let bits = 0;
  let experienced = EMPTY_ACCOUNT;
  let difference: Account | null = null;
  let [totalMs, countedMs] = [0, 0];
  const days: DayAccount[] = [];
  const responsibleDays: DayAccount[] = [];
  for (const day of due) {
    if ((known & (1 << day.bit)) !== 0) continue;
    bits |= 1 << day.bit;
    if ((busy & (1 << day.bit)) === 0) {
      totalMs += day.to - day.from;
      countedMs += day.countedMs;
      continue;
    }
    const both = accountsOf(facts, day, month.counted);
    experienced = addAccounts(experienced, both.experienced);
    if (!sameAccount(both.experienced, servedAccount(day.to - day.from, day.countedMs)))
      days.push({ day: day.day, account: both.experienced });
    if (sameAccount(both.experienced, both.responsible)) continue;
    responsibleDays.push({ day: day.day, account: both.responsible });
    difference = addAccounts(difference ?? EMPTY_ACCOUNT, subtractAccount(both.responsible, both.experienced));
  }
  return { bits, experienced: addAccounts(experienced, servedAccount(totalMs, countedMs)), difference, days, responsibleDays };
}

/** The days of the month in commission that can be accounted, up to the first that cannot. */
function dueDays({ versions, judgedUntil, unsettled }: ObjectFacts, month: AccountedMonth, until: number): AccountedDay[] {
  const limit = Math.min(until, judgedUntil, ...unsettled.map((span) => span.from));
  return month.days.filter((day) => day.to <= limit && versions.some((version) => version.from < day.to && version.to > day.from));
}

/** The days that may be anything else than wholly and exactly up; a superset. */
function busyDays({ transitions, versions, exclusions, foreign }: ObjectFacts, month: AccountedMonth): number {
  let bits = 0;
  const mark = (span: Interval) => {
    bits |= daysTouching(month, span);
  };
  let since = Number.MIN_SAFE_INTEGER;
  let state = transitions[0]?.from ?? 'unknown';
  for (const { edge, to } of transitions) {
    if (state !== 'up') mark({ from: since, to: edge.at });
    mark({ from: edge.earliest, to: edge.latest + 1 });
    [since, state] = [edge.at, to];
  }
  if (state !== 'up') mark({ from: since, to: Number.MAX_SAFE_INTEGER });
  for (const version of versions) {
    mark({ from: version.from - 1, to: version.from + 1 });
    mark({ from: version.to - 1, to: version.to + 1 });
  }
  exclusions.forEach(mark);
  foreign.forEach(mark);
  return bits;
}

function daysTouching({ from, to, days }: AccountedMonth, span: Interval): number {
  if (span.to <= from || span.from >= to || span.to <= span.from) return 0;
  return days.reduce((bits, day) => (day.from < span.to && day.to > span.from ? bits | (1 << day.bit) : bits), 0);
}
