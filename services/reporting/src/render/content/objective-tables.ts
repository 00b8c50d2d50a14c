import type { Bilingual, Listing, Named, ObjectiveReport, ReportFigure } from '../../model/model.ts';
import { count, type Language, reasonWords } from '../../wording/index.ts';
import { worstFirst } from '../charts/divisions.ts';
import { bounds, difference, fraction, number, span, text, time, verdict } from './cells.ts';
import type { Cell, Column, Table } from './content.ts';
import { fill, SECTIONS, SENTENCES, WORDS } from './words.ts';

/** A column of a table. */
export function column(heading: Bilingual, kind: Cell['kind'], weight: number, language: Language): Column {
  return { heading: heading[language], kind, weight };
}

/** How many of a list are shown, in words. */
export function listed(listing: Listing<unknown>, language: Language): string {
  const shown = listing.items.length;
  const sentence = shown < listing.total ? SENTENCES.listed : SENTENCES.listedAll;
  return fill(sentence[language], { shown: count(shown), total: count(listing.total) });
}

/** The name of something, or a dash. */
export function nameOf(thing: Named | null, language: Language): string {
  return thing?.name[language] ?? '—';
}

/** That nothing was found says something only where somebody looked. */
function emptyNote(objective: ObjectiveReport, sentence: Bilingual): Bilingual {
  return objective.figure.availability === null ? SENTENCES.notObserved : sentence;
}

/** A figure is judged only where there is one. */
function judged(figure: ReportFigure): Cell {
  return verdict(figure.availability === null ? null : figure.verdict);
}

/** By month (or day). */
export function seriesTable(objective: ObjectiveReport, language: Language): Table {
  const { target } = objective;
  return {
    id: 'series',
    caption: SECTIONS.series[language],
    note: null,
    columns: [
      column(WORDS.part, 'text', 1.2, language),
      column(WORDS.availability, 'percent', 1.1, language),
      column(WORDS.bounds, 'bounds', 2.2, language),
      column(WORDS.verdict, 'verdict', 1.5, language),
      column(WORDS.down, 'duration', 1.6, language),
      column(WORDS.unknownTime, 'duration', 1.6, language),
      column(WORDS.completeness, 'percent', 1.2, language),
    ],
    rows: objective.series.map(({ label, figure }) => [
      text(label),
      fraction(figure.availability, target),
      bounds(figure, target),
      judged(figure),
      span(figure.downMs),
      span(figure.unknownMs),
      fraction(figure.completeness),
    ]),
  };
}

/** By province, the lowest first, with the period before and the other basis beside it. */
export function divisionsTable(objective: ObjectiveReport, language: Language): Table {
  const { target } = objective;
  const other = objective.basis === 'experienced' ? WORDS.otherResponsible : WORDS.otherExperienced;
  return {
    id: 'divisions',
    caption: SECTIONS.divisions[language],
    note: objective.divisions.length === 0 ? SENTENCES.noDivisions[language] : SENTENCES.lowestFirst[language],
    columns: [
      column(WORDS.division, 'text', 2.3, language),
      column(WORDS.availability, 'percent', 1.2, language),
      column(WORDS.bounds, 'bounds', 2.2, language),
      column(WORDS.verdict, 'verdict', 1.5, language),
      column(WORDS.previous, 'percent', 1.2, language),
      column(WORDS.difference, 'points', 1.3, language),
      column(other, 'percent', 1.2, language),
      column(WORDS.completeness, 'percent', 1.3, language),
      column(WORDS.members, 'count', 1, language),
    ],
    rows: worstFirst(objective.divisions).map((row) => [
      text(row.division.name[language]),
      fraction(row.figure.availability, target),
      bounds(row.figure, target),
      judged(row.figure),
      fraction(row.previous, target),
      difference(row.difference),
      fraction(row.other.availability, target),
      fraction(row.figure.completeness),
      number(row.figure.members),
    ]),
  };
}

