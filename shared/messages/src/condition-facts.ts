import type { Resolution } from '@beacontower/contracts';
import type { ConditionPart, FlappingPart } from './parts.ts';
import { durationText, type Language } from './wording.ts';

type Words = Record<Language, string>;

const TESTS: Record<ConditionPart['test'], Words> = {
  utilisation: { zh: '利用率', en: 'Utilisation' },
  errors: { zh: '错包率', en: 'Error rate' },
  discards: { zh: '丢弃率', en: 'Discard rate' },
  rtt: { zh: '往返时延', en: 'Round-trip time' },
  jitter: { zh: '时延抖动', en: 'Jitter' },
  loss: { zh: '丢包率', en: 'Packet loss' },
  state: { zh: '状态', en: 'State' },
  restart: { zh: '重启', en: 'Restart' },
};

const STATES: Record<NonNullable<ConditionPart['state']>, Words> = {
  down: { zh: '中断', en: 'down' },
  degraded: { zh: '质量劣化', en: 'degraded' },
  unknown: { zh: '状态未知', en: 'unknown' },
};

const ENDINGS: Record<Resolution, Words> = {
  recovered: { zh: '该条件已不再满足。', en: 'The condition holds no more.' },
  retired: {
    zh: '对象或条件已从配置中删除，告警就此结束。',
    en: 'The object or the condition is no longer in the inventory; the alarm ends here.',
  },
  unwatched: {
    zh: '该条件已不再监测此对象，告警就此结束。',
    en: 'The condition is no longer watched on this object; the alarm ends here.',
  },
  'by-hand': { zh: '由值班人员结束。', en: 'Ended by an operator.' },
};

/** The sentence under the title of a condition: what was measured against which limit, for how long. */
export function conditionSummary(condition: ConditionPart, resolution: Resolution | null, language: Language): string {
  if (resolution !== null) return ENDINGS[resolution][language];
  const lasting = durationText(condition.forMs, language);
  const zh = language === 'zh';
  if (condition.test === 'restart')
    return zh ? 'SNMP 代理已重启（sysUpTime 归零）。' : 'The SNMP agent has restarted (sysUpTime began anew).';
  if (condition.test === 'state') {
    const state = STATES[condition.state ?? 'unknown'][language];
    if (condition.forMs === 0) return zh ? `处于“${state}”。` : `It is ${state}.`;
    return zh ? `处于“${state}”已持续 ${lasting}。` : `It has been ${state} for ${lasting}.`;
  }
  const [name, value] = [TESTS[condition.test][language], amount(condition.value, condition.test)];
  const side = condition.side === 'below' ? (zh ? '低于' : 'below') : zh ? '高于' : 'above';
  const during = condition.forMs === 0 ? '' : zh ? `，已持续 ${lasting}` : ` for ${lasting}`;
  return zh
    ? `${name} ${value}，${side} ${amount(condition.raise, condition.test)}${during}。`
    : `${name} ${value}, ${side} ${amount(condition.raise, condition.test)}${during}.`;
}

/** The lines of a condition, after those that say what and where it is. */
export function conditionRows(condition: ConditionPart, language: Language): (readonly [string, string])[] {
  const zh = language === 'zh';
  const name = [zh ? '条件' : 'Condition', `${condition.name} (${condition.condition})`] as const;
  if (condition.test === 'state' || condition.test === 'restart') return [name];
  const unit = condition.test;
  const lines: (readonly [string, number | null])[] = [
    [zh ? '最近值' : 'Last value', condition.value],
    [zh ? '最差值' : 'Worst value', condition.worst],
    [zh ? '告警限值' : 'Raised at', condition.raise],
    [zh ? '解除限值' : 'Cleared at', condition.clear],
  ];
  return [name, ...lines.flatMap(([label, value]) => (value === null ? [] : [[label, amount(value, unit)] as const]))];
}

/** Fractions as percentages, times in ms: three significant digits. */
function amount(value: number | null, test: ConditionPart['test']): string {
  if (value === null) return '?';
  const short = (one: number) => String(Number(one.toPrecision(3)));
  return test === 'rtt' || test === 'jitter' ? `${short(value)} ms` : `${short(value * 100)}%`;
}

const FLAPPING_ENDINGS: Record<Resolution, Words> = {
  recovered: { zh: '已恢复稳定，此后的中断照常告警。', en: 'It is stable again; outages from now on alarm as usual.' },
  retired: { zh: '对象已退出监测，告警就此结束。', en: 'The object is no longer watched; the alarm ends here.' },
  unwatched: {
    zh: '对象已改为只记录、不告警，告警就此结束。',
    en: 'The object is now only recorded and no longer alarms; the alarm ends here.',
  },
  'by-hand': { zh: '由值班人员结束。', en: 'Ended by an operator.' },
};

/** What flapping means for whoever gets it: told once, and when it ends. */
export function flappingSummary(flapping: FlappingPart, resolution: Resolution | null, language: Language): string {
  if (resolution !== null) return FLAPPING_ENDINGS[resolution][language];
  const percent = (share: number) => `${Number((share * 100).toFixed(1))}%`;
  const { changes, rounds, share, ends } = flapping;
  if (language === 'zh')
    return `最近 ${rounds} 轮探测中状态变化 ${changes} 次（加权 ${percent(share)}）；降至 ${percent(ends)} 以下之前，其通断照常记录，不再逐次告警。`;
  return `Its state changed ${changes} times within ${rounds} rounds (weighted ${percent(share)}); until that falls below ${percent(ends)} each outage is recorded, and none alarms on its own.`;
}
