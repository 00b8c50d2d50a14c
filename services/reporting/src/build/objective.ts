import { CalendarBody, type ObjectiveBody } from '@beacontower/contracts';
import { type Figure, type FigureMember, readCurrentEntities, readFigure, readMembers } from '@beacontower/database';
import { availabilityOf, budgetOf, countedSpans, divisionCovers, type Interval, length } from '@beacontower/domain';
import type {
  Bilingual,
  Comparison,
  FigureStatus,
  Named,
  ObjectiveReport,
  ReportBudget,
  ReportPeriod,
  SeriesPoint,
} from '../model/model.ts';
import type { BuildContext } from './context.ts';
import { describeOutages } from './described-outages.ts';
import { describeDivisions } from './divisions.ts';
import { differenceOf, figureByBasis, reportFigure } from './figures.ts';
import { formulaWords, NOTHING_OBSERVED, narrowedRemark, WITHOUT_MEMBERS } from './notes.ts';
import { sumOutages } from './outages.ts';
import { partsOf } from './periods.ts';
import { describeUnknown, describeWorst } from './worst.ts';

/** The period of a report and the one before. */
export interface Periods {
  readonly period: ReportPeriod;
  readonly previous: ReportPeriod;
}

/** Everything about one objective. `tell` is told how far it is, 0 to 1. */
export async function buildObjective(
  context: BuildContext,
  objective: ObjectiveBody,
  subject: Bilingual,
  { period, previous }: Periods,
  tell: (step: string, done: number) => Promise<void>,
): Promise<ObjectiveReport> {
  const { database, order, names, now } = context;
  const query = { objective, scope: [order.division], now };
  const depth = depthOf(objective, order.division);
  await tell('figures', 0);
  const figure = await readFigure(database, { ...query, ...spanOf(period), groupBy: 'division', depth });
  const before = await readFigure(database, { ...query, ...spanOf(previous), groupBy: 'division', depth });
  await tell('series', 0.2);
  const series = await buildSeries(context, objective, figure);
  await tell('members', 0.4);
  const members = await readMembers(database, { ...query, ...spanOf(period) });
  const down = members.filter(({ experienced }) => experienced.downMs > 0).map(({ member }) => member);
  const counted = { from: figure.from, to: figure.to };
  const outages = await sumOutages(context, down, counted, (done) => tell('outages', 0.5 + done / 2));
  const whole = figureByBasis(figure.whole, objective);
  return {
    id: objective.id,
    name: { zh: objective.name, en: objective.nameEn ?? objective.name },
    subject,
    class: objective.class,
    target: objective.target,
    aggregate: objective.aggregate,
    basis: objective.basis,
    calendar: await calendarName(names, objective.calendar),
    timeZone: objective.timeZone,
    formula: formulaWords(objective.aggregate),
    status: liveStatus(figure),
    figure: whole,
    experienced: reportFigure(figure.whole.experienced, objective.target, figure.whole),
    responsible: reportFigure(figure.whole.responsible, objective.target, figure.whole),
    budget: await buildBudget(context, objective, figure, period),
    previous: comparison(objective, figure, before),
    series,
    divisions: await describeDivisions(names, objective, figure, before),
    worst: await describeWorst(names, objective, members, outages),
    ...(await describeOutages(names, outages, period)),
    unknown: await describeUnknown(names, members),
    remarks: await remarksOf(context, objective, members),
  };
}

// The parts right below what the report is about, wherever the objective begins.
function depthOf(objective: ObjectiveBody, division: string): number {
  const levels = (path: string) => (path === '' ? 0 : path.split('.').length);
  return Math.max(1, levels(division) - levels(objective.division) + 1);
}

function spanOf({ from, to }: Interval): Interval {
  return { from, to };
}

function liveStatus({ asOf }: Figure): FigureStatus {
  return { kind: 'live', asOf };
}

async function buildSeries({ database, order, now }: BuildContext, objective: ObjectiveBody, { from, to }: Figure): Promise<SeriesPoint[]> {
  const points: SeriesPoint[] = [];
  for (const { label, ...part } of partsOf({ from, to }, order.timeZone)) {
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

function comparison(objective: ObjectiveBody, figure: Figure, before: Figure): Comparison {
  const then = figureByBasis(before.whole, objective);
  if (then.availability === null) return { figure: null, status: null, difference: null };
  const difference = differenceOf(figure.whole[objective.basis].availability, then.availability);
  return { figure: then, status: liveStatus(before), difference };
}

async function remarksOf({ names, order }: BuildContext, objective: ObjectiveBody, members: readonly FigureMember[]): Promise<Bilingual[]> {
  const remarks: Bilingual[] = [];
  if (!divisionCovers(order.division, objective.division)) {
    const division = (await names.of('division', [order.division]))(order.division);
    remarks.push(narrowedRemark(division.name));
  }
  if (members.length === 0) remarks.push(WITHOUT_MEMBERS);
  else if (members.every((member) => availabilityOf(member.experienced).availability === null)) remarks.push(NOTHING_OBSERVED);
  return remarks;
}
