import type { ObjectiveReport } from '../../model/model.ts';
import { aggregateWords, basisWords, count, duration, type Language, percent, points, statusWords } from '../../wording/index.ts';
import { causesChart } from '../charts/causes.ts';
import { divisionsChart } from '../charts/divisions.ts';
import { seriesChart } from '../charts/series.ts';
import { boundsText, verdictText } from './cells.ts';
import type { Block, Fact, KeyFigure, Section, Table } from './content.ts';
import { causesTable, divisionsTable, outagesTable, partiesTable, seriesTable, unknownTable, worstTable } from './objective-tables.ts';
import { fill, SECTIONS, SENTENCES, WORDS } from './words.ts';

/** The pages of an objective: the figure, the period in its parts, provinces, objects, outages, causes. */
export function objectiveSections(objective: ObjectiveReport, language: Language): Section[] {
  const section = (id: keyof typeof SECTIONS, blocks: readonly Block[]): Section => ({
    id: `${objective.id}-${id}`,
    title: SECTIONS[id][language],
    level: 2,
    startsPage: false,
    blocks,
  });
  const causes = causesChart(objective, language);
  const series: Block[] = objective.series.length === 0 ? [] : [chart(SECTIONS.series[language], seriesChart(objective, language))];
  const divisions: Block[] =
    objective.divisions.length === 0 ? [] : [chart(SECTIONS.divisions[language], divisionsChart(objective, language))];
  return [
    {
      id: objective.id,
      title: objective.name[language],
      level: 1,
      startsPage: true,
      blocks: [
        { kind: 'figure', figure: keyFigure(objective, language) },
        ...objective.remarks.map((remark): Block => ({ kind: 'paragraph', style: 'remark', text: remark[language] })),
        { kind: 'facts', facts: facts(objective, language) },
      ],
    },
    section('series', [...series, table(seriesTable(objective, language), language)]),
    section('divisions', [...divisions, table(divisionsTable(objective, language), language)]),
    section('worst', [table(worstTable(objective, language), language)]),
    section('causes', [
      ...(causes === null ? [] : [chart(WORDS.byCause[language], causes)]),
      table(causesTable(objective, language), language),
      ...(objective.parties.length === 0 ? [] : [table(partiesTable(objective, language), language)]),
    ]),
    section('unknown', [table(unknownTable(objective, language), language)]),
    section('outages', [table(outagesTable(objective, language), language)]),
  ];
}

/** A chart with its caption, as a block. */
export function chart(caption: string, drawing: ReturnType<typeof seriesChart>): Block {
  return { kind: 'chart', caption, chart: drawing };
}

/** A table as a block; one without rows is its note only. */
export function table(content: Table, language: Language): Block {
  if (content.rows.length > 0) return { kind: 'table', table: content };
  return { kind: 'paragraph', style: 'body', text: content.note ?? WORDS.none[language] };
}

/** The figure as the page of an objective shows it, large. */
export function keyFigure(objective: ObjectiveReport, language: Language): KeyFigure {
  const { figure, target } = objective;
  return {
    label: aggregateWords(objective.aggregate)[language],
    value: figure.availability === null ? WORDS.noData[language] : percent(figure.availability, target),
    bounds: `${WORDS.bounds[language]}: ${boundsText(figure.lowest, figure.highest, target, language)}`.replace(
      ': ',
      language === 'zh' ? '：' : ': ',
    ),
    target: `${WORDS.target[language]}${language === 'zh' ? '：' : ': '}${percent(target)}`,
    verdict: figure.verdict,
    verdictText: verdictText(figure.verdict, language),
  };
}

function facts(objective: ObjectiveReport, language: Language): Fact[] {
  const { figure, target, budget, previous } = objective;
  const rate = (value: number | null) => (value === null ? WORDS.noData[language] : percent(value, target));
  const before =
    previous.figure === null ? WORDS.noData[language] : `${rate(previous.figure.availability)} (${points(previous.difference, language)})`;
  const left = budget && `${percent(budget.leftFraction)} (${duration(budget.leftMs, language)} / ${duration(budget.budgetMs, language)})`;
  const members = fill(SENTENCES.members[language], { members: count(figure.members), unobserved: count(figure.unobserved) });
  const list: readonly (readonly [keyof typeof WORDS, string])[] = [
    ['previous', before],
    ['experienced', rate(objective.experienced.availability)],
    ['responsible', rate(objective.responsible.availability)],
    ['withMaintenanceLong', rate(figure.availabilityWithMaintenance)],
    ['completeness', figure.completeness === null ? WORDS.noData[language] : percent(figure.completeness)],
    ['members', members],
    ['down', duration(figure.downMs, language)],
    ['excluded', duration(figure.excludedMs, language)],
    ['budgetLeft', left ?? '—'],
    ['resolution', fill(SENTENCES.resolution[language], { longest: duration(figure.resolutionMs, language) })],
    ['basis', basisWords(objective.basis)[language]],
    ['calendar', `${objective.calendar.name[language]} (${objective.timeZone})`],
    ['formula', objective.formula[language]],
    ['status', statusWords(objective.status, objective.timeZone, language)],
  ];
  return list.map(([word, value]) => ({ label: WORDS[word][language], value }));
}