/** The objects with the lowest availability. */
export function worstTable(objective: ObjectiveReport, language: Language): Table {
  const { target, basis, worst } = objective;
  const none = basis === 'responsible' ? SENTENCES.noWorstResponsible : SENTENCES.noWorst;
  return {
    id: 'worst',
    caption: SECTIONS.worst[language],
    note: worst.items.length === 0 ? emptyNote(objective, none)[language] : `${SENTENCES.lowestFirst[language]} ${listed(worst, language)}`,
    columns: [
      column(WORDS.object, 'text', 3, language),
      column(WORDS.division, 'text', 2, language),
      column(WORDS.party, 'text', 1.5, language),
      column(WORDS.availability, 'percent', 1.1, language),
      column(WORDS.bounds, 'bounds', 2.2, language),
      column(WORDS.outages, 'count', 1, language),
      column(WORDS.down, 'duration', 1.5, language),
      column(WORDS.longest, 'duration', 1.5, language),
    ],
    rows: worst.items.map((row) => [
      text(row.object.name[language]),
      text(row.division.name[language]),
      text(row.party?.name[language]),
      fraction(row.figure.availability, target),
      bounds(row.figure, target),
      number(row.outages),
      span(row.figure.downMs),
      span(row.longestMs),
    ]),
  };
}

/** The longest outages. */
export function outagesTable(objective: ObjectiveReport, language: Language): Table {
  const { outages, timeZone } = objective;
  const order = fill(SENTENCES.longestFirst[language], { zone: timeZone });
  return {
    id: 'outages',
    caption: SECTIONS.outages[language],
    note: outages.items.length === 0 ? SENTENCES.noOutages[language] : `${order} ${listed(outages, language)}`,
    columns: [
      column(WORDS.object, 'text', 2.6, language),
      column(WORDS.division, 'text', 1.7, language),
      column(WORDS.from, 'time', 1.7, language),
      column(WORDS.to, 'time', 1.7, language),
      column(WORDS.counted, 'duration', 1.4, language),
      column(WORDS.uncertainty, 'duration', 1, language),
      column(WORDS.reason, 'text', 1.2, language),
      column(WORDS.cause, 'text', 1.4, language),
      column(WORDS.party, 'text', 1.4, language),
      column(WORDS.incident, 'text', 1.1, language),
    ],
    rows: outages.items.map((row) => [
      text(row.object.name[language]),
      text(row.division.name[language]),
      time(row.from, timeZone),
      row.ongoing ? text(WORDS.ongoing[language]) : time(row.to, timeZone),
      span(row.countedMs),
      span(row.uncertaintyMs),
      text(reasonWords(row.reason)[language]),
      text(row.cause?.name[language]),
      text(row.reclassification === null ? row.party?.name[language] : `${nameOf(row.party, language)} (${WORDS.reclassified[language]})`),
      text(row.incident === null ? null : `#${row.incident}`),
    ]),
  };
}

/** Downtime by cause. */
export function causesTable(objective: ObjectiveReport, language: Language): Table {
  return shares(
    'causes',
    WORDS.byCause,
    WORDS.cause,
    objective.causes.map((row) => ({ ...row, name: row.cause?.name[language] ?? WORDS.noCause[language] })),
    language,
  );
}

/** Downtime by the party it is charged to. */
export function partiesTable(objective: ObjectiveReport, language: Language): Table {
  return shares(
    'parties',
    WORDS.byParty,
    WORDS.party,
    objective.parties.map((row) => ({ ...row, name: row.party?.name[language] ?? WORDS.noParty[language] })),
    language,
  );
}

interface ShareRow {
  readonly name: string;
  readonly outages: number;
  readonly downMs: number;
  readonly share: number;
}

function shares(id: string, caption: Bilingual, what: Bilingual, rows: readonly ShareRow[], language: Language): Table {
  return {
    id,
    caption: caption[language],
    note: rows.length === 0 ? SENTENCES.noOutages[language] : SENTENCES.shares[language],
    columns: [
      column(what, 'text', 3, language),
      column(WORDS.outages, 'count', 1, language),
      column(WORDS.down, 'duration', 1.5, language),
      column(WORDS.share, 'percent', 1, language),
    ],
    rows: rows.map((row) => [text(row.name), number(row.outages), span(row.downMs), fraction(row.share)]),
  };
}

/** The objects that nobody looked at for the longest. */
export function unknownTable(objective: ObjectiveReport, language: Language): Table {
  const { unknown } = objective;
  return {
    id: 'unknown',
    caption: SECTIONS.unknown[language],
    note: unknown.items.length === 0 ? emptyNote(objective, SENTENCES.noUnknown)[language] : listed(unknown, language),
    columns: [
      column(WORDS.object, 'text', 3, language),
      column(WORDS.division, 'text', 2, language),
      column(WORDS.unknownTime, 'duration', 1.5, language),
      column(WORDS.completeness, 'percent', 1.2, language),
    ],
    rows: unknown.items.map((row) => [
      text(row.object.name[language]),
      text(row.division.name[language]),
      span(row.unknownMs),
      fraction(row.completeness),
    ]),
  };
}
