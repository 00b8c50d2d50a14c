import type { ObjectiveBody } from '@beacontower/contracts';
import type { Bilingual } from '../model/model.ts';

const RULE: Bilingual = {
  zh: 'A_i = 正常时间 /（正常时间 + 中断时间）；降级计为正常；开始之前已批准的计划检修与统计日历之外的时间不计入',
  en: 'A_i = up / (up + down) of each object; degraded counts as up; planned work approved before it began and time outside the calendar are excluded',
};
const FORMULAS: Readonly<Record<ObjectiveBody['aggregate'], Bilingual>> = {
  mean: {
    zh: '平均可用率 = ΣA_i / n（n 为有观测数据的对象数）',
    en: 'arithmetic mean: sum(A_i) / n over the n objects that were observed',
  },
  'time-weighted': { zh: '时间加权可用率 = Σ正常时间 / Σ（正常时间 + 中断时间）', en: 'time-weighted: sum(up_i) / sum(up_i + down_i)' },
  'user-weighted': {
    zh: '用户加权可用率 = Σ(w_i·A_i) / Σw_i（w_i 为对象服务的用户数）',
    en: 'user-weighted: sum(w_i A_i) / sum(w_i) over the objects that were observed, w_i = users behind the object',
  },
};

/** How a figure is made, in words. */
export function formulaWords(aggregate: ObjectiveBody['aggregate']): Bilingual {
  const { zh, en } = FORMULAS[aggregate];
  return { zh: `${zh}；${RULE.zh}。`, en: `${en}; ${RULE.en}.` };
}

/** How all the figures of a report are made, a paragraph each. */
export const METHOD: readonly Bilingual[] = [
  {
    zh: '每个对象的时间分为正常、中断、未知、不计入四种，四者之和等于总时间。无人观测的时间为“未知”，既不计为正常，也不计为中断；完整率 = 1 - 未知时间 /（总时间 - 不计入时间）。',
    en: 'The time of an object is up, down, unknown or excluded, and the four add up to the whole. Time that nobody observed is unknown: neither up nor down. Completeness = 1 - unknown / (total - excluded).',
  },
  {
    zh: '下限：未知时间计为中断，每次中断的起止取最不利值；上限：未知时间计为正常，起止取最有利值。真实值在上下限之间。',
    en: 'The lower bound counts unknown as down and every edge of an outage at its worst, the upper bound unknown as up and every edge at its best. The truth lies between.',
  },
  {
    zh: '结论按未取整的数值判定：下限不低于目标为“达标”，上限低于目标为“未达标”，目标在上下限之间为“无法判定”。',
    en: 'A verdict is judged on unrounded numbers: met when the lower bound reaches the target, missed when the upper bound does not, undecided when the target lies between them.',
  },
  {
    zh: '每次中断只归责一次。“用户感知”计入全部中断；“责任方”只计归责于对象所属责任方的中断，归责于他方的中断时间不计入。',
    en: "An outage is charged once. Experienced availability counts every outage; responsible availability counts those charged to the object's own party and leaves the time of the others out.",
  },
  {
    zh: '分辨率是探测可能漏掉的最长中断；更短的中断可能未被发现。',
    en: 'The resolution is the longest outage that the checks could have missed; a shorter one may not have been seen.',
  },
  {
    zh: '百分数保留两位小数；两位小数会使未达标显得达标、或使不足 100% 显得为 100% 时，保留三至四位，仍不足以区分时舍去其后各位。',
    en: 'Percentages are rounded to two digits; to three or four where two would make a missed target look met or what is short of 100% look like it, and cut off after four.',
  },
];

/** The period runs on: what is printed is not the last word. */
export function runningRemark(asOf: string): Bilingual {
  return {
    zh: `统计期尚未结束：本报告为截至${asOf}的数据，并非最终结果。`,
    en: `The period has not ended: the figures go up to ${asOf} and are not final.`,
  };
}

export const NOTHING_SELECTED: Bilingual = {
  zh: '所选范围内没有可用率目标，本报告不含任何可用率数字。',
  en: 'There is no objective in what was selected: this report holds no availability.',
};

export const WITHOUT_MEMBERS: Bilingual = {
  zh: '本期内没有对象属于该目标，因此没有可用率。',
  en: 'No object belonged to this objective in the period, so there is no availability.',
};

export const NOTHING_OBSERVED: Bilingual = {
  zh: '本期内没有任何对象被观测到，因此没有可用率（不等于 100%）。',
  en: 'None of the objects was observed in the period, so there is no availability (which is not 100%).',
};

/** The objective reaches further than the report. */
export function narrowedRemark(division: Bilingual): Bilingual {
  return {
    zh: `该目标的范围大于本报告：只统计${division.zh}之内的对象。`,
    en: `The objective reaches further than this report: only its objects within ${division.en} are counted.`,
  };
}

export const SERIES_IS_LIVE: Bilingual = {
  zh: '分月数据、中断明细与原因按当前已知记录计算，可能与已关闭版本略有差异。',
  en: 'The series, the list of outages and their causes are by what is known now; they may differ from the closed version where something became known since.',
};
