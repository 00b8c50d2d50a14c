import { oneLine } from './escape.ts';
import type { IncidentMessage } from './message.ts';
import type { NoticePart } from './parts.ts';
import { durationText, type Language, timeText } from './wording.ts';
import { stepOf } from './words.ts';

/** What the notice itself says, beside what the incident is about: why this message comes now. Empty for an alarm and an end. */
export function noticeText(message: IncidentMessage, language: Language, timeZone: string): string {
  const { incident, notice = {} } = message;
  const lasted = durationText(incident.durationMs, language);
  const at = (iso: string | undefined) => (iso === undefined ? '' : timeText(iso, timeZone));
  const text = {
    opened: () => '',
    escalated: () => '',
    resolved: () => '',
    repeated: () => (language === 'zh' ? `已持续 ${lasted}，仍无人确认。` : `It has lasted ${lasted}, and nobody has acknowledged it.`),
    unacknowledged: () => escalationText(notice, lasted, language),
    assigned: () => assignmentText(notice, language),
    'respond-soon': () => clockText(at(incident.respondBy), 'respond', 'soon', language),
    'respond-late': () => clockText(at(incident.respondBy), 'respond', 'late', language),
    'repair-soon': () => clockText(at(incident.repairBy), 'repair', 'soon', language),
    'repair-late': () => clockText(at(incident.repairBy), 'repair', 'late', language),
    duty: () => dutyText(notice, lasted, language),
    merged: () => mergedText(notice, language),
  }[stepOf(message)]();
  const note = notice.note === undefined ? '' : oneLine(notice.note);
  if (note === '') return text;
  return language === 'zh' ? `${text}备注：${note}` : `${text}${text === '' ? '' : ' '}Note: ${note}`;
}

function escalationText({ escalation, stepNumber }: NoticePart, lasted: string, language: Language): string {
  const which = escalation === undefined ? '' : oneLine(escalation);
  const number = (stepNumber ?? 0) + 1;
  if (language === 'zh') return `已持续 ${lasted}，无人确认${which === '' ? '' : `，现按升级策略“${which}”第 ${number} 步通知`}。`;
  return `It has lasted ${lasted} and nobody has acknowledged it${which === '' ? '' : `: step ${number} of the escalation "${which}"`}.`;
}

function assignmentText({ to, by }: NoticePart, language: Language): string {
  const [whom, who] = [oneLine(to ?? ''), oneLine(by ?? '')];
  if (language === 'zh') return `${who === '' ? '现' : `${who} `}请${whom === '' ? '您' : ` ${whom} `}接手处理。`;
  return `${who === '' ? 'You are asked' : `${who} asks ${whom === '' ? 'you' : whom}`} to take it over.`;
}

function clockText(due: string, clock: 'respond' | 'repair', when: 'soon' | 'late', language: Language): string {
  if (language === 'zh') {
    const what = clock === 'respond' ? '响应' : '修复';
    if (when === 'late') return `${due === '' ? `${what}时限` : `${what}时限 ${due} `}已过。`;
    return due === '' ? `${what}时限将至。` : `须在 ${due} 之前${what}。`;
  }
  const what = clock === 'respond' ? 'Somebody was to answer for it' : 'It was to be repaired';
  if (when === 'late') return `${what}${due === '' ? ' by now' : ` by ${due}`}.`;
  const ahead = clock === 'respond' ? 'Somebody must answer for it' : 'It must be repaired';
  return `${ahead}${due === '' ? ' soon' : ` by ${due}`}.`;
}

function dutyText({ rota }: NoticePart, lasted: string, language: Language): string {
  const which = rota === undefined ? '' : oneLine(rota);
  if (language === 'zh') return `${which === '' ? '' : `值班表“${which}”`}交接班：该事件已持续 ${lasted}，尚未结束。`;
  return `${which === '' ? 'Your duty begins' : `Your duty in the rota "${which}" begins`} while it goes on; it has lasted ${lasted}.`;
}

function mergedText({ into }: NoticePart, language: Language): string {
  if (language === 'zh') return into === undefined ? '已并入另一事件。' : `已并入事件 #${into}，后续请见该事件。`;
  return into === undefined ? 'Merged into another incident.' : `Merged into incident #${into}; what comes next is told there.`;
}
