import { KIND_NAMES } from '@beacontower/contracts';
import { ATTRIBUTES } from './attributes.ts';
import { sheetOf } from './group.ts';
import { renderMail } from './mail.ts';
import type { IncidentMessage } from './message.ts';
import { REASON_NAMES } from './reasons.ts';
import type { Composition } from './sheet.ts';
import { CLASS_NAMES, durationText, type Language, SEVERITY_NAMES, timeText } from './wording.ts';
import { kindOf, stepOf, tagOf } from './words.ts';

/** What a template sees (docs/templates.md). Whatever there is none of is null: a template never fails for want of data. */
export function templateContext(composition: Composition) {
  const { messages, total, language, timeZone, diverted, channel } = composition;
  const sheet = sheetOf(composition);
  const [first] = messages;
  return {
    badge: sheet.badge,
    title: sheet.title,
    subject: sheet.subject,
    paragraphs: sheet.paragraphs,
    rows: sheet.rows.map(([label, value]) => ({ label, value })),
    list: { title: sheet.list?.title ?? null, items: (sheet.list?.items ?? []).map(({ text }) => text), rest: sheet.list?.rest ?? 0 },
    link: { label: sheet.link?.label ?? null, url: sheet.link?.url ?? null },
    footer: sheet.footer,
    text: renderMail(sheet, language).text,
    language,
    channel,
    diverted: { channel: diverted?.channel ?? null, why: diverted?.why ?? null },
    node: first.node,
    total,
    more: Math.max(0, total - messages.length),
    event: eventOf(first),
    incident: incidentOf(first, language, timeZone),
    incidents: messages.map((message) => incidentOf(message, language, timeZone)),
  };
}

const eventOf = (message: IncidentMessage) => ({ id: message.id, type: message.type, step: stepOf(message), time: message.time });

function incidentOf(message: IncidentMessage, language: Language, timeZone: string) {
  const { incident, notice = {} } = message;
  const { cause, affected, warning, condition, flapping, link, blast, attributes, respondBy = null, repairBy = null, ...rest } = incident;
  const at = (iso: string | null) => (iso === null ? null : timeText(iso, timeZone));
  return {
    ...rest,
    kind: kindOf(message),
    step: stepOf(message),
    tag: tagOf(message, language),
    severityName: SEVERITY_NAMES[incident.severity][language],
    cause: {
      ...cause,
      kindName: cause.kind === 'objective' || cause.kind === 'node' ? null : KIND_NAMES[cause.kind][language],
      className: CLASS_NAMES[cause.class][language],
      addresses: cause.addresses ?? [],
      reason: cause.reason ?? null,
      reasonName: cause.reason ? REASON_NAMES[cause.reason][language] : null,
    },
    startedAtText: at(incident.startedAt),
    resolvedAtText: at(incident.resolvedAt),
    respondBy,
    respondByText: at(respondBy),
    repairBy,
    repairByText: at(repairBy),
    duration: durationText(incident.durationMs, language),
    affected: { total: affected.total, dependants: affected.dependants ?? null, names: affected.objects.map(({ name }) => name) },
    attributes: { ...Object.fromEntries(Object.keys(ATTRIBUTES).map((key) => [key, null])), ...attributes },
    lost: reachOf(blast?.lost),
    redundancyLost: reachOf(blast?.redundancy),
    condition: { ...NO_CONDITION, ...condition },
    flapping: { ...NO_FLAPPING, ...flapping },
    link: { ...NO_LINK, ...link },
    warning: { ...NO_WARNING, ...warning },
    notice: { ...NO_NOTICE, ...notice },
  };
}

function reachOf(reach: NonNullable<IncidentMessage['incident']['blast']>['lost'] | undefined) {
  const { objects = null, units = null, services = null, first = [] } = reach ?? {};
  return { objects, units, services, names: first.map(({ name }) => name) };
}

const none = <K extends string>(...keys: readonly K[]) => Object.fromEntries(keys.map((key) => [key, null])) as Record<K, null>;

const NO_CONDITION = none('condition', 'name', 'test', 'value', 'worst', 'raise', 'clear', 'side', 'state', 'forMs');
const NO_FLAPPING = none('share', 'begins', 'ends', 'changes', 'rounds');
const NO_LINK = {
  ...none('node', 'name', 'heardAt', 'afterMs', 'observedUntil', 'objects', 'others', 'othersSilent', 'refused'),
  landing: [] as readonly unknown[],
};
const NO_WARNING = {
  ...none('objective', 'target', 'periodFrom', 'periodTo', 'budgetMs', 'leftMs', 'leftFraction', 'exhaustedAt', 'forecast'),
  firing: [] as readonly unknown[],
};
const NO_NOTICE = none('route', 'escalation', 'stepNumber', 'to', 'by', 'into', 'rota', 'contact', 'note');
