/** A period day by day: what `readFigure` gives of each of its days, of all of them at once. */
import type { ObjectiveBody } from '@beacontower/contracts';
import {
  type Account,
  type AggregateResult,
  addDays,
  addMember,
  EMPTY_PARTIAL,
  finishPartial,
  type LocalDay,
  localDate,
  mergePartials,
  type Partial,
  startOfLocalDate,
} from '@beacontower/domain';
import { accountsOf, findScheme, readFacts, servedAccount } from '../accounting/index.ts';
import type { Queryable } from '../pool.ts';
import type { Scope } from '../queries/conditions.ts';
import { memberConditions } from '../queries/objectives.ts';
import { type AskedMonth, type DayRows, type DaySumsRow, daySumsSql, type MonthGroup } from './days-sql.ts';
import { readFigure } from './figure.ts';
import { type Prepared, prepare } from './prepare.ts';
import { partialFrom } from './rows.ts';
import { inSnapshot } from './snapshot.ts';

/** Which days are wanted: those of the objective's time zone that `[from, to)` touches, cut to it. Epoch ms. */
export interface DaysQuery {
  readonly objective: ObjectiveBody;
  readonly from: number;
  readonly to: number;
  /** Only members inside are counted. */
  readonly scope: Scope;
  readonly now: number;
}

/** One day by the objective's basis. Numbers are not rounded. */
export interface DayFigure extends LocalDay {
  /** Members in commission at some time of the day. */
  readonly members: number;
  readonly result: AggregateResult;
}

export interface DayFigures {
  /** Epoch ms: later days, and what of a day lies beyond, are not told. */
  readonly asOf: number;
  readonly days: readonly DayFigure[];
}

const MEMBERS_A_STEP = 5_000;

/** Reads every day in one look at the record; each is what `readFigure` says of it. */
export function readDays(db: Queryable, query: DaysQuery): Promise<DayFigures> {
  return inSnapshot(db, async (tx) => {
    const prepared = await prepare(tx, query);
    const { from, to } = prepared.plan;
    const summed = await readAccounted(tx, prepared, query);
    const days: DayFigure[] = [];
    for (const day of localDays(from, to, query.objective.timeZone)) {
      const known = summed.get(day.day);
      days.push(known === undefined ? await readOne(tx, query, day) : { ...day, ...finish(query.objective, known) });
    }
    return { asOf: prepared.judged.asOf, days };
  });
}

/** The local days that `[from, to)` touches, cut to it. */
function localDays(from: number, to: number, timeZone: string): LocalDay[] {
  const days: LocalDay[] = [];
  if (!(to > from)) return days;
  for (let day = localDate(from, timeZone); ; day = addDays(day, 1)) {
    const start = startOfLocalDate(day, timeZone);
    if (start >= to) return days;
    const span = { from: Math.max(start, from), to: Math.min(startOfLocalDate(addDays(day, 1), timeZone), to) };
    if (span.to > span.from) days.push({ day, ...span });
  }
}

/** A day that is not over, not accounted yet or not asked whole. */
async function readOne(tx: Queryable, query: DaysQuery, day: LocalDay): Promise<DayFigure> {
  const { whole } = await readFigure(tx, { ...query, from: day.from, to: day.to });
  return { ...day, members: whole.members, result: whole[query.objective.basis] };
}

function finish({ aggregate }: ObjectiveBody, partial: Partial): { members: number; result: AggregateResult } {
  return { members: partial.members, result: finishPartial(aggregate, partial) };
}

/** The partials of the days that have been accounted and are asked whole, by date. */
async function readAccounted(tx: Queryable, prepared: Prepared, query: DaysQuery): Promise<Map<string, Partial>> {
  const { objective, scope } = query;
  const scheme = await findScheme(tx, objective.timeZone, objective.calendar);
  const asked = askedMonths(prepared);
  // The days of another zone's accounts begin at other moments.
  if (prepared.sums === undefined || scheme === undefined || scheme.timeZone !== objective.timeZone || asked.length === 0) return new Map();
  const { from, to } = prepared.plan;
  const where = memberConditions(objective, scope, from, to);
  const weighted = objective.aggregate === 'user-weighted';
  const text = daySumsSql({ where, span: { from, to }, scheme, basis: objective.basis, weighted, asked, keys: prepared.sums.keys });
  const rows = await withoutLoops(tx, text, where.values);
  const groups = rows.filter((row): row is DaySumsRow & MonthGroup => row.part === 'group');
  const said = new Map(rows.flatMap((row) => (row.part === 'rows' ? [[row.day, row as DayRows] as const] : [])));
  const days = new Map<string, Partial>();
  const untold = new Map<string, LocalDay[]>();
  for (const { month, days: some } of asked) {
    const ofMonth = groups.filter((group) => group.month === month.month);
    for (const day of some) {
      const { told, rest } = tellersOf(ofMonth, day);
      days.set(day.day, servedAndSaid(told, said.get(day.day), servedAccount(day.to - day.from, day.countedMs)));
      for (const id of rest) untold.set(id, [...(untold.get(id) ?? []), day]);
    }
  }
  await addUntold(tx, { prepared, query, days, untold });
  return days;
}

