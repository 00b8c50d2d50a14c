import type { IncidentKind, NoticeStep, Resolution } from '@beacontower/contracts';
import type { IncidentMessage } from './message.ts';
import { type Language, SEVERITY_NAMES } from './wording.ts';

/** What a message is, in a word or two: the badge of a mail, the start of a subject. */
const TAGS: Record<NoticeStep, Record<Language, string>> = {
  opened: { zh: '告警', en: 'Alarm' },
  escalated: { zh: '告警升级', en: 'Escalated' },
  repeated: { zh: '仍未确认', en: 'Still unacknowledged' },
  unacknowledged: { zh: '无人确认', en: 'Nobody acknowledged' },
  assigned: { zh: '指派', en: 'Assigned' },
  'respond-soon': { zh: '响应即将超时', en: 'Answer due soon' },
  'respond-late': { zh: '响应已超时', en: 'Answer overdue' },
  'repair-soon': { zh: '修复即将超时', en: 'Repair due soon' },
  'repair-late': { zh: '修复已超时', en: 'Repair overdue' },
  duty: { zh: '交接班', en: 'Hand-over' },
  merged: { zh: '已合并', en: 'Merged' },
  resolved: { zh: '恢复', en: 'Recovered' },
};

type Own = Partial<Record<'opened' | 'escalated' | 'resolved' | 'ended', Record<Language, string>>>;
/** Where a kind has words of its own. `ended`: over, but not because it recovered. */
const OWN_TAGS: Record<IncidentKind, Own> = {
  outage: { ended: { zh: '结束', en: 'Ended' } },
  'early-warning': {
    opened: { zh: '预警', en: 'Early warning' },
    escalated: { zh: '预警升级', en: 'Early warning, worse' },
    resolved: { zh: '预警解除', en: 'Warning over' },
    ended: { zh: '预警结束', en: 'Warning ended' },
  },
  condition: { resolved: { zh: '告警解除', en: 'Cleared' }, ended: { zh: '结束', en: 'Ended' } },
  link: { resolved: { zh: '恢复联系', en: 'Heard again' }, ended: { zh: '结束', en: 'Ended' } },
  flapping: { resolved: { zh: '恢复稳定', en: 'Stable again' }, ended: { zh: '结束', en: 'Ended' } },
};

export const stepOf = (message: IncidentMessage): NoticeStep => message.type.slice('incident.'.length) as NoticeStep;

export const kindOf = (message: IncidentMessage): IncidentKind => message.incident.kind ?? 'outage';

/** The badge: what kind of message it is and, while it goes on, how severe. */
export function tagOf(message: IncidentMessage, language: Language): string {
  const step = stepOf(message);
  const own = OWN_TAGS[kindOf(message)];
  if (step === 'resolved') return (own[isRecovered(message.incident.resolution) ? 'resolved' : 'ended'] ?? TAGS.resolved)[language];
  const tag = (step === 'opened' || step === 'escalated' ? own[step] : undefined) ?? TAGS[step];
  return `${tag[language]} · ${SEVERITY_NAMES[message.incident.severity][language]}`;
}

export function isRecovered(resolution: Resolution | null): boolean {
  return resolution === null || resolution === 'recovered';
}
