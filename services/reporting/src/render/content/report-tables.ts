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
import { column, listed } from './objective-tables.ts';
import { fill, SECTIONS, SENTENCES, WORDS } from './words.ts';

/** All objectives, a row each: what the summary says and its bounds. */
export function summaryTable(model: ReportModel, language: Language): Table {
  return {
    id: 'summary',
    caption: WORDS.figures[language],
    note: model.objectives.length === 0 ? WORDS.noObjectives[language] : null,
    columns: [
      column(WORDS.objective, 'text', 2.3, language),
      column(WORDS.availability, 'percent', 1.2, language),
      column(WORDS.bounds, 'bounds', 2.2, language),
      column(WORDS.target, 'percent', 1.1, language),
      column(WORDS.verdict, 'verdict', 1.5, language),
      column(WORDS.previous, 'percent', 1.2, language),
      column(WORDS.difference, 'points', 1.3, language),
      column(WORDS.completeness, 'percent', 1.3, language),
    ],
    rows: model.objectives.map(({ name, figure, target, previous }) => [
      text(name[language]),
      fraction(figure.availability, target),
      bounds(figure, target),
      fraction(target),
      verdict(figure.verdict),
      fraction(previous.figure?.availability ?? null, target),
      difference(previous.difference),
      fraction(figure.completeness),
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
    columns: [
      column(WORDS.title, 'text', 3, language),
      column(WORDS.covers, 'text', 2, language),
      column(WORDS.from, 'time', 1.6, language),
      column(WORDS.to, 'time', 1.6, language),
      column(WORDS.approved, 'time', 1.6, language),
      column(WORDS.approvedBy, 'text', 1.4, language),
      column(WORDS.counts, 'text', 1.2, language),
    ],
    rows: work.items.map((item) => [
      text(item.title),
      text(covers(item.covers, language)),
      time(item.from, timeZone),
      time(item.to, timeZone),
      time(item.approvedAt, timeZone),
      text(item.approvedBy),
      text(counts(item, language)),
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
    columns: [
      column(WORDS.objective, 'text', 2, language),
      column(WORDS.version, 'count', 0.8, language),
      column(WORDS.closedAt, 'time', 1.7, language),
      column(WORDS.by, 'text', 1.2, language),
      column(WORDS.before, 'percent', 1.1, language),
      column(WORDS.after, 'percent', 1.1, language),
      column(WORDS.why, 'text', 3.2, language),
    ],
    rows: model.revisions.map((row) => [
      text(row.objective.name[language]),
      number(row.version),
      time(row.closedAt, model.period.timeZone),
      text(actorWords(row.closedBy)[language]),
      fraction(row.before, null, row.after),
      fraction(row.after, null, row.before),
      text(closingReasonWords(row.reason)[language]),
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
    columns: [
      column(WORDS.effect, 'text', 1.7, language),
      column(WORDS.covers, 'text', 1.8, language),
      column(WORDS.from, 'time', 1.6, language),
      column(WORDS.to, 'time', 1.6, language),
      column(WORDS.party, 'text', 1.3, language),
      column(WORDS.why, 'text', 2.4, language),
      column(WORDS.recordedAt, 'time', 1.6, language),
      column(WORDS.by, 'text', 1.2, language),
    ],
    rows: entries.items.map((entry) => [
      text(effectWords(entry.effect)[language]),
      text(covers(entry.covers, language)),
      time(entry.from, timeZone),
      time(entry.to, timeZone),
      text(entry.party?.name[language]),
      text(entry.reason),
      time(entry.recordedAt, timeZone),
      text(entry.recordedBy),
    ]),
  };
}

/** How far the network reaches, by level. */
export function coverageTable(coverage: CoverageBlock, language: Language): Table {
  return {
    id: 'coverage',
    caption: WORDS.coverage[language],
    note: null,
    columns: [
      column(WORDS.level, 'text', 1.5, language),
      column(WORDS.connected, 'count', 1, language),
      column(WORDS.total, 'count', 1, language),
      column(WORDS.coverage, 'percent', 1, language),
      column(WORDS.withCorps, 'percent', 1.2, language),
      column(WORDS.previousConnected, 'count', 1, language),
      column(WORDS.growth, 'count', 1, language),
    ],
    rows: coverage.levels.map((level) => [
      text(levelWords(level.level)[language]),
      number(level.connected),
      number(level.total),
      fraction(level.fraction),
      level.withCorps === null ? text('—') : fraction(level.withCorps.fraction),
      number(level.previousConnected),
      number(level.previousConnected === null ? null : level.connected - level.previousConnected),
    ]),
  };
}

/** What is connected, and how much more than before. */
export function countsTable(coverage: CoverageBlock, language: Language): Table {
  return {
    id: 'counts',
    caption: WORDS.connected[language],
    note: null,
    columns: [
      column(WORDS.item, 'text', 3, language),
      column(WORDS.number, 'count', 1.2, language),
      column(WORDS.previous, 'count', 1.2, language),
      column(WORDS.growth, 'count', 1.2, language),
    ],
    rows: coverage.counts.map((item) => [
      text(countWords(item.what)[language]),
      number(item.count),
      number(item.previous),
      number(item.previous === null ? null : item.count - item.previous),
    ]),
  };
}