/**
 * Rows joined by hashes alone: how many rows a CTE has is not known to the planner, which takes them for a few and goes through a hundred
 * thousand once for each day.
 */
async function withoutLoops(tx: Queryable, text: string, values: unknown[]): Promise<DaySumsRow[]> {
  await tx.query("SELECT set_config('enable_nestloop', 'off', true)");
  const { rows } = await tx.query<DaySumsRow>(text, values);
  await tx.query("SELECT set_config('enable_nestloop', 'on', true)");
  return rows;
}

/** Whole days of the plan that have been accounted, by month. */
function askedMonths({ plan }: Prepared): AskedMonth[] {
  const until = plan.tail?.from ?? plan.to;
  const months = [...plan.months, ...plan.parts.map(({ month }) => month)].sort((a, b) => a.month - b.month);
  return months
    .map((month) => ({ month, days: month.days.filter((day) => day.from >= plan.from && day.to <= until) }))
    .filter(({ days }) => days.length > 0);
}

/** How many members the rows tell the day of, and which of the others were there. */
function tellersOf(groups: readonly MonthGroup[], day: LocalDay & { readonly bit: number }) {
  const told = { members: 0, weight: 0 };
  const rest: string[] = [];
  for (const { first, last, alike, days, members, weight, ids } of groups) {
    if (first >= day.to || last <= day.from) continue;
    if (alike && first <= day.from && last >= day.to && ((days ?? 0) & (1 << day.bit)) !== 0) {
      told.members += members;
      told.weight += weight;
    } else rest.push(...(ids ?? []));
  }
  return { told, rest };
}

/** Those of whom nothing was said served wholly. */
function servedAndSaid(told: { members: number; weight: number }, said: DayRows | undefined, served: Account): Partial {
  const rows = said === undefined ? EMPTY_PARTIAL : partialFrom(said.members, said.sums);
  const members = told.members - (said?.members ?? 0);
  if (members <= 0) return rows;
  const one = addMember(EMPTY_PARTIAL, served, 1);
  const account = Object.fromEntries(Object.entries(served).map(([field, ms]) => [field, ms * members])) as unknown as Account;
  const times = (factor: number) =>
    Object.fromEntries(
      Object.entries(one.mean).map(([field, { weight, sum }]) => [field, { weight: weight * factor, sum: sum * factor }]),
    ) as unknown as Partial['mean'];
  const weight = told.weight - (said?.weight ?? 0);
  return mergePartials(rows, { members, unobserved: one.unobserved * members, account, mean: times(members), weighted: times(weight) });
}

interface Untold {
  readonly prepared: Prepared;
  readonly query: DaysQuery;
  readonly days: Map<string, Partial>;
  readonly untold: ReadonlyMap<string, readonly LocalDay[]>;
}

/** Adds the members that came, went or changed, or whose day must be accounted anew, from what was recorded. */
async function addUntold(tx: Queryable, { prepared, query, days, untold }: Untold): Promise<void> {
  const { plan, judged } = prepared;
  const ids = [...untold.keys()];
  for (let start = 0; start < ids.length; start += MEMBERS_A_STEP) {
    const some = ids.slice(start, start + MEMBERS_A_STEP);
    const facts = await readFacts(tx, some, plan, judged);
    const memberships = await readMemberships(tx, query, some);
    for (const id of some) {
      const known = facts.get(id);
      for (const day of known === undefined ? [] : (untold.get(id) ?? [])) {
        const account = known === undefined ? undefined : accountsOf(known, day, plan.counted)[query.objective.basis];
        const weight = weightOn(memberships.get(id) ?? [], day);
        if (account === undefined || account.totalMs === 0 || weight === null) continue;
        days.set(day.day, addMember(days.get(day.day) ?? EMPTY_PARTIAL, account, weight));
      }
    }
  }
}

/** A version of an object that makes it a member. */
interface Membership {
  readonly from: number;
  readonly to: number | null;
  readonly weight: number;
}

/** How much it weighs on a day, by the last version of the day that makes it a member; null: none does. */
function weightOn(memberships: readonly Membership[], day: LocalDay): number | null {
  return memberships.findLast(({ from, to }) => from < day.to && (to === null || to > day.from))?.weight ?? null;
}

async function readMemberships(
  tx: Queryable,
  { objective, scope, from, to }: DaysQuery,
  ids: readonly string[],
): Promise<Map<string, Membership[]>> {
  const where = memberConditions(objective, scope, from, to);
  where.add(`i.id = ANY (${where.value(ids)}::text[])`);
  const { rows } = await tx.query<Membership & { id: string; [column: string]: unknown }>(
    `SELECT i.id, i.valid_from AS from, i.valid_to AS to, coalesce(i.weight, 1) AS weight FROM inventory i ${where} ORDER BY i.id, i.valid_from`,
    where.values,
  );
  const found = new Map<string, Membership[]>();
  for (const { id, ...version } of rows) found.set(id, [...(found.get(id) ?? []), version]);
  return found;
}
