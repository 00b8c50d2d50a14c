/** The dry run of routing: for any event, which route sends what to whom, when and by what channel, and why not to the others. */
import { type Deadline, OBJECT_CLASSES, type RoutedEvent, type RoutingExplanation, severityOf, type Told } from '@beacontower/domain';
import { z } from 'zod';
import { DeliveryBecause } from '../telling.ts';
import { INCIDENT_KINDS, SEVERITIES } from '../words.ts';
import { DivisionPath, EARLIEST_MS, Instant, LATEST_MS, ObjectId, Timestamp, timestamp, timestampOrNull, Uuid } from './common.ts';

/**
 * `POST /api/v1/routing/explain`: an incident that is there, an event about an object, or one that is made up. What an object or an
 * incident says of itself stands unless it is given; `at` is now when left out.
 */
export const ExplainRequest = z
  .strictObject({
    incident: Uuid.optional().describe('an incident that is there'),
    object: ObjectId.optional().describe('an object: an event about it'),
    class: z.enum(OBJECT_CLASSES).optional(),
    division: DivisionPath.optional(),
    party: z.string().min(1).max(256).nullable().optional(),
    severity: z.enum(SEVERITIES).optional().describe('that of an outage of the class when left out'),
    kind: z.enum(INCIDENT_KINDS).optional().describe('outage when left out'),
    at: Instant.optional(),
  })
  .superRefine((body, context) => {
    if (body.at !== undefined && (body.at < EARLIEST_MS || body.at > LATEST_MS)) {
      context.addIssue({ code: 'custom', path: ['at'], message: 'at lies outside the years 2000 to 2100' });
    }
    if (body.incident !== undefined && body.object !== undefined) {
      context.addIssue({ code: 'custom', path: ['object'], message: 'give an incident or an object, not both' });
    }
    if (body.incident !== undefined || body.object !== undefined) return;
    for (const field of ['class', 'division'] as const) {
      if (body[field] !== undefined) continue;
      context.addIssue({
        code: 'custom',
        path: [field],
        message: `is missing; expected an object, an incident, or a class and a division`,
      });
    }
  });
export type ExplainRequest = z.infer<typeof ExplainRequest>;

/** What is known of the incident or the object that a dry run is about. */
export type EventSubject = Pick<RoutedEvent, 'object' | 'class' | 'division' | 'party'> & Partial<RoutedEvent>;

/** The event that is asked about; without a subject the request has a class and a division. */
export function routedEventOf(request: ExplainRequest, subject: EventSubject | null): RoutedEvent {
  const objectClass = request.class ?? subject?.class ?? 'other';
  return {
    incident: subject?.incident ?? null,
    object: subject?.object ?? '',
    kind: request.kind ?? subject?.kind ?? 'outage',
    severity: request.severity ?? subject?.severity ?? severityOf('down', objectClass),
    class: objectClass,
    division: request.division ?? subject?.division ?? '',
    party: request.party === undefined ? (subject?.party ?? null) : request.party,
    mergedInto: subject?.mergedInto ?? null,
  };
}

const ROUTE_VERDICTS = [
  'matches',
  'by-default',
  'other-severity',
  'other-class',
  'other-division',
  'other-party',
  'other-kind',
  'outside-calendar',
  'inside-calendar',
  'after-final',
  'default-not-needed',
] as const;
const place = { channel: z.string(), address: z.string().nullable() };
const deadline = z.object({ warnAt: Timestamp, dueAt: Timestamp }).nullable();
const withheld = z
  .object({
    reason: z.enum(['merged', 'flapping', 'silence', 'maintenance', 'quiet-hours']),
    id: z.string().nullable(),
    until: Timestamp.nullable(),
  })
  .nullable();
const named = { contact: z.string(), name: z.string().nullable() };

