import { CalendarBody, type ObjectiveBody } from '@beacontower/contracts';
import { type Figure, type FigureMember, readCurrentEntities, readFigure } from '@beacontower/database';
import { availabilityOf, budgetOf, countedSpans, divisionCovers, length } from '@beacontower/domain';
import type { Bilingual, Comparison, Named, ObjectiveReport, ReportBudget, ReportPeriod, SeriesPoint } from '../model/model.ts';
import type { BuildContext } from './context.ts';
import { describeOutages } from './described-outages.ts';
import { describeDivisions } from './divisions.ts';
import { differenceOf, figureByBasis, reportFigure } from './figures.ts';
import { formulaWords, NOTHING_OBSERVED, narrowedRemark, SERIES_IS_LIVE, WITHOUT_MEMBERS } from './notes.ts';
import { sumOutages } from './outages.ts';
import { partsOf } from './periods.ts';
import { revisionsOf } from './revisions.ts';
import { readSourced, readSourcedMembers, type SourcedFigure } from './source.ts';
import { describeUnknown, describeWorst } from './worst.ts';

/** The period of a report and the one before. */
export interface Periods {
  readonly period: ReportPeriod;
  readonly previous: ReportPeriod;
}

/** Everything about one objective. `tell` is told how far it is, 0 to 1. */
export async function buildObjective(
  context: BuildContext,
  today: ObjectiveBody,
  subject: Bilingual,
  { period, previous }: Periods,
  tell: (step: string, done: number) => Promise<void>,
): Promise<ObjectiveReport> {
  const { names } = context;
  const depth = depthOf(today, context.order.division);
  await tell('figures', 0);
  const sourced = await readSourced(context, today, period, depth);
  const { objective, figure } = sourced;
  const before = await readSourced(context, today, previous, depth);
  await tell('series', 0.2);
  const series = await buildSeries(context, objective, figure);
  await tell('members', 0.4);
  const members = await readSourcedMembers(context, sourced, period);
  const down = members.filter(({ experienced }) => experienced.downMs > 0).map(({ member }) => member);
  const counted = { from: figure.from, to: figure.to };
  const outages = await sumOutages(context, down, counted, (done) => tell('outages', 0.5 + done / 2));
  const name = { zh: objective.name, en: objective.nameEn ?? objective.name };
  const whole = figureByBasis(figure.whole, objective);
  return {
    id: objective.id,
    name,
    subject,
    class: objective.class,
    target: objective.target,
    aggregate: objective.aggregate,
    basis: objective.basis,
    calendar: await calendarName(names, objective.calendar),
    timeZone: objective.timeZone,
    formula: formulaWords(objective.aggregate),
    status: sourced.status,
    figure: whole,
    experienced: reportFigure(figure.whole.experienced, objective.target, figure.whole),
    responsible: reportFigure(figure.whole.responsible, objective.target, figure.whole),
    budget: await buildBudget(context, objective, figure, period),
    previous: comparison(objective, figure, before),
    series,
    divisions: await describeDivisions(names, objective, figure, before.figure),
    worst: await describeWorst(names, objective, members, outages),
    ...(await describeOutages(names, outages, period)),
    unknown: await describeUnknown(names, members),
    revisions: await revisionsOf(context, { id: objective.id, name }, sourced),
    remarks: await remarksOf(context, sourced, members),
  };
}

// The parts right below what the report is about, wherever the objective begins.
function depthOf(objective: ObjectiveBody, division: string): number {
  const levels = (path: string) => (path === '' ? 0 : path.split('.').length);
  return Math.max(1, levels(division) - levels(objective.division) + 1);
}

async function buildSeries({ database, order, now }: BuildContext, objective: ObjectiveBody, { from, to }: Figure): Promise<SeriesPoint[]> {
  const points: SeriesPoint[] = [];
  for (const { label, ...part } of partsOf({ from, to }, order, order.timeZone)) {
    const { whole } = await readFigure(database, { objective, ...part, scope: [order.division], now });
    points.push({ label, ...part, figure: figureByBasis(whole, objective) });
  }
  return points;
}

async function calendarName(names: BuildContext['names'], id: string): Promise<Named> {
  if (id === 'always') return { id, name: { zh: '全天候', en: 'always' } };
  return (await names.of('calendar', [id]))(id);
}

async function buildBudget(
  { database }: BuildContext,
  objective: ObjectiveBody,
  { whole, to }: Figure,
  period: ReportPeriod,
): Promise<ReportBudget | null> {
  const result = whole[objective.basis];
  const countedSoFarMs = whole.members === 0 ? 0 : (result.account.totalMs - result.account.excludedMs) / whole.members;
  if (countedSoFarMs === 0) return null;
  const calendars = objective.calendar === 'always' ? [] : await readCurrentEntities(database, 'calendar');
  const calendar = calendars.find(({ id }) => id === objective.calendar);
  const ahead = countedSpans(calendar === undefined ? null : CalendarBody.parse(calendar), objective.timeZone, to, period.to);
  const { budgetMs, consumedMs, leftMs, leftFraction } = budgetOf({
    target: objective.target,
    result,
    countedSoFarMs,
    countedWholeMs: countedSoFarMs + length(ahead),
  });
  return leftFraction === null ? null : { budgetMs, consumedMs, leftMs, leftFraction };
}

function comparison(objective: ObjectiveBody, figure: Figure, before: SourcedFigure): Comparison {
  const then = figureByBasis(before.figure.whole, objective);
  if (then.availability === null) return { figure: null, status: null, difference: null };
  const difference = differenceOf(figure.whole[objective.basis].availability, then.availability);
  return { figure: then, status: before.status, difference };
}

async function remarksOf(
  { names, order }: BuildContext,
  { objective, closed }: SourcedFigure,
  members: readonly FigureMember[],
): Promise<Bilingual[]> {
  const remarks: Bilingual[] = [];
  if (!divisionCovers(order.division, objective.division)) {
    const division = (await names.of('division', [order.division]))(order.division);
    remarks.push(narrowedRemark(division.name));
  }
  if (members.length === 0) remarks.push(WITHOUT_MEMBERS);
  else if (members.every((member) => availabilityOf(member.experienced).availability === null)) remarks.push(NOTHING_OBSERVED);
  if (closed !== undefined && members.length > 0) remarks.push(SERIES_IS_LIVE);
  return remarks;
}
