import type { Resolution } from '@beacontower/contracts';
import type { State } from '@beacontower/domain';
import { oneLine } from './escape.ts';
import type { LinkPart } from './parts.ts';
import { durationText, type Language, timeText } from './wording.ts';

type Words = Record<Language, string>;

const STATES: Record<State, Words> = {
  up: { zh: '正常', en: 'up' },
  degraded: { zh: '质量劣化', en: 'degraded' },
  down: { zh: '中断', en: 'down' },
  unknown: { zh: '状态未知', en: 'unknown' },
};

const ENDINGS: Record<Resolution, (lasted: string) => Words> = {
  recovered: (lasted) => ({
    zh: `失联 ${lasted} 后已恢复联系；其间的记录由该节点自行补报。`,
    en: `It is heard again after ${lasted}; its own record of that time follows.`,
  }),
  retired: () => ({
    zh: '该节点已退出联网，告警就此结束。',
    en: 'The node does not report here any more; the alarm ends here.',
  }),
  unwatched: () => ({ zh: '该节点已不再监视，告警就此结束。', en: 'The node is no longer watched; the alarm ends here.' }),
  'by-hand': () => ({ zh: '由值班人员结束。', en: 'Ended by an operator.' }),
};

/** The sentences under the title: that this side is blind, not that the other is down, and what is seen of its landing device. */
export function linkSummary(
  link: LinkPart,
  { durationMs }: { readonly durationMs: number },
  resolution: Resolution | null,
  language: Language,
): string {
  if (resolution !== null) return ENDINGS[resolution](durationText(durationMs, language))[language];
  const parts = [blindText(link)[language], landingText(link, language), refusedText(link)[language], aloneText(link)[language]];
  return parts.filter((part) => part !== '').join(language === 'zh' ? '' : ' ');
}

const blindText = ({ objects }: LinkPart): Words => ({
  zh: `其 ${objects} 个对象自此在本级不可见，并不等于中断。`,
  en: `Its ${objects} objects are unobserved from here since then, which does not mean that they are down.`,
});

function landingText({ landing }: LinkPart, language: Language): string {
  const zh = language === 'zh';
  if (landing.length === 0)
    return zh ? '本级未配置对其落地设备的探测。' : 'Nothing here probes its landing device (no object with role: landing in its division).';
  const named = landing.map(({ name, state }) => (zh ? `${oneLine(name)} ${STATES[state].zh}` : `${oneLine(name)} ${STATES[state].en}`));
  return zh ? `本级探测所见：${named.join('、')}。` : `Seen from here: ${named.join(', ')}.`;
}

const refusedText = ({ refused }: LinkPart): Words =>
  refused === null
    ? { zh: '', en: '' }
    : { zh: `其报送被拒收：${refused.code}。`, en: `What it sends is refused: ${refused.code} (${oneLine(refused.detail)}).` };

const aloneText = ({ others, othersSilent }: LinkPart): Words =>
  others === 0 || othersSilent < others
    ? { zh: '', en: '' }
    : { zh: '其他下级节点也全部失联：请先检查本级。', en: 'No other node is heard either: look at this side first.' };

/** The lines of a node that is not heard. */
export function linkRows(
  { heardAt, observedUntil, others, othersSilent }: LinkPart,
  language: Language,
  timeZone: string,
): [string, string][] {
  const zh = language === 'zh';
  const until: [string, string][] = observedUntil === null ? [] : [[zh ? '记录到达' : 'Observed until', timeText(observedUntil, timeZone)]];
  return [
    [zh ? '最后报送' : 'Last heard', timeText(heardAt, timeZone)],
    ...until,
    ...(others === 0 ? [] : [[zh ? '其他节点失联' : 'Other nodes silent', `${othersSilent} / ${others}`] as [string, string]]),
  ];
}