/** Answer of `POST /api/v1/routing/explain`. */
export const RoutingExplanationView = z
  .object({
    at: Timestamp,
    event: z.object({
      incident: z.string().nullable(),
      object: z.string().nullable(),
      kind: z.enum(INCIDENT_KINDS),
      severity: z.enum(SEVERITIES),
      class: z.enum(OBJECT_CLASSES),
      division: z.string(),
      party: z.string().nullable(),
    }),
    nobody: z.boolean().describe('nobody is told at all'),
    routes: z.array(z.object({ route: z.string(), verdict: z.enum(ROUTE_VERDICTS) })).describe('in the order in which they are asked'),
    told: z.array(
      z.object({
        ...named,
        language: z.enum(['zh', 'en']),
        because: DeliveryBecause,
        targets: z.array(
          z.object({
            ...place,
            kind: z.string().nullable().describe('of the channel; null: it is not configured'),
            fallbacks: z.array(z.object(place)).describe('in order, while the channel stays down'),
            grouped: z.boolean().describe('gathered with others of its group'),
          }),
        ),
        withheld,
        at: Timestamp.nullable().describe('when it may go at the earliest; null: nobody knows when what withholds it ends'),
      }),
    ),
    notTold: z.array(
      z.object({
        ...named,
        why: z.enum(['not-named', 'route-does-not-apply', 'not-on-duty', 'only-when-nobody-acknowledges']),
        route: z.string().nullable(),
        verdict: z.enum(ROUTE_VERDICTS).nullable().describe('of that route'),
        rota: z.string().nullable(),
      }),
    ),
    escalation: z
      .array(
        z.object({
          at: Timestamp,
          route: z.string(),
          escalation: z.string(),
          stepNumber: z.number().int(),
          contacts: z.array(z.object({ ...named, because: DeliveryBecause, withheld })),
        }),
      )
      .describe('who is told when nobody acknowledges'),
    repeats: z.array(z.object({ route: z.string(), everyMs: z.number().int() })).describe('told again while nobody acknowledges'),
    clocks: z.object({ respond: deadline, repair: deadline }),
    unmanned: z.array(z.string()).describe('rotas in which nobody is on duty'),
    unknown: z.array(z.string()).describe('contacts and rotas that are named and not configured'),
  })
  .meta({ id: 'RoutingExplanation' });
export type RoutingExplanationView = z.infer<typeof RoutingExplanationView>;

/** What an explanation is shown with: names of contacts, kinds of channels, by id. */
export interface ExplanationNames {
  readonly contacts: ReadonlyMap<string, { readonly name: string }>;
  readonly channels: ReadonlyMap<string, { readonly kind: string }>;
}

/** An explanation as an answer. `at`: epoch ms. */
export function explanationView(
  explanation: RoutingExplanation,
  event: RoutedEvent,
  at: number,
  { contacts, channels }: ExplanationNames,
): RoutingExplanationView {
  const nameOf = (contact: string) => ({ contact, name: contacts.get(contact)?.name ?? null });
  const { incident, object, kind, severity, class: objectClass, division, party } = event;
  return {
    at: timestamp(at),
    event: { incident, object: object === '' ? null : object, kind, severity, class: objectClass, division, party },
    nobody: explanation.nobody,
    routes: explanation.routes.map(({ route, verdict }) => ({ route, verdict })),
    told: explanation.told.map((told) => ({ ...nameOf(told.contact), ...toldView(told, channels) })),
    notTold: explanation.notTold.map(({ contact, ...why }) => ({ ...nameOf(contact), ...why })),
    escalation: explanation.escalation.map((step) => ({
      ...step,
      at: timestamp(step.at),
      contacts: step.contacts.map((one) => ({ ...nameOf(one.contact), because: one.because, withheld: withheldView(one.withheld) })),
    })),
    repeats: explanation.repeats.map(({ route, everyMs }) => ({ route, everyMs })),
    clocks: { respond: deadlineView(explanation.clocks.respond), repair: deadlineView(explanation.clocks.repair) },
    unmanned: [...explanation.unmanned],
    unknown: [...explanation.unknown],
  };
}

function withheldView(withheld: Told['withheld']) {
  return withheld && { ...withheld, until: timestampOrNull(withheld.until) };
}

function toldView({ language, because, targets, withheld, at }: Told, channels: ExplanationNames['channels']) {
  return {
    language,
    because,
    targets: targets.map(({ channel, address, fallbacks, group }) => ({
      channel,
      address,
      kind: channels.get(channel)?.kind ?? null,
      fallbacks: fallbacks.map((fallback) => ({ channel: fallback.channel, address: fallback.address })),
      grouped: group !== null,
    })),
    withheld: withheldView(withheld),
    at: timestampOrNull(at),
  };
}

function deadlineView(deadline: Deadline | null) {
  return deadline && { warnAt: timestamp(deadline.warnAt), dueAt: timestamp(deadline.dueAt) };
}
