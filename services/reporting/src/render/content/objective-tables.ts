import type { Bilingual, Listing, Named, ObjectiveReport, ReportFigure } from '../../model/model.ts';
import { count, type Language, reasonWords } from '../../wording/index.ts';
import { worstFirst } from '../charts/divisions.ts';
import { bounds, difference, fraction, number, span, text, time, verdict } from './cells.ts';
import type { Cell, Table } from './content.ts';
import { tabulate } from './table.ts';
import { fill, SECTIONS, SENTENCES, WORDS } from './words.ts';

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
    ...tabulate(objective.series, language, [
      [WORDS.part, 'text', 1.2, (row) => text(row.label)],
      [WORDS.availability, 'percent', 1.1, (row) => fraction(row.figure.availability, target)],
      [WORDS.bounds, 'bounds', 2.2, (row) => bounds(row.figure, target)],
      [WORDS.verdict, 'verdict', 1.5, (row) => judged(row.figure)],
      [WORDS.down, 'duration', 1.6, (row) => span(row.figure.downMs)],
      [WORDS.unknownTime, 'duration', 1.6, (row) => span(row.figure.unknownMs)],
      [WORDS.completeness, 'percent', 1.2, (row) => fraction(row.figure.completeness)],
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
    ...tabulate(worstFirst(objective.divisions), language, [
      [WORDS.division, 'text', 2.3, (row) => text(row.division.name[language])],
      [WORDS.availability, 'percent', 1.2, (row) => fraction(row.figure.availability, target)],
      [WORDS.bounds, 'bounds', 2.2, (row) => bounds(row.figure, target)],
      [WORDS.verdict, 'verdict', 1.5, (row) => judged(row.figure)],
      [WORDS.previous, 'percent', 1.2, (row) => fraction(row.previous, target)],
      [WORDS.difference, 'points', 1.3, (row) => difference(row.difference)],
      [other, 'percent', 1.2, (row) => fraction(row.other.availability, target)],
      [WORDS.completeness, 'percent', 1.3, (row) => fraction(row.figure.completeness)],
      [WORDS.members, 'count', 1, (row) => number(row.figure.members)],
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
    ...tabulate(worst.items, language, [
      [WORDS.object, 'text', 3, (row) => text(row.object.name[language])],
      [WORDS.division, 'text', 2, (row) => text(row.division.name[language])],
      [WORDS.party, 'text', 1.5, (row) => text(row.party?.name[language])],
      [WORDS.availability, 'percent', 1.1, (row) => fraction(row.figure.availability, target)],
      [WORDS.bounds, 'bounds', 2.2, (row) => bounds(row.figure, target)],
      [WORDS.outages, 'count', 1, (row) => number(row.outages)],
      [WORDS.down, 'duration', 1.5, (row) => span(row.figure.downMs)],
      [WORDS.longest, 'duration', 1.5, (row) => span(row.longestMs)],
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
    ...tabulate(outages.items, language, [
      [WORDS.object, 'text', 2.6, (row) => text(row.object.name[language])],
      [WORDS.division, 'text', 1.7, (row) => text(row.division.name[language])],
      [WORDS.from, 'time', 1.7, (row) => time(row.from, timeZone)],
      [WORDS.to, 'time', 1.7, (row) => (row.ongoing ? text(WORDS.ongoing[language]) : time(row.to, timeZone))],
      [WORDS.counted, 'duration', 1.4, (row) => span(row.countedMs)],
      [WORDS.uncertainty, 'duration', 1, (row) => span(row.uncertaintyMs)],
      [WORDS.reason, 'text', 1.2, (row) => text(reasonWords(row.reason)[language])],
      [WORDS.cause, 'text', 1.4, (row) => text(row.cause?.name[language])],
      [
        WORDS.party,
        'text',
        1.4,
        (row) =>
          text(
            row.reclassification === null ? row.party?.name[language] : `${nameOf(row.party, language)} (${WORDS.reclassified[language]})`,
          ),
      ],
      [WORDS.incident, 'text', 1.1, (row) => text(row.incident === null ? null : `#${row.incident}`)],
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
    ...tabulate(rows, language, [
      [what, 'text', 3, (row) => text(row.name)],
      [WORDS.outages, 'count', 1, (row) => number(row.outages)],
      [WORDS.down, 'duration', 1.5, (row) => span(row.downMs)],
      [WORDS.share, 'percent', 1, (row) => fraction(row.share)],
    ]),
  };
}

/** The objects that nobody looked at for the longest. */
export function unknownTable(objective: ObjectiveReport, language: Language): Table {
  const { unknown } = objective;
  return {
    id: 'unknown',
    caption: SECTIONS.unknown[language],
    note: unknown.items.length === 0 ? emptyNote(objective, SENTENCES.noUnknown)[language] : listed(unknown, language),
    ...tabulate(unknown.items, language, [
      [WORDS.object, 'text', 3, (row) => text(row.object.name[language])],
      [WORDS.division, 'text', 2, (row) => text(row.division.name[language])],
      [WORDS.unknownTime, 'duration', 1.5, (row) => span(row.unknownMs)],
      [WORDS.completeness, 'percent', 1.2, (row) => fraction(row.completeness)],
    ]),
  };
}
