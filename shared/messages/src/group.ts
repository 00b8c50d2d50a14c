import { SEVERITIES } from '@beacontower/contracts';
import { oneLine } from './escape.ts';
import { incidentSheet } from './facts.ts';
import type { IncidentMessage } from './message.ts';
import type { Composition, Sheet, Tone } from './sheet.ts';
import { durationText, type Language, timeText } from './wording.ts';
import { stepOf, tagOf } from './words.ts';

/** One incident in a message about several: its last news, and whether the same message also brings its alarm. */
interface Entry {
  readonly message: IncidentMessage;
  readonly alsoAlarm: boolean;
}

/** The sheet of a message: of one incident in full, of several by a line each. What it goes by instead of its own channel is said. */
export function sheetOf(composition: Composition): Sheet {
  const { language, timeZone, messages, total } = composition;
  const entries = foldedByIncident(messages);
  const [first] = entries;
  const one = entries.length === 1 && total <= messages.length ? first : undefined;
  const sheet = one ? incidentSheet(one.message, language, timeZone) : groupSheet(composition, entries);
  const notes = [one?.alsoAlarm ? BOTH[language] : '', divertedText(composition)].filter((text) => text !== '');
  return { ...sheet, paragraphs: [...notes, ...sheet.paragraphs] };
}

const BOTH = {
  zh: '告警在发出之前事件已经结束，现一并通知。',
  en: 'It was over before its alarm went out: this message tells both.',
} as const;

/** What a message that goes by another channel than its own says of it; empty: it goes by its own. */
export function divertedText({ diverted, channel, language }: Composition): string {
  if (diverted === null) return '';
  const [own, why] = [oneLine(diverted.channel), oneLine(diverted.why).replace(/[.。]$/, '')];
  if (language === 'zh') return `通道“${own}”不可用（${why}），本消息改由“${channel}”发送。`;
  return `Sent by "${channel}" because "${own}" is down: ${why}.`;
}

/** An incident whose alarm and end come together is one entry: the last that is said of it. Alarms first, the most severe first. */
function foldedByIncident(messages: readonly IncidentMessage[]): Entry[] {
  const byIncident = new Map<string, Entry>();
  for (const message of messages) {
    const known = byIncident.get(message.incident.id);
    const later = known === undefined || isEnd(message) || (!isEnd(known.message) && message.time >= known.message.time);
    const last = later || known === undefined ? message : known.message;
    byIncident.set(message.incident.id, { message: last, alsoAlarm: known !== undefined && isEnd(last) });
  }
  return [...byIncident.values()].sort(
    (a, b) => rank(a.message) - rank(b.message) || a.message.incident.number - b.message.incident.number,
  );
}

const isEnd = (message: IncidentMessage) => stepOf(message) === 'resolved';

const rank = (message: IncidentMessage) => (isEnd(message) ? SEVERITIES.length : 0) + SEVERITIES.indexOf(message.incident.severity);

function groupSheet({ messages, total, language, timeZone }: Composition, entries: readonly Entry[]): Sheet {
  const worst = entries[0]?.message ?? messages[0];
  const rest = Math.max(0, total - messages.length);
  const ended = entries.filter(({ message }) => isEnd(message)).length;
  const title = titleOf(entries.length - ended, ended, rest, language);
  const badge = tagOf(worst, language);
  const items = entries.map((entry) => ({ text: lineOf(entry, language, timeZone), tone: toneOf(entry.message) }));
  return {
    subject: `[${badge}] ${title}`,
    badge,
    tone: toneOf(worst),
    title,
    paragraphs: [],
    rows: [],
    brief: [],
    list: { title: language === 'zh' ? '事件' : 'Incidents', items, rest },
    link: null,
    footer: language === 'zh' ? `烽台 · 节点 ${oneLine(worst.node)}` : `Beacontower · node ${oneLine(worst.node)}`,
  };
}

// How many of those that are not named have ended is not known.
function titleOf(going: number, ended: number, rest: number, language: Language): string {
  const all = going + ended + rest;
  const split = rest === 0 && going > 0 && ended > 0;
  if (language === 'zh') return `${all} 个事件${split ? `：${going} 个进行中，${ended} 个已结束` : ''}`;
  return `${all} incidents${split ? `: ${going} going on, ${ended} over` : ''}`;
}

const toneOf = (message: IncidentMessage): Tone => (isEnd(message) ? 'resolved' : message.incident.severity);

function lineOf({ message, alsoAlarm }: Entry, language: Language, timeZone: string): string {
  const { incident } = message;
  const lasted = durationText(incident.durationMs, language);
  const end = isEnd(message)
    ? [language === 'zh' ? `历时 ${lasted}` : `lasted ${lasted}`, ...(alsoAlarm ? [language === 'zh' ? '含告警' : 'alarm and end'] : [])]
    : [];
  const where = [oneLine(incident.divisionName), timeText(incident.startedAt, timeZone).slice(0, 19), ...end];
  return `[${tagOf(message, language)}] ${oneLine(incident.title)} #${incident.number} · ${where.join(' · ')}`;
}
