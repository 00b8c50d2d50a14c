import type { CoverageBlock, CoverageLevel } from '../model/coverage-block.ts';
import type { Bilingual, ObjectiveReport, ReportPeriod } from '../model/model.ts';
import { dateIn } from './dates.ts';
import { percent } from './numbers.ts';
import { aggregateWords } from './terms.ts';

// The punctuation of the figures as they are published; between the clauses of the summary and nowhere else.
const COMMA = ',';

type Summarised = Pick<ObjectiveReport, 'subject' | 'aggregate' | 'basis' | 'target'> & {
  readonly figure: { readonly availability: number | null };
};

/**
 * The summary in the form in which such figures are published:
 * `2018年上半年,用户接入网络平均可用率为99.91%,互联网出口平均可用率为99.97%,中央广域骨干网平均可用率为99.97%`. An objective of which nothing was observed
 * is named without a figure; one that leaves out what is charged to others says so.
 */
export function summaryWords(period: Pick<ReportPeriod, 'name'>, objectives: readonly Summarised[]): Bilingual {
  const { zh, en } = period.name;
  if (objectives.length === 0)
    return { zh: `${zh}${COMMA}没有可统计的可用率目标`, en: `${capital(inPeriod(en))} there was no objective to report on.` };
  return {
    zh: [zh, ...objectives.map(clauseZh)].join(COMMA),
    en: `${capital(inPeriod(en))}, ${listed(objectives.map(clauseEn))}.`,
  };
}

function clauseZh({ subject, aggregate, basis, target, figure }: Summarised): string {
  const what = `${subject.zh}${aggregateWords(aggregate).zh}${basis === 'responsible' ? '(责任方口径)' : ''}`;
  return figure.availability === null ? `${what}无观测数据` : `${what}为${percent(figure.availability, target)}`;
}

// The aggregate is named once where all have the same: "of the Internet exit 99.97%".
function clauseEn({ subject, aggregate, basis, target, figure }: Summarised, index: number, all: readonly Summarised[]): string {
  const isRepeated = index > 0 && all.every((each) => each.aggregate === aggregate && each.figure.availability !== null);
  const of = `of ${subject.en}${basis === 'responsible' ? ' (outages of others left out)' : ''}`;
  if (figure.availability === null) return `the ${aggregateWords(aggregate).en} ${of} could not be observed`;
  const printed = percent(figure.availability, target);
  return isRepeated ? `${of} ${printed}` : `the ${aggregateWords(aggregate).en} ${of} was ${printed}`;
}

// A day is one "on" which, anything longer one "in" which something was.
function inPeriod(en: string): string {
  return /^\d{1,2} |^\d{4}-/.test(en) ? `on ${en}` : `in ${en}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

const LEVELS: Readonly<Record<CoverageLevel['level'], Bilingual>> = {
  province: { zh: '省级', en: 'the provinces' },
  city: { zh: '地市级', en: 'the cities' },
  county: { zh: '县级', en: 'the counties' },
};

/** How far the network reached at the end of the period; null where no level has a division. */
export function coverageWords({ at, levels }: CoverageBlock, timeZone: string): Bilingual | null {
  const known = levels.filter(({ fraction }) => fraction !== null);
  if (known.length === 0) return null;
  const day = dateIn(at - 1, timeZone);
  const [year, month, date] = day.split('-').map(Number);
  const parts = known.map(({ level, fraction, withCorps }) => {
    const own = percentOfCoverage(fraction);
    const corps = withCorps === null ? own : percentOfCoverage(withCorps.fraction);
    // Said only where it makes a difference: 100% is 100% either way.
    return {
      zh: `${LEVELS[level].zh}覆盖率为${own}${corps === own ? '' : `(含新疆生产建设兵团为${corps})`}`,
      en: `${own} of ${LEVELS[level].en}${corps === own ? '' : ` (${corps} with the Corps counted in)`}`,
    };
  });
  return {
    zh: [`截至${year}年${month}月${date}日`, ...parts.map(({ zh }) => zh)].join(COMMA),
    en: `At the end of ${day} the network reached ${listed(parts.map(({ en }) => en))}.`,
  };
}

/** Coverage in percent, as it is published with one digit: `95.9%`, `100%`; never 100% when one is missing. */
export function percentOfCoverage(fraction: number | null): string {
  if (fraction === null) return '—';
  if (fraction === 1) return '100%';
  const text = (fraction * 100).toFixed(1);
  return text === '100.0' || (text === '0.0' && fraction > 0) ? percent(fraction) : `${text}%`;
}
