import { KIND_NAMES, type Resolution } from '@beacontower/contracts';
import { ATTRIBUTES } from './attributes.ts';
import { conditionRows, conditionSummary, flappingSummary } from './condition-facts.ts';
import { oneLine, safeLink } from './escape.ts';
import { linkRows, linkSummary } from './link-facts.ts';
import type { IncidentMessage } from './message.ts';
import { noticeText } from './notice-text.ts';
import { blastRows, reachText } from './reach-text.ts';
import { REASON_NAMES } from './reasons.ts';
import type { Sheet, SheetList } from './sheet.ts';
import { warningRows, warningSummary } from './warning-facts.ts';
import { CLASS_NAMES, durationText, type Language, SEVERITY_NAMES, timeText } from './wording.ts';
import { stepOf, tagOf } from './words.ts';

const WORDS = {
  zh: {
    objective: '目标',
    below: '下级节点',
    cause: '对象',
    id: '标识',
    address: '探测地址',
    class: '类别',
    division: '区划',
    party: '责任方',
    severity: '级别',
    reason: '原因',
    state: '处理状态',
    acknowledged: '已确认',
    started: '发生时间',
    resolved: '恢复时间',
    duration: '历时',
    respondBy: '响应时限',
    repairBy: '修复时限',
    affected: '影响对象',
    runbook: '处置手册',
    between: '介于',
    and: '与',
    name: '烽台',
    node: '节点',
    event: '事件',
  },
  en: {
    objective: 'Objective',
    below: 'Node below',
    cause: 'Object',
    id: 'Id',
    address: 'Probed address',
    class: 'Class',
    division: 'Division',
    party: 'Responsible',
    severity: 'Severity',
    reason: 'Reason',
    state: 'State',
    acknowledged: 'acknowledged',
    started: 'Began',
    resolved: 'Recovered',
    duration: 'Lasted',
    respondBy: 'Answer due',
    repairBy: 'Repair due',
    affected: 'Affected',
    runbook: 'Runbook',
    between: 'between',
    and: 'and',
    name: 'Beacontower',
    node: 'node',
    event: 'event',
  },
} as const;

/** How an outage ended; only a cause that was seen serving is said to serve. */
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

/** How many affected objects a sheet names. */
const SHOWN = 20;

/** The sheet of a message about one incident. */
export function incidentSheet(message: IncidentMessage, language: Language, timeZone: string): Sheet {
  const words = WORDS[language];
  const { incident } = message;
  const [badge, title, url] = [tagOf(message, language), oneLine(incident.title), safeLink(incident.runbook)];
  return {
    subject: `[${badge}] ${title} #${incident.number}`,
    badge,
    tone: stepOf(message) === 'resolved' ? 'resolved' : incident.severity,
    title,
    paragraphs: [noticeText(message, language, timeZone), summaryOf(message, language, timeZone)].filter((text) => text !== ''),
    rows: rowsOf(message, language, timeZone),
    brief: briefOf(incident, language, timeZone),
    list: affectedList(incident, language),
    link: url === null ? null : { label: words.runbook, url },
    footer: `${words.name} · ${words.node} ${oneLine(message.node)} · ${words.event} ${message.id}`,
  };
}

function affectedList({ affected: { total, objects } }: IncidentMessage['incident'], language: Language): SheetList | null {
  if (total <= 1) return null;
  const items = objects.slice(0, SHOWN).map((object) => ({ text: oneLine(object.name), tone: null }));
  return { title: `${WORDS[language].affected} (${total})`, items, rest: total - items.length };
}

function summaryOf(message: IncidentMessage, language: Language, timeZone: string): string {
  const { incident } = message;
  const ending = stepOf(message) === 'resolved' ? (incident.resolution ?? 'recovered') : null;
  if (incident.warning) return warningSummary(incident.warning, incident.resolution, language, timeZone);
  if (incident.condition) return conditionSummary(incident.condition, ending, language);
  if (incident.link) return linkSummary(incident.link, incident, ending, language);
  if (incident.flapping) return flappingSummary(incident.flapping, ending, language);
  return ending === null ? reachText(incident, language) : ENDINGS[ending][language](durationText(incident.durationMs, language));
}

