import type { ReportModel } from '../../model/model.ts';
import { type Language, percent, timeIn, verdictWords } from '../../wording/index.ts';
import { overviewChart } from '../charts/overview.ts';
import { boundsText } from './cells.ts';
import type { Block, Content, Section } from './content.ts';
import { coverFacts, statusText } from './cover.ts';
import { chart, objectiveSections, table } from './objective.ts';
import { countsTable, coverageTable, plannedTable, reclassificationsTable, revisionsTable, summaryTable } from './report-tables.ts';
import { fill, SECTIONS, SENTENCES, WORDS } from './words.ts';

/** What a report says in a language, in the order in which it is read. Pure; texts of the model are taken as clean. */
export function buildContent(model: ReportModel, language: Language): Content {
  return {
    title: model.title[language],
    subtitle: capital(model.period.name[language]),
    status: statusText(model, language),
    cover: coverFacts(model, language),
    remarks: model.remarks.map((remark) => remark[language]),
    sections: [
      summarySection(model, language),
      ...model.objectives.flatMap((objective) => objectiveSections(objective, language)),
      plannedSection(model, language),
      revisionsSection(model, language),
      coverageSection(model, language),
      methodSection(model, language),
    ],
  };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function paragraph(style: 'lead' | 'body' | 'note' | 'remark', text: string): Block {
  return { kind: 'paragraph', style, text };
}

function summarySection(model: ReportModel, language: Language): Section {
  const overview = overviewChart(model.objectives, language);
  return {
    id: 'summary',
    title: SECTIONS.summary[language],
    level: 1,
    startsPage: true,
    blocks: [
      ...(model.state === 'running' ? [paragraph('remark', statusText(model, language))] : []),
      ...model.remarks.map((remark) => paragraph('remark', remark[language])),
      paragraph('lead', model.summary[language]),
      ...(model.coverageSummary === null ? [] : [paragraph('lead', model.coverageSummary[language])]),
      ...model.objectives.map((objective) => paragraph('body', leadOf(objective, language))),
      ...(overview === null ? [] : [chart(WORDS.figures[language], overview)]),
      table(summaryTable(model, language), language),
    ],
  };
}

/** An objective in a sentence: what it was, between which bounds, and whether that is enough. */
function leadOf({ name, figure, target }: ReportModel['objectives'][number], language: Language): string {
  return fill(SENTENCES.lead[language], {
    name: name[language],
    value: figure.availability === null ? WORDS.noData[language] : percent(figure.availability, target),
    bounds: boundsText(figure.lowest, figure.highest, target, language),
    target: percent(target),
    verdict: verdictWords(figure.verdict)[language],
  });
}

function plannedSection(model: ReportModel, language: Language): Section {
  return {
    id: 'planned',
    title: SECTIONS.planned[language],
    level: 1,
    startsPage: true,
    blocks: [table(plannedTable(model, language), language)],
  };
}

function revisionsSection(model: ReportModel, language: Language): Section {
  return {
    id: 'revisions',
    title: SECTIONS.revisions[language],
    level: 1,
    startsPage: false,
    blocks: [table(revisionsTable(model, language), language), table(reclassificationsTable(model, language), language)],
  };
}

function coverageSection({ coverage, period }: ReportModel, language: Language): Section {
  const section = { id: 'coverage', title: SECTIONS.coverage[language], level: 1, startsPage: false } as const;
  if (coverage === null) return { ...section, blocks: [paragraph('body', SENTENCES.noCoverage[language])] };
  const list = fill(SENTENCES.list[language], { list: coverage.list[language], at: timeIn(coverage.at, period.timeZone) });
  const counts: Block[] = coverage.counts.length === 0 ? [] : [table(countsTable(coverage, language), language)];
  return { ...section, blocks: [paragraph('body', list), table(coverageTable(coverage, language), language), ...counts] };
}

function methodSection(model: ReportModel, language: Language): Section {
  return {
    id: 'method',
    title: SECTIONS.method[language],
    level: 1,
    startsPage: false,
    blocks: [...model.method, ...model.assumptions].map((entry) => paragraph('body', entry[language])),
  };
}
