import {
  conditionTitle,
  type EarlyWarning,
  flappingTitle,
  INCIDENT_KINDS,
  type LinkFacts,
  linkTitle,
  NOTICE_STEPS,
  outageTitle,
  RESOLUTIONS,
  SEVERITIES,
  warningTitle,
} from '@beacontower/contracts';
import { countDependants, type MonitoredObject, OBJECT_CLASSES, OBJECT_KINDS, REASONS } from '@beacontower/domain';
import { z } from 'zod';
import type { MessageDirectory, MessageInput } from './input.ts';
import { BlastPart, blastPart, ConditionPart, conditionName, FlappingPart, factsPart, LinkPart, NoticePart } from './parts.ts';
import { WarningPart, warningPart } from './warning-part.ts';
import type { Language } from './wording.ts';

const time = z.string();

/**
 * The event as receivers get it (the body of a webhook) and as it is stored with the delivery: what was so when it was decided.
 * Times are RFC 3339 in UTC. `id` is the same for every attempt and every receiver. See docs/webhooks.md.
 */
export const IncidentMessage = z.object({
  id: z.string(),
  type: z.enum(NOTICE_STEPS.map((step) => `incident.${step}` as const)),
  time,
  node: z.string(),
  incident: z.object({
    id: z.string(),
    number: z.number().int(),
    /** Absent: an outage. */
    kind: z.enum(INCIDENT_KINDS).optional(),
    state: z.enum(['open', 'acknowledged', 'resolved', 'closed']),
    severity: z.enum(SEVERITIES),
    title: z.string(),
    cause: z.object({
      id: z.string(),
      name: z.string(),
      /** `objective`: of an early warning; `node`: of a node that is not heard. */
      kind: z.enum([...OBJECT_KINDS, 'objective', 'node']),
      class: z.enum(OBJECT_CLASSES),
      /** What is probed, each once, IPv4 first; of an interface there is none. Not in messages stored before there was such a field. */
      addresses: z.array(z.string()).optional(),
      /** Why it was in trouble; null when it no longer was, or nobody knew. Not in messages stored before. */
      reason: z.enum(REASONS).nullable().optional(),
    }),
    division: z.string(),
    divisionName: z.string(),
    party: z.string().nullable(),
    partyName: z.string().nullable(),
    startedAt: time,
    startedEarliest: time,
    startedLatest: time,
    openedAt: time,
    resolvedAt: time.nullable(),
    /** How it ended: the cause serves again, was retired, a person ended it, or it is no longer to alarm; null while it goes on. */
    resolution: z.enum(RESOLUTIONS).nullable(),
    durationMs: z.number().int(),
    affected: z.object({
      /** Known to be bad because of the cause, itself counted: right after a cut the others have hardly been seen yet. */
      total: z.number().int(),
      objects: z.array(z.object({ id: z.string(), name: z.string() })),
      /** By the inventory: watched objects that cannot be reached without the cause. Not in messages stored before. */
      dependants: z.number().int().optional(),
    }),
    runbook: z.string().nullable(),
    attributes: z.record(z.string(), z.string()),
    /** Of an early warning alone: what burns, how fast, and what is left. */
    warning: WarningPart.optional(),
    /** Of a condition alone. */
    condition: ConditionPart.optional(),
    /** Of flapping alone. */
    flapping: FlappingPart.optional(),
    /** Of a node that is not heard alone. */
    link: LinkPart.optional(),
    /** Of an outage, once it is known. */
    blast: BlastPart.optional(),
    /** By when somebody must have answered for it, and by when it must be repaired. Absent: there is no such clock. */
    respondBy: time.optional(),
    repairBy: time.optional(),
  }),
  /** What else the notice says; with types other than `opened`, `escalated` and `resolved`. */
  notice: NoticePart.optional(),
});
export type IncidentMessage = z.infer<typeof IncidentMessage>;

/** How many affected objects a message names. */
export const AFFECTED_LIMIT = 100;

/** Builds the event from the record and the inventory. An object that has been retired keeps its id for a name. */
export function createMessage(input: MessageInput, directory: MessageDirectory): IncidentMessage {
  const { incident, now } = input;
  const iso = (at: number) => new Date(at).toISOString();
  const notice = NoticePart.parse(input.notice ?? {});
  const { title, cause, affected, runbook, attributes, ...more } = aboutOf(input, directory);
  return {
    id: input.id,
    type: `incident.${input.step}`,
    time: iso(now),
    node: directory.node,
    incident: {
      id: incident.id,
      number: incident.number,
      state: incident.state,
      severity: incident.severity,
      title,
      cause,
      ...placeOf(input, directory),
      startedAt: iso(incident.startedAt),
      startedEarliest: iso(incident.startedEarliest),
      startedLatest: iso(incident.startedLatest),
      openedAt: iso(incident.openedAt),
      resolvedAt: incident.resolvedAt === null ? null : iso(incident.resolvedAt),
      resolution: input.resolution,
      durationMs: Math.max(0, (incident.resolvedAt ?? now) - incident.startedAt),
      affected,
      runbook,
      attributes,
      ...more,
      ...(input.respondBy ? { respondBy: iso(input.respondBy) } : {}),
      ...(input.repairBy ? { repairBy: iso(input.repairBy) } : {}),
    },
    ...(Object.keys(notice).length === 0 ? {} : { notice }),
  };
}

