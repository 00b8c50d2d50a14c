import type { Bilingual } from '../model/model.ts';
import { dateIn, isMidnight, timeIn } from './dates.ts';

const ORDINALS = ['first', 'second', 'third', 'fourth'] as const;
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** A period in words, as a sentence about it begins: `2018年上半年`, `the first half of 2018`; by its dates where it has no label. */
export function periodWords(period: {
  readonly from: number;
  readonly to: number;
  readonly label: string | null;
  readonly timeZone: string;
}): Bilingual {
  const { label, from, to, timeZone } = period;
  const [year = '', part = '', day] = label?.split('-') ?? [];
  // Dates alone would make four hours look like their whole day.
  if (label === null)
    return isMidnight(from, timeZone) && isMidnight(to, timeZone)
      ? betweenWords(dateIn(from, timeZone), dateIn(to - 1, timeZone))
      : betweenWords(timeIn(from, timeZone), timeIn(to, timeZone));
  if (part === '') return { zh: `${year}年`, en: `the year ${year}` };
  if (part.startsWith('H'))
    return { zh: `${year}年${part === 'H1' ? '上' : '下'}半年`, en: `the ${part === 'H1' ? 'first' : 'second'} half of ${year}` };
  if (part.startsWith('Q'))
    return { zh: `${year}年第${'一二三四'[Number(part[1]) - 1]}季度`, en: `the ${ORDINALS[Number(part[1]) - 1]} quarter of ${year}` };
  if (part.startsWith('W')) return { zh: `${year}年第${Number(part.slice(1))}周`, en: `week ${Number(part.slice(1))} of ${year}` };
  const month = MONTHS[Number(part) - 1];
  if (day === undefined) return { zh: `${year}年${Number(part)}月`, en: `${month} ${year}` };
  return { zh: `${year}年${Number(part)}月${Number(day)}日`, en: `${Number(day)} ${month} ${year}` };
}

function betweenWords(first: string, last: string): Bilingual {
  return first === last ? { zh: first, en: first } : { zh: `${first}至${last}`, en: `the period from ${first} to ${last}` };
}
