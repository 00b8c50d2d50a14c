import { NodeBody, ObjectiveBody, type ReportOrder } from '@beacontower/contracts';
import { type Database, readCurrentEntities, scopeTouches } from '@beacontower/database';
import type { Bilingual, MadeBy, ObjectiveReport, ReportModel } from '../model/model.ts';
import { coverageWords, summaryWords, timeIn } from '../wording/index.ts';
import type { BuildContext } from './context.ts';
import { coverageBlock } from './coverage.ts';
import { NameBook } from './names.ts';
import { METHOD, NOTHING_SELECTED, runningRemark } from './notes.ts';
import { buildObjective } from './objective.ts';
import { periodsOf } from './periods.ts';
import { plannedWork, reclassifications } from './record.ts';
import { inPublishedOrder, subjectOf } from './subject.ts';

/** What a report is built from, besides the record. */
export interface ReportSource {
  readonly database: Database;
  readonly order: ReportOrder;
  /** Id of its row; null without one. */
  readonly id: string | null;
  readonly by: string;
  readonly version: string;
  readonly now: number;
  readonly tell: BuildContext['tell'];
}

/** Gathers everything that a report says. The same for a job and for the command line. */
export async function buildReport(source: ReportSource): Promise<ReportModel> {
  const { database, order, id, now, tell } = source;
  const context: BuildContext = { database, order, names: new NameBook(database), now, tell };
  const periods = periodsOf(order);
  const [nodeRow] = await readCurrentEntities(database, 'node');
  const node = NodeBody.optional().parse(nodeRow);
  const objectives = await buildObjectives(context, periods);
  await tell('coverage', 0.96);
  const coverage = await coverageBlock(context);
  const running = now < order.to;
  const made: MadeBy = { at: now, by: source.by, version: source.version };
  return {
    kind: 'availability',
    id,
    title: { zh: '网络可用率报告', en: 'Network availability report' },
    period: periods.period,
    previousPeriod: periods.previous,
    state: running ? 'running' : 'ended',
    asOf: objectives.reduce((earliest, { asOf }) => Math.min(earliest, asOf), Math.min(now, order.to)),
    division: (await context.names.of('division', [order.division]))(order.division),
    node: { id: node?.id ?? '', name: node?.name ?? '' },
    made,
    summary: summaryWords(
      periods.period,
      objectives.map(({ report }) => report),
    ),
    coverageSummary: coverage && coverageWords(coverage.block, order.timeZone),
    remarks: remarksOf(running, objectives.length, timeIn(now, order.timeZone)),
    objectives: objectives.map(({ report }) => report),
    plannedWork: await plannedWork(context),
    revisions: objectives.flatMap(({ report }) => report.revisions),
    reclassifications: await reclassifications(context),
    coverage: coverage?.block ?? null,
    method: METHOD,
    assumptions: coverage?.assumptions ?? [],
  };
}

async function buildObjectives(
  context: BuildContext,
  periods: ReturnType<typeof periodsOf>,
): Promise<{ readonly report: ObjectiveReport; readonly asOf: number }[]> {
  const selected = await selectObjectives(context);
  const built: { report: ObjectiveReport; asOf: number }[] = [];
  for (const [index, objective] of selected.entries()) {
    const tell = (step: string, done: number) => context.tell(`${objective.id}: ${step}`, ((index + done) / selected.length) * 0.95);
    const report = await buildObjective(context, objective, subjectOf(objective, selected), periods, tell);
    built.push({ report, asOf: report.status.kind === 'live' ? Math.min(report.status.asOf, context.order.to) : context.order.to });
  }
  return built;
}

/** The objectives asked for, as they are now: in the order asked for, else all of the division in the order of publication. */
async function selectObjectives({ database, order }: BuildContext): Promise<ObjectiveBody[]> {
  const all = (await readCurrentEntities(database, 'objective')).map((body) => ObjectiveBody.parse(body));
  const within = all.filter((objective) => scopeTouches([order.division], objective.division));
  if (order.objectives === null) return inPublishedOrder(within);
  return order.objectives.flatMap((id) => within.find((objective) => objective.id === id) ?? []);
}

function remarksOf(running: boolean, objectives: number, asOf: string): Bilingual[] {
  return [...(running ? [runningRemark(asOf)] : []), ...(objectives === 0 ? [NOTHING_SELECTED] : [])];
}
