import type { CoverageBlock } from '../../model/coverage-block.ts';
import type { Listing, Named, ReportModel } from '../../model/model.ts';
import {
  actorWords,
  aggregateWords,
  basisWords,
  closingReasonWords,
  countWords,
  effectWords,
  type Language,
  levelWords,
  statusWords,
} from '../../wording/index.ts';
import { bounds, difference, fraction, number, span, text, time, verdict } from './cells.ts';
import type { Table } from './content.ts';
import { listed } from './objective-tables.ts';
import { column, tabulate } from './table.ts';
import { fill, SECTIONS, SENTENCES, WORDS } from './words.ts';

/** All objectives, a row each: what the summary says and its bounds. */
export function summaryTable(model: ReportModel, language: Language): Table {
  return {
    id: 'summary',
    caption: WORDS.figures[language],
    note: model.objectives.length === 0 ? WORDS.noObjectives[language] : null,
    ...tabulate(model.objectives, language, [
      [WORDS.objective, 'text', 2.3, (row) => text(row.name[language])],
      [WORDS.availability, 'percent', 1.2, (row) => fraction(row.figure.availability, row.target)],
      [WORDS.bounds, 'bounds', 2.2, (row) => bounds(row.figure, row.target)],
      [WORDS.target, 'percent', 1.1, (row) => fraction(row.target)],
      [WORDS.verdict, 'verdict', 1.5, (row) => verdict(row.figure.verdict)],
      [WORDS.previous, 'percent', 1.2, (row) => fraction(row.previous.figure?.availability ?? null, row.target)],
      [WORDS.difference, 'points', 1.3, (row) => difference(row.previous.difference)],
      [WORDS.completeness, 'percent', 1.3, (row) => fraction(row.figure.completeness)],
    ]),
  };
}

/** Everything about each objective, a row each: for sheets, where width is no matter. */
export function objectivesTable(model: ReportModel, language: Language): Table {
  const durations = [WORDS.up, WORDS.down, WORDS.unknownTime, WORDS.excluded, WORDS.degraded];
  return {
    id: 'objectives',
    caption: WORDS.figures[language],
    note: null,
    columns: [
      ...summaryTable(model, language).columns,
      column(WORDS.experienced, 'percent', 1.2, language),
      column(WORDS.responsible, 'percent', 1.2, language),
      column(WORDS.withMaintenanceLong, 'percent', 1.2, language),
      column(WORDS.members, 'count', 1, language),
      column(WORDS.unobserved, 'count', 1, language),
      column(WORDS.resolution, 'duration', 1, language),
      ...durations.map((heading) => column(heading, 'duration', 1.2, language)),
      column(WORDS.budgetLeft, 'percent', 1.2, language),
      column(WORDS.aggregate, 'text', 1.5, language),
      column(WORDS.basis, 'text', 2, language),
      column(WORDS.calendar, 'text', 1.5, language),
      column(WORDS.status, 'text', 3, language),
    ],
    rows: model.objectives.map((objective, index) => {
      const { figure, target, budget } = objective;
      return [
        ...(summaryTable(model, language).rows[index] ?? []),
        fraction(objective.experienced.availability, target),
        fraction(objective.responsible.availability, target),
        fraction(figure.availabilityWithMaintenance, target),
        number(figure.members),
        number(figure.unobserved),
        span(figure.resolutionMs),
        ...[figure.upMs, figure.downMs, figure.unknownMs, figure.excludedMs, figure.degradedMs].map(span),
        fraction(budget?.leftFraction ?? null),
        text(aggregateWords(objective.aggregate)[language]),
        text(basisWords(objective.basis)[language]),
        text(objective.calendar.name[language]),
        text(statusWords(objective.status, objective.timeZone, language)),
      ];
    }),
  };
}

/** Planned work, and whether its time is left out. */
export function plannedTable(model: ReportModel, language: Language): Table {
  const { timeZone } = model.period;
  const work = model.plannedWork;
  return {
    id: 'planned',
    caption: SECTIONS.planned[language],
    note: work.items.length === 0 ? SENTENCES.noPlanned[language] : listed(work, language),
    ...tabulate(work.items, language, [
      [WORDS.title, 'text', 3, (item) => text(item.title)],
      [WORDS.covers, 'text', 2, (item) => text(covers(item.covers, language))],
      [WORDS.from, 'time', 1.6, (item) => time(item.from, timeZone)],
      [WORDS.to, 'time', 1.6, (item) => time(item.to, timeZone)],
      [WORDS.approved, 'time', 1.6, (item) => time(item.approvedAt, timeZone)],
      [WORDS.approvedBy, 'text', 1.4, (item) => text(item.approvedBy)],
      [WORDS.counts, 'text', 1.2, (item) => text(counts(item, language))],
    ]),
  };
}

