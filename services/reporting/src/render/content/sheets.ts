import type { ObjectiveReport, ReportModel } from '../../model/model.ts';
import { type Language, verdictWords } from '../../wording/index.ts';
import { text } from './cells.ts';
import type { Cell, Column, Fact, Table } from './content.ts';
import { coverFacts } from './cover.ts';
import { causesTable, divisionsTable, outagesTable, partiesTable, seriesTable, unknownTable, worstTable } from './objective-tables.ts';
import {
  countsTable,
  coverageTable,
  objectivesTable,
  plannedTable,
  reclassificationsTable,
  revisionsTable,
  summaryTable,
} from './report-tables.ts';
import { column } from './table.ts';
import { SHEETS, WORDS } from './words.ts';

/** A sheet of a workbook, or a section of a CSV file: labelled texts, then one table. */
export interface Sheet {
  readonly id: keyof typeof SHEETS;
  readonly name: string;
  readonly facts: readonly Fact[];
  readonly table: Table | null;
}

/** A value of a sheet: a text, a number in its base unit (fractions, ms, epoch ms), or nothing known. */
export type SheetValue = string | number | null;

/** The whole report as sheets: the tables of all objectives below each other, with the objective before each row. */
export function buildSheets(model: ReportModel, language: Language): Sheet[] {
  const sheet = (id: keyof typeof SHEETS, table: Table | null, facts: readonly Fact[] = []): Sheet => ({
    id,
    name: SHEETS[id][language],
    facts,
    table,
  });
  const each = (make: (objective: ObjectiveReport, language: Language) => Table) => stacked(model.objectives, make, language);
  const coverage =
    model.coverage === null
      ? []
      : [
          sheet('coverage', coverageTable(model.coverage, language), [
            { label: WORDS.note[language], value: model.coverage.list[language] },
          ]),
          sheet('connected', countsTable(model.coverage, language)),
        ];
  return [
    sheet('summary', summaryTable(model, language), summaryFacts(model, language)),
    sheet('objectives', objectivesTable(model, language)),
    sheet('series', each(seriesTable)),
    sheet('divisions', each(divisionsTable)),
    sheet('worst', each(worstTable)),
    sheet('outages', each(outagesTable)),
    sheet('causes', each(causesTable)),
    sheet('parties', each(partiesTable)),
    sheet('unknown', each(unknownTable)),
    sheet('planned', plannedTable(model, language)),
    sheet('revisions', revisionsTable(model, language)),
    sheet('reclassifications', reclassificationsTable(model, language)),
    ...coverage,
    sheet('method', methodTable(model, language)),
  ];
}

function summaryFacts(model: ReportModel, language: Language): Fact[] {
  const label = WORDS.summary[language];
  const texts = [model.summary, ...(model.coverageSummary === null ? [] : [model.coverageSummary])];
  return [
    { label: WORDS.title[language], value: model.title[language] },
    ...coverFacts(model, language),
    ...model.remarks.map((remark) => ({ label: WORDS.note[language], value: remark[language] })),
    ...texts.map((entry) => ({ label, value: entry[language] })),
  ];
}

function methodTable(model: ReportModel, language: Language): Table {
  const rows = [
    ...model.method.map((entry) => [text(WORDS.method[language]), text(entry[language])]),
    ...model.objectives.map((objective) => [text(objective.name[language]), text(objective.formula[language])]),
    ...model.objectives.flatMap((objective) => objective.remarks.map((remark) => [text(objective.name[language]), text(remark[language])])),
    ...model.assumptions.map((entry) => [text(WORDS.assumptions[language]), text(entry[language])]),
  ];
  const columns = [column(WORDS.item, 'text', 1, language), column(WORDS.text, 'text', 6, language)];
  return { id: 'method', caption: SHEETS.method[language], note: null, columns, rows };
}

/** One table of all objectives; null where there is no objective. */
function stacked(
  objectives: readonly ObjectiveReport[],
  make: (objective: ObjectiveReport, language: Language) => Table,
  language: Language,
): Table | null {
  const tables = objectives.map((objective) => make(objective, language));
  const [first] = tables;
  if (!first) return null;
  const rows = tables.flatMap((table, index) => table.rows.map((row) => [text(objectives[index]?.name[language]), ...row]));
  // The other basis has another name with each basis; a sheet has one head.
  const headings = first.columns.map((own, index) => {
    const names = [...new Set(tables.map((table) => table.columns[index]?.heading ?? own.heading))];
    return { ...own, heading: names.join(' / ') };
  });
  return { ...first, note: null, columns: [column(WORDS.objective, 'text', 2, language), ...headings], rows };
}

/** Columns as sheets have them: bounds are two. */
export function sheetColumns(table: Table, language: Language): Column[] {
  return table.columns.flatMap((own) =>
    own.kind === 'bounds'
      ? [
          { ...own, heading: WORDS.lowest[language], weight: own.weight / 2 },
          { ...own, heading: WORDS.highest[language], weight: own.weight / 2 },
        ]
      : [own],
  );
}

/** The head of a column where numbers stand without their unit, which it then says: `可用率 (%)`, `Down (minutes)`. */
export function heading(own: Column, language: Language): string {
  if (own.kind === 'percent' || own.kind === 'bounds') return `${own.heading} (%)`;
  return own.kind === 'duration' ? `${own.heading} (${WORDS.minutes[language]})` : own.heading;
}

/** The values of a cell: two for bounds, one for all others. Verdicts are words. */
export function sheetCells(cell: Cell, language: Language): SheetValue[] {
  switch (cell.kind) {
    case 'text':
      return [cell.text === '—' ? null : cell.text];
    case 'bounds':
      return [cell.lowest, cell.highest];
    case 'duration':
      return [cell.ms];
    case 'time':
      return [cell.at];
    case 'verdict':
      return [cell.verdict === null ? null : verdictWords(cell.verdict)[language]];
    default:
      return [cell.value];
  }
}
