import type { Verdict } from '@beacontower/domain';
import type { CoverageCount, CoverageLevel } from '../model/coverage-block.ts';
import type { Bilingual, FigureStatus, ObjectiveReport, ReclassificationEntry } from '../model/model.ts';
import { actorWords } from './actors.ts';
import { timeIn } from './dates.ts';
import type { Language } from './numbers.ts';

const VERDICTS: Readonly<Record<Verdict, Bilingual>> = {
  met: { zh: '达标', en: 'met' },
  missed: { zh: '未达标', en: 'missed' },
  undecided: { zh: '无法判定', en: 'undecided' },
};

/** A verdict in words. `undecided`: the bounds lie on both sides of the target, or there are none. */
export function verdictWords(verdict: Verdict): Bilingual {
  return VERDICTS[verdict];
}

const BASES: Readonly<Record<ObjectiveReport['basis'], Bilingual>> = {
  experienced: { zh: '用户感知（全部中断计入）', en: 'experienced by users (every outage counts)' },
  responsible: { zh: '责任方（仅计归责于本方的中断）', en: "responsible party (outages charged to the object's own party)" },
};

/** Whose outages count, in words. */
export function basisWords(basis: ObjectiveReport['basis']): Bilingual {
  return BASES[basis];
}

const AGGREGATES: Readonly<Record<ObjectiveReport['aggregate'], Bilingual>> = {
  mean: { zh: '平均可用率', en: 'average availability' },
  'time-weighted': { zh: '时间加权可用率', en: 'time-weighted availability' },
  'user-weighted': { zh: '用户加权可用率', en: 'user-weighted availability' },
};

/** What an aggregate is called. */
export function aggregateWords(aggregate: ObjectiveReport['aggregate']): Bilingual {
  return AGGREGATES[aggregate];
}

const LEVELS: Readonly<Record<CoverageLevel['level'], Bilingual>> = {
  province: { zh: '省级', en: 'provinces' },
  city: { zh: '地市级', en: 'cities' },
  county: { zh: '县级', en: 'counties' },
};

/** A level of divisions, in words. */
export function levelWords(level: CoverageLevel['level']): Bilingual {
  return LEVELS[level];
}

const COUNTS: Readonly<Record<CoverageCount['what'], Bilingual>> = {
  'central-units': { zh: '接入中央政务部门', en: 'central units connected' },
  units: { zh: '接入地方政务部门', en: 'units connected below the centre' },
  terminals: { zh: '接入终端', en: 'terminals connected' },
  applications: { zh: '业务应用', en: 'applications' },
  'internet-exit-units': { zh: '统一互联网出口服务部门', en: 'units served by the unified Internet exit' },
};

/** What is counted in the block of coverage, in words. */
export function countWords(what: CoverageCount['what']): Bilingual {
  return COUNTS[what];
}

const EFFECTS: Readonly<Record<ReclassificationEntry['effect'], Bilingual>> = {
  exclude: { zh: '改为计划检修（不计入）', en: 'taken as planned work (not counted)' },
  count: { zh: '计划检修改为计入', en: 'planned work that counts after all' },
  charge: { zh: '改定责任方', en: 'charged to another party' },
};

/** What a reclassification does, in words. */
export function effectWords(effect: ReclassificationEntry['effect']): Bilingual {
  return EFFECTS[effect];
}

/** Whether a figure is closed and in which version, or what is known at which moment, in words. */
export function statusWords(status: FigureStatus, timeZone: string, language: Language): string {
  if (status.kind === 'closed') {
    const closed = timeIn(status.closedAt, timeZone);
    const by = actorWords(status.closedBy)[language];
    return language === 'zh' ? `已关闭，第${status.version}版（${closed}，${by}）` : `closed, version ${status.version} (${closed}, ${by})`;
  }
  const at = timeIn(status.asOf, timeZone);
  return language === 'zh' ? `实时数据，截至${at}，尚未关闭` : `live as of ${at}, not closed`;
}
