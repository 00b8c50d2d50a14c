/** The entities that say who is told, how and when: channels, contacts, rotas, routes, escalations, conditions, clocks, templates. Part of `entities.ts`. */
import { OBJECT_CLASSES } from '@beacontower/domain';
import { z } from 'zod';
import { ObjectiveWhere } from './figure-entities.ts';
import { INCIDENT_KINDS, SEVERITIES } from './words.ts';

const ms = z.number().int().positive();
const severities = z.array(z.enum(SEVERITIES));

/** Where a secret is to be found; never the secret itself. */
export const SecretReference = z.union([z.object({ env: z.string() }), z.object({ file: z.string() })]);
export type SecretReference = z.infer<typeof SecretReference>;

const channel = {
  id: z.string(),
  timeoutMs: ms,
  maxAttempts: z.number().int().min(1).max(1000),
  /** At most so many messages in so much time, evenly after a first burst of as many; null: as many as there are. */
  limit: z
    .object({ messages: z.number().int().min(1), perMs: ms })
    .nullable()
    .default(null),
  /** Id of the template whose words are used; null: the built-in words. */
  template: z.string().nullable().default(null),
};
const link = z.url({ protocol: /^https?$/ });
const http = {
  ...channel,
  url: link,
  /** Loopback, link-local and metadata addresses are refused, wherever the name of the host points, unless this says otherwise. */
  allowLocal: z.boolean().default(false),
  /** PEM certificates trusted beside those of the system. */
  ca: SecretReference.nullable().default(null),
};

/** Entity `channel`. Each kind is one plug-in of the alerting. */
export const ChannelBody = z.discriminatedUnion('kind', [
  /** Each event as signed JSON (docs/webhooks.md): never grouped, since a machine reads it. */
  z.object({ ...http, kind: z.literal('webhook'), secret: SecretReference }),
  z.object({
    ...channel,
    kind: z.literal('email'),
    host: z.string(),
    port: z.number().int().min(1).max(65535),
    /** `starttls` and `implicit` refuse to send in clear text; `none` is only for a relay on the same machine. */
    tls: z.enum(['starttls', 'implicit', 'none']),
    ca: SecretReference.nullable(),
    user: z.string().nullable(),
    password: SecretReference.nullable(),
    from: z.string(),
    /** What is done with a mail whose fate is unknown (the connection broke after the last dot). */
    inDoubt: z.enum(['resend', 'leave']),
  }),
  /** WeCom (企业微信), DingTalk (钉钉) and Feishu (飞书) group robots: the key is in the URL, so the whole URL is a secret. */
  z.object({ ...http, kind: z.literal('wecom'), url: SecretReference, mention: z.array(z.string()).default([]) }),
  z.object({
    ...http,
    kind: z.literal('dingtalk'),
    url: SecretReference,
    secret: SecretReference.nullable(),
    mention: z.array(z.string()).default([]),
  }),
  z.object({
    ...http,
    kind: z.literal('feishu'),
    url: SecretReference,
    secret: SecretReference.nullable(),
    mention: z.array(z.string()).default([]),
  }),
  /** An SMS or voice gateway, or whatever else speaks HTTP: templates make the request, and say what an answer must hold. */
  z.object({
    ...http,
    kind: z.literal('gateway'),
    method: z.enum(['POST', 'PUT', 'GET']),
    /** Template; appended to the path and query of `url`, values escaped by its filters. Empty: `url` as it is. */
    query: z.string().default(''),
    headers: z.record(z.string(), z.string()).default({}),
    /** Template of the body; empty: none. */
    body: z.string().default(''),
    contentType: z.string().default('application/json; charset=utf-8'),
    /** Secrets that templates see as `secrets.<name>`. */
    secrets: z.record(z.string(), SecretReference).default({}),
    /** Beside a 2xx status: a regular expression that the answer must match to count as taken; null: none. */
    accepted: z.string().nullable().default(null),
    /** Longest text of a message in characters; what is longer is cut, and says so. */
    longest: z.number().int().min(20).default(500),
  }),
  /** POSTs what Prometheus Alertmanager posts to its webhook receivers (version 4), so that whatever takes those takes ours. */
  z.object({ ...http, kind: z.literal('alertmanager'), token: SecretReference.nullable().default(null) }),
]);
export type ChannelBody = z.infer<typeof ChannelBody>;