function briefOf(incident: IncidentMessage['incident'], language: Language, timeZone: string): string[] {
  const began = timeText(incident.startedAt, timeZone).slice(0, 19);
  const called = ['carrier', 'circuitNumber', 'hotline'].flatMap((key) => {
    const value = incident.attributes[key];
    return value === undefined ? [] : [`${small(ATTRIBUTES[key]?.[language] ?? key)} ${oneLine(value)}`];
  });
  return [oneLine(incident.divisionName), `${small(WORDS[language].started)} ${began}`, ...called];
}

/** A label in the middle of a sentence. */
const small = (label: string) => `${label.slice(0, 1).toLowerCase()}${label.slice(1)}`;

type Row = readonly [label: string, value: string];

function rowsOf(message: IncidentMessage, language: Language, timeZone: string): Row[] {
  const words = WORDS[language];
  const { incident } = message;
  return [
    ...whatRows(incident, language),
    [words.severity, SEVERITY_NAMES[incident.severity][language]],
    ...(incident.state === 'acknowledged' ? [[words.state, words.acknowledged] as const] : []),
    [words.class, CLASS_NAMES[incident.cause.class][language]],
    [words.division, oneLine(incident.divisionName)],
    ...(incident.partyName === null ? [] : [[words.party, oneLine(incident.partyName)] as const]),
    ...whenRows(incident, language, timeZone),
    ...blastRows(incident.blast, language),
    ...(incident.condition ? conditionRows(incident.condition, language) : []),
    ...(incident.link ? linkRows(incident.link, language, timeZone) : []),
    ...(incident.warning ? warningRows(incident.warning, language, timeZone) : attributeRows(incident, language)),
  ];
}

function whatRows({ cause }: IncidentMessage['incident'], language: Language): Row[] {
  const words = WORDS[language];
  const addresses = cause.addresses ?? [];
  return [
    cause.kind === 'objective' || cause.kind === 'node'
      ? [cause.kind === 'node' ? words.below : words.objective, oneLine(cause.name)]
      : [words.cause, `${oneLine(cause.name)} (${KIND_NAMES[cause.kind][language]})`],
    ...(addresses.length === 0 ? [] : [[words.address, oneLine(addresses.join(', '))] as const]),
    [words.id, oneLine(cause.id)],
    ...(cause.reason ? [[words.reason, REASON_NAMES[cause.reason][language]] as const] : []),
  ];
}

function whenRows(incident: IncidentMessage['incident'], language: Language, timeZone: string): Row[] {
  const words = WORDS[language];
  const at = (iso: string) => timeText(iso, timeZone);
  const bounds =
    incident.startedEarliest === incident.startedLatest
      ? ''
      : ` (${words.between} ${clock(at(incident.startedEarliest))} ${words.and} ${clock(at(nextFullSecond(incident.startedLatest)))})`;
  const began: Row = [words.started, `${at(incident.startedAt)}${bounds}`];
  if (incident.resolvedAt !== null)
    return [began, [words.resolved, at(incident.resolvedAt)], [words.duration, durationText(incident.durationMs, language)]];
  const due = [
    [words.respondBy, incident.state === 'open' ? incident.respondBy : undefined],
    [words.repairBy, incident.repairBy],
  ] as const;
  return [began, ...due.flatMap(([label, iso]) => (iso === undefined ? [] : [[label, at(iso)] as const]))];
}

function attributeRows({ attributes }: IncidentMessage['incident'], language: Language): Row[] {
  return Object.entries(attributes).map(([key, value]) => [ATTRIBUTES[key]?.[language] ?? oneLine(key), oneLine(value)] as const);
}

/** The latest moment must not be cut to its second as the others are: the truth would lie outside the bounds. */
function nextFullSecond(iso: string): string {
  return new Date(Math.ceil(Date.parse(iso) / 1_000) * 1_000).toISOString();
}

/** The time of day out of a full time. */
function clock(text: string): string {
  return text.slice(11, 19);
}
