import type { Resolution } from '@beacontower/contracts';
import { oneLine } from './escape.ts';
import type { IncidentMessage } from './message.ts';
import { REASON_NAMES } from './reasons.ts';
import { warningRows, warningSummary } from './warning-facts.ts';
import { CLASS_NAMES, durationText, KIND_NAMES, type Language, SEVERITY_NAMES, timeText } from './wording.ts';

/** What an alarm mail says, in order, in the words of one language; not yet escaped for any medium. */
export interface MailFacts {
  readonly subject: string;
  readonly badge: string;
  readonly title: string;
  readonly summary: string;
  readonly rows: readonly (readonly [label: string, value: string])[];
  readonly affectedTitle: string;
  readonly affected: readonly string[];
  readonly more: string | null;
  readonly runbookLabel: string;
  readonly footer: string;
}

const WORDS = {
  zh: {
    tag: { opened: '告警', escalated: '告警升级', resolved: '恢复', ended: '结束' },
    warning: { opened: '预警', escalated: '预警升级', resolved: '预警解除', ended: '预警结束' },
    objective: '目标',
    cause: '对象',
    id: '标识',
    address: '探测地址',
    class: '类别',
    division: '区划',
    party: '责任方',
    severity: '级别',
    reason: '原因',
    started: '发生时间',
    resolved: '恢复时间',
    duration: '历时',
    affected: '影响对象',
    runbook: '处置手册',
    between: '介于',
    and: '与',
    name: '烽台',
  },
  en: {
    tag: { opened: 'Alarm', escalated: 'Escalated', resolved: 'Recovered', ended: 'Ended' },
    warning: { opened: 'Early warning', escalated: 'Early warning, worse', resolved: 'Warning over', ended: 'Warning ended' },
    objective: 'Objective',
    cause: 'Object',
    id: 'Id',
    address: 'Probed address',
    class: 'Class',
    division: 'Division',
    party: 'Responsible',
    severity: 'Severity',
    reason: 'Reason',
    started: 'Began',
    resolved: 'Recovered',
    duration: 'Lasted',
    affected: 'Affected',
    runbook: 'Runbook',
    between: 'between',
    and: 'and',
    name: 'Beacontower',
  },
} as const;

/** The attributes the configuration knows, with their labels; further facts are shown by their own name. */
export const ATTRIBUTES: Readonly<Record<string, Record<Language, string>>> = {
  vendor: { zh: '厂商', en: 'Vendor' },
  model: { zh: '型号', en: 'Model' },
  role: { zh: '角色', en: 'Role' },
  carrier: { zh: '运营商', en: 'Carrier' },
  circuitNumber: { zh: '电路编号', en: 'Circuit number' },
  hotline: { zh: '报障电话', en: 'Hotline' },
  bandwidth: { zh: '带宽', en: 'Bandwidth' },
  unit: { zh: '接入单位', en: 'Unit' },
  unitCode: { zh: '单位编码', en: 'Unit code' },
  owner: { zh: '负责人', en: 'Owner' },
  location: { zh: '位置', en: 'Location' },
  end1: { zh: 'A 端', en: 'A end' },
  end2: { zh: 'Z 端', en: 'Z end' },
  ifName: { zh: '接口名称', en: 'Interface name' },
  ifAlias: { zh: '接口描述', en: 'Interface alias' },
  ifDescr: { zh: '接口说明', en: 'Interface description' },
  ifIndex: { zh: '接口索引', en: 'Interface index' },
  ifType: { zh: '接口类型', en: 'Interface type' },
  ifHighSpeed: { zh: '接口速率 (Mbit/s)', en: 'Interface speed (Mbit/s)' },
  vanishedAt: { zh: '消失时间', en: 'Vanished' },
};

/** How an incident ended; only a cause that was seen serving is said to serve. */
const ENDINGS: Record<Resolution, Record<Language, (lasted: string) => string>> = {
  recovered: { zh: (lasted) => `已恢复，历时 ${lasted}。`, en: (lasted) => `Serving again after ${lasted}.` },
  retired: { zh: () => '对象已退出监测，告警就此结束。', en: () => 'The object is no longer watched; the alarm ends here.' },
  unwatched: {
    zh: () => '对象已改为只记录、不告警，告警就此结束。',
    en: () => 'The object is now only recorded and no longer alarms; the alarm ends here.',
  },
  'by-hand': {
    zh: () => '由值班人员结束；对象当前状态未知。',
    en: () => 'Ended by an operator; the present state of the object is not known.',
  },
};

const SHOWN = 20;