/** Whether one message of a channel of this kind may tell of several incidents: not where a machine reads one event at a time. */
export function carriesSeveral(kind: ChannelBody['kind']): boolean {
  return kind !== 'webhook' && kind !== 'alertmanager';
}

const Target = z.object({ channel: z.string(), address: z.string().nullable() });
const localSpan = z.object({ from: z.number().int().min(0).max(1440), to: z.number().int().min(0).max(1440) });

/** Entity `contact`: a person, a desk or a system that is told; `address` is the e-mail address or number, or null where the channel has none. */
export const ContactBody = z.object({
  id: z.string(),
  name: z.string(),
  language: z.enum(['zh', 'en']),
  /** Each is told. Of a target, its fallbacks are used in order while its channel stays down. */
  targets: z.array(Target.extend({ fallbacks: z.array(Target).default([]) })).min(1),
  /** When nothing but the severities in `except` is sent: every day in `during` (local minutes), and outside the calendar `outside`. */
  quiet: z
    .object({ during: z.array(localSpan), outside: z.string().nullable(), timeZone: z.string(), except: severities })
    .nullable()
    .default(null),
  /** Names by which this contact signs in or acts on the API, so that who is assigned an incident is told. */
  accounts: z.array(z.string()).default([]),
});
export type ContactBody = z.infer<typeof ContactBody>;

/** Entity `rota`: who is on duty when. The last layer that is on duty at a moment and has somebody wins; overrides win over all. */
export const RotaBody = z.object({
  id: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  timeZone: z.string(),
  layers: z
    .array(
      z.object({
        id: z.string(),
        /** In turn. */
        contacts: z.array(z.string()).min(1),
        /** Each turn lasts so many local days. */
        days: z.number().int().min(1).max(366),
        /** Local date on which the first contact's turn begins, and the minute of the day at which turns change. */
        from: z.iso.date(),
        at: z.number().int().min(0).max(1439),
        /** On duty only inside (or outside) the counted time of a calendar; null: always. */
        calendar: z.object({ id: z.string(), when: z.enum(['inside', 'outside']) }).nullable(),
      }),
    )
    .min(1),
  /** Epoch ms. */
  overrides: z.array(z.object({ contact: z.string(), from: z.number().int(), to: z.number().int() })),
  /** Who is told when nobody is on duty; null: the event falls to the default route, and that is said. */
  otherwise: z.string().nullable(),
  /** Whoever comes on duty is sent the incidents that are open. */
  tellHandOver: z.boolean(),
});
export type RotaBody = z.infer<typeof RotaBody>;

/** Entity `escalation`: who is told, and when, as long as nobody acknowledges. `next` is that of the tier above, begun after the last step. */
export const EscalationBody = z.object({
  id: z.string(),
  name: z.string(),
  steps: z.array(z.object({ afterMs: ms, contacts: z.array(z.string()), rotas: z.array(z.string()) })).min(1),
  next: z.string().nullable(),
});
export type EscalationBody = z.infer<typeof EscalationBody>;

export const GROUPED_BY = ['division', 'class', 'party', 'severity', 'kind'] as const;

/** How messages of one route to one target are gathered. */
export const Grouping = z.object({
  /** One group for each value of these; empty: one for the route. */
  by: z.array(z.enum(GROUPED_BY)),
  /** The first message of a quiet group waits so long for others; those of `skipWait` do not, and take along what waits. */
  waitMs: z.number().int().nonnegative(),
  skipWait: severities,
  /** So many messages may go one after the other, and then one in each `intervalMs`: the rest is gathered. */
  burst: z.number().int().min(1),
  intervalMs: ms,
  /** Incidents that one message names at most; it counts the others. */
  most: z.number().int().min(1).max(1000),
});
export type Grouping = z.infer<typeof Grouping>;

/** A route that says nothing of grouping: nothing waits, and a storm is gathered all the same. */
export const DEFAULT_GROUPING: Grouping = { by: [], waitMs: 0, skipWait: ['critical'], burst: 20, intervalMs: 30_000, most: 50 };