type Incident = IncidentMessage['incident'];
/** What messages of each kind tell differently. */
type About = Pick<Incident, 'title' | 'cause' | 'affected' | 'runbook' | 'attributes'> &
  Partial<Pick<Incident, 'kind' | 'warning' | 'condition' | 'flapping' | 'link' | 'blast'>>;

function aboutOf(input: MessageInput, directory: MessageDirectory): About {
  if (input.warning) return aboutWarning(input, input.warning);
  return input.facts?.kind === 'link' ? aboutLink(input, input.facts) : aboutObject(input, directory);
}

function placeOf(
  { incident, language }: MessageInput,
  directory: MessageDirectory,
): Pick<Incident, 'division' | 'divisionName' | 'party' | 'partyName'> {
  const named = (entity: { name: string; nameEn: string | null } | undefined) =>
    (language === 'en' ? entity?.nameEn : undefined) ?? entity?.name;
  return {
    division: incident.division,
    divisionName: named(directory.divisions.get(incident.division)) ?? incident.division,
    party: incident.party,
    partyName: named(directory.parties.get(incident.party ?? '')) ?? incident.party,
  };
}

function aboutObject(input: MessageInput, directory: MessageDirectory): About {
  const { incident, language, reason, affected, facts, blast } = input;
  const cause = directory.objects.get(incident.cause);
  const name = (id: string) => nameOf(directory, id, language);
  const dependants = incident.kind === 'outage' ? { dependants: countDependants(directory.dependencies, incident.cause) } : {};
  return {
    ...(incident.kind === 'outage' ? {} : { kind: incident.kind }),
    title: titleFor(input, directory),
    cause: {
      id: incident.cause,
      name: name(incident.cause),
      kind: cause?.kind ?? 'device',
      class: incident.class,
      addresses: addressesOf(cause),
      reason,
    },
    affected: { total: affected.total, objects: affected.objects.map((id) => ({ id, name: name(id) })), ...dependants },
    runbook: (facts?.kind === 'condition' ? facts.runbook : null) ?? cause?.runbook ?? null,
    attributes: Object.fromEntries(Object.entries(cause?.attributes ?? {}).filter(([key]) => key !== ENGLISH_NAME)),
    ...(facts ? factsPart(facts, language) : {}),
    ...(blast ? { blast: blastPart(blast, name) } : {}),
  };
}

function titleFor({ incident, language, facts }: MessageInput, directory: MessageDirectory): string {
  const kind = directory.objects.get(incident.cause)?.kind ?? 'device';
  const name = nameOf(directory, incident.cause, language);
  if (facts?.kind === 'condition') return conditionTitle(language, kind, name, conditionName(facts, language));
  if (facts?.kind === 'flapping') return flappingTitle(language, kind, name);
  return outageTitle(language, kind, name, incident.severity);
}

// An objective is in no directory of objects: the incident's events say what it is called.
function aboutWarning({ incident, language }: MessageInput, warning: EarlyWarning): About {
  const name = (language === 'en' ? warning.nameEn : null) ?? warning.name;
  return {
    kind: 'early-warning',
    title: warningTitle(language, warning),
    cause: { id: incident.cause, name, kind: 'objective', class: incident.class, addresses: [], reason: null },
    affected: { total: 0, objects: [] },
    runbook: null,
    attributes: {},
    warning: warningPart(warning),
  };
}

// A node is in no directory of objects either.
function aboutLink({ incident, language }: MessageInput, facts: LinkFacts): About {
  const name = conditionName(facts, language);
  return {
    kind: 'link',
    title: linkTitle(language, name),
    cause: { id: incident.cause, name, kind: 'node', class: incident.class, addresses: [], reason: null },
    affected: { total: facts.objects, objects: [] },
    runbook: null,
    attributes: {},
    ...factsPart(facts, language),
  };
}

// The agent of a device usually answers at the address that is pinged.
function addressesOf(object: MonitoredObject | undefined): string[] {
  return [...new Set(object?.checks.flatMap((check) => (check.kind === 'interface' ? [] : [check.address])))];
}

/** The attribute that holds an object's English name: part of its name, not a fact of its own. */
const ENGLISH_NAME = 'nameEn';

/** What an object is called in a language; its id once it has been retired. */
export function nameOf(directory: Pick<MessageDirectory, 'objects'>, id: string, language: Language): string {
  const object = directory.objects.get(id);
  return (language === 'en' ? object?.attributes[ENGLISH_NAME] : undefined) ?? object?.name ?? id;
}