export function mailFacts(message: IncidentMessage, language: Language, timeZone: string): MailFacts {
  const words = WORDS[language];
  const { incident } = message;
  const step = message.type === 'incident.resolved' ? 'resolved' : message.type === 'incident.escalated' ? 'escalated' : 'opened';
  const severity = SEVERITY_NAMES[incident.severity][language];
  const title = oneLine(incident.title);
  const recovered = incident.resolution === null || incident.resolution === 'recovered';
  const tags = incident.warning ? words.warning : words.tag;
  const ended = recovered ? tags.resolved : tags.ended;
  const tag = step === 'resolved' ? ended : `${tags[step]} · ${severity}`;
  const { total, objects } = incident.affected;
  return {
    subject: `[${tag}] ${title} #${incident.number}`,
    badge: tag,
    title,
    summary: incident.warning ? warningSummary(incident.warning, incident.resolution, language, timeZone) : summaryOf(message, language),
    rows: rowsOf(message, language, timeZone),
    affectedTitle: `${words.affected} (${total})`,
    affected: total > 1 ? objects.slice(0, SHOWN).map((object) => oneLine(object.name)) : [],
    more: total > SHOWN ? (language === 'zh' ? `另有 ${total - SHOWN} 个` : `and ${total - SHOWN} more`) : null,
    runbookLabel: words.runbook,
    footer:
      language === 'zh'
        ? `${words.name} · 节点 ${message.node} · 事件 ${message.id}`
        : `${words.name} · node ${message.node} · event ${message.id}`,
  };
}

function summaryOf(message: IncidentMessage, language: Language): string {
  const { incident } = message;
  const others = incident.affected.total - 1;
  if (message.type === 'incident.resolved') {
    return ENDINGS[incident.resolution ?? 'recovered'][language](durationText(incident.durationMs, language));
  }
  if (others > 0) {
    if (language === 'zh') return `另有 ${others} 个下级对象因此受影响，不再单独告警。`;
    return others === 1
      ? '1 more object behind it is affected and does not alarm on its own.'
      : `${others} more objects behind it are affected and do not alarm on their own.`;
  }
  return dependantsText(incident.affected.dependants, language);
}

// An alarm goes out before the objects behind its cause were looked at: what is known of them then is what the inventory says.
function dependantsText(count: number | undefined, language: Language): string {
  if (count === undefined) return '';
  if (language === 'zh') return count > 0 ? `有 ${count} 个对象依赖于它，因此受影响时不再单独告警。` : '没有其他对象只依赖于它。';
  if (count === 0) return 'No other object depends on it alone.';
  return `${count === 1 ? '1 object depends' : `${count} objects depend`} on it; failures behind it do not alarm on their own.`;
}

function rowsOf(message: IncidentMessage, language: Language, timeZone: string): (readonly [string, string])[] {
  const words = WORDS[language];
  const { incident } = message;
  const at = (iso: string) => timeText(iso, timeZone);
  const bounds =
    incident.startedEarliest === incident.startedLatest
      ? ''
      : ` (${words.between} ${clock(at(incident.startedEarliest))} ${words.and} ${clock(at(nextFullSecond(incident.startedLatest)))})`;
  const attributes = Object.entries(incident.attributes).map(
    ([key, value]) => [ATTRIBUTES[key]?.[language] ?? oneLine(key), oneLine(value)] as const,
  );
  const addresses = incident.cause.addresses ?? [];
  return [
    incident.cause.kind === 'objective'
      ? [words.objective, oneLine(incident.cause.name)]
      : [words.cause, `${oneLine(incident.cause.name)} (${KIND_NAMES[incident.cause.kind][language]})`],
    ...(addresses.length === 0 ? [] : [[words.address, oneLine(addresses.join(', '))] as const]),
    [words.id, oneLine(incident.cause.id)],
    ...(incident.cause.reason ? [[words.reason, REASON_NAMES[incident.cause.reason][language]] as const] : []),
    [words.severity, SEVERITY_NAMES[incident.severity][language]],
    [words.class, CLASS_NAMES[incident.cause.class][language]],
    [words.division, oneLine(incident.divisionName)],
    ...(incident.partyName === null ? [] : [[words.party, oneLine(incident.partyName)] as const]),
    [words.started, `${at(incident.startedAt)}${bounds}`],
    ...(incident.resolvedAt === null ? [] : [[words.resolved, at(incident.resolvedAt)] as const]),
    ...(incident.resolvedAt === null ? [] : [[words.duration, durationText(incident.durationMs, language)] as const]),
    ...(incident.warning ? warningRows(incident.warning, language, timeZone) : attributes),
  ];
}

/** The latest moment must not be cut to its second as the others are: the truth would lie outside the bounds. */
function nextFullSecond(iso: string): string {
  return new Date(Math.ceil(Date.parse(iso) / 1_000) * 1_000).toISOString();
}

/** The time of day out of a full time. */
function clock(text: string): string {
  return text.slice(11, 19);
}