/**
 * Entity `route`: events that match every given criterion go to the contacts, to who is on duty in the rotas, and up the escalation.
 * Every matching route applies, in order of `position`, up to the first that is `final`. Only when none matches, the one that is `default` does.
 */
export const RouteBody = z.object({
  id: z.string(),
  /** Place in the configuration: routes are asked in this order. */
  position: z.number().int().nonnegative().default(0),
  match: z.object({
    severities: severities.nullable(),
    classes: z.array(z.enum(OBJECT_CLASSES)).nullable(),
    divisions: z.array(z.string()).nullable(),
    parties: z.array(z.string()).nullable(),
    kinds: z.array(z.enum(INCIDENT_KINDS)).nullable().default(null),
    calendar: z
      .object({ id: z.string(), when: z.enum(['inside', 'outside']), timeZone: z.string() })
      .nullable()
      .default(null),
  }),
  isDefault: z.boolean().default(false),
  final: z.boolean().default(false),
  contacts: z.array(z.string()),
  rotas: z.array(z.string()).default([]),
  escalation: z.string().nullable().default(null),
  group: Grouping.default(DEFAULT_GROUPING),
  /** Told again at this pace while nobody has acknowledged; null: never. */
  repeatMs: ms.nullable().default(null),
});
export type RouteBody = z.infer<typeof RouteBody>;

export const SAMPLE_METRICS = ['utilisation', 'errors', 'discards', 'rtt', 'jitter', 'loss'] as const;

/**
 * Entity `condition`: an incident is opened about each object on which it holds for `forMs`, and resolved when it has not held for
 * `clearForMs`. Units: utilisation (the busier direction), errors and discards (of packets) and loss are fractions; rtt and jitter ms.
 */
export const ConditionBody = z.object({
  id: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  severity: z.enum(SEVERITIES),
  /** Null criteria are none. */
  where: ObjectiveWhere.extend({ classes: z.array(z.enum(OBJECT_CLASSES)).nullable(), objects: z.array(z.string()).nullable() }),
  test: z.discriminatedUnion('on', [
    /** `raise`: it begins to hold at or beyond this; `clear`: it no longer holds beyond this (hysteresis). */
    z.object({
      on: z.literal('samples'),
      metric: z.enum(SAMPLE_METRICS),
      side: z.enum(['above', 'below']),
      raise: z.number(),
      clear: z.number(),
    }),
    z.object({ on: z.literal('state'), state: z.enum(['down', 'degraded', 'unknown']) }),
    /** sysUpTime went back (or sysUpTime says that it started since it was last asked); over after `clearForMs`. */
    z.object({ on: z.literal('restart') }),
  ]),
  forMs: z.number().int().nonnegative(),
  clearForMs: z.number().int().nonnegative(),
  /** Judged only inside (or outside) the counted time of a calendar; null: always. */
  calendar: z.object({ id: z.string(), when: z.enum(['inside', 'outside']), timeZone: z.string() }).nullable(),
  runbook: z.string().nullable(),
});
export type ConditionBody = z.infer<typeof ConditionBody>;

/** Entity `clock` (id = the severity): how soon somebody must answer for an incident, and how soon it must be repaired. */
export const ClockBody = z.object({
  id: z.enum(SEVERITIES),
  respondMs: ms.nullable(),
  repairMs: ms.nullable(),
  /** Share of the time after which those responsible are warned. */
  warnAt: z.number().gt(0).lt(1),
  /** Time counts only inside this calendar; null: always. */
  calendar: z.object({ id: z.string(), timeZone: z.string() }).nullable(),
});
export type ClockBody = z.infer<typeof ClockBody>;

const TemplateTexts = z.object({ title: z.string().nullable(), text: z.string().nullable(), markdown: z.string().nullable() });

/** Entity `template`: words of messages in place of the built-in ones; null: the built-in ones. Liquid (docs/templates.md). */
export const TemplateBody = z.object({ id: z.string(), zh: TemplateTexts.nullable(), en: TemplateTexts.nullable() });
export type TemplateBody = z.infer<typeof TemplateBody>;