function counts(item: { readonly excluded: boolean; readonly cancelledAt: number | null }, language: Language): string {
  if (item.excluded) return WORDS.isExcluded[language];
  return (item.cancelledAt === null ? WORDS.isNotExcluded : WORDS.isCancelled)[language];
}

function covers(things: Listing<Named>, language: Language): string {
  const names = things.items.map(({ name }) => name[language]).join(language === 'zh' ? '、' : ', ');
  if (things.items.length === things.total) return names || '—';
  return fill(SENTENCES.and[language], { names, total: String(things.total) });
}

/** Later versions of closed figures. */
export function revisionsTable(model: ReportModel, language: Language): Table {
  return {
    id: 'revisions',
    caption: language === 'zh' ? '已关闭数值的修订' : 'Revisions of closed figures',
    note: model.revisions.length === 0 ? SENTENCES.noRevisions[language] : null,
    ...tabulate(model.revisions, language, [
      [WORDS.objective, 'text', 2, (row) => text(row.objective.name[language])],
      [WORDS.version, 'count', 0.8, (row) => number(row.version)],
      [WORDS.closedAt, 'time', 1.7, (row) => time(row.closedAt, model.period.timeZone)],
      [WORDS.by, 'text', 1.2, (row) => text(actorWords(row.closedBy)[language])],
      [WORDS.before, 'percent', 1.1, (row) => fraction(row.before, null, row.after)],
      [WORDS.after, 'percent', 1.1, (row) => fraction(row.after, null, row.before)],
      [WORDS.why, 'text', 3.2, (row) => text(closingReasonWords(row.reason)[language])],
    ]),
  };
}

/** What was said of the past afterwards. */
export function reclassificationsTable(model: ReportModel, language: Language): Table {
  const { timeZone } = model.period;
  const entries = model.reclassifications;
  return {
    id: 'reclassifications',
    caption: language === 'zh' ? '重新认定' : 'Reclassifications',
    note: entries.items.length === 0 ? SENTENCES.noReclassifications[language] : listed(entries, language),
    ...tabulate(entries.items, language, [
      [WORDS.effect, 'text', 1.7, (entry) => text(effectWords(entry.effect)[language])],
      [WORDS.covers, 'text', 1.8, (entry) => text(covers(entry.covers, language))],
      [WORDS.from, 'time', 1.6, (entry) => time(entry.from, timeZone)],
      [WORDS.to, 'time', 1.6, (entry) => time(entry.to, timeZone)],
      [WORDS.party, 'text', 1.3, (entry) => text(entry.party?.name[language])],
      [WORDS.why, 'text', 2.4, (entry) => text(entry.reason)],
      [WORDS.recordedAt, 'time', 1.6, (entry) => time(entry.recordedAt, timeZone)],
      [WORDS.by, 'text', 1.2, (entry) => text(entry.recordedBy)],
    ]),
  };
}

/** How far the network reaches, by level. */
export function coverageTable(coverage: CoverageBlock, language: Language): Table {
  return {
    id: 'coverage',
    caption: WORDS.coverage[language],
    note: null,
    ...tabulate(coverage.levels, language, [
      [WORDS.level, 'text', 1.5, (level) => text(levelWords(level.level)[language])],
      [WORDS.connected, 'count', 1, (level) => number(level.connected)],
      [WORDS.total, 'count', 1, (level) => number(level.total)],
      [WORDS.coverage, 'percent', 1, (level) => fraction(level.fraction)],
      [WORDS.withCorps, 'percent', 1.2, (level) => (level.withCorps === null ? text('—') : fraction(level.withCorps.fraction))],
      [WORDS.previousConnected, 'count', 1, (level) => number(level.previousConnected)],
      [WORDS.growth, 'count', 1, (level) => number(level.previousConnected === null ? null : level.connected - level.previousConnected)],
    ]),
  };
}

/** What is connected, and how much more than before. */
export function countsTable(coverage: CoverageBlock, language: Language): Table {
  return {
    id: 'counts',
    caption: WORDS.connected[language],
    note: null,
    ...tabulate(coverage.counts, language, [
      [WORDS.item, 'text', 3, (item) => text(countWords(item.what)[language])],
      [WORDS.number, 'count', 1.2, (item) => number(item.count)],
      [WORDS.previous, 'count', 1.2, (item) => number(item.previous)],
      [WORDS.growth, 'count', 1.2, (item) => number(item.previous === null ? null : item.count - item.previous)],
    ]),
  };
}
