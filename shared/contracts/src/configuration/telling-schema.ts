/** The YAML of contacts, rotas, escalations, routes, clocks and templates: who is told, how and when. */
import { OBJECT_CLASSES } from '@beacontower/domain';
import { z } from 'zod';
import { GROUPED_BY } from '../entities.ts';
import { INCIDENT_KINDS, SEVERITIES } from '../words.ts';
import { LocalDate, LongDuration } from './dates.ts';
import { LocalMoment, Minute, NightSpan } from './times.ts';
import { DivisionId, Duration, Id, Reference, Share, Words } from './values.ts';

const references = z.array(Reference);
const severities = z.array(z.enum(SEVERITIES));
const count = (least: number, most: number) => z.number().int().min(least).max(most);

/** `office-hours`, or `{id: office-hours, when: outside}`: inside is meant where nothing is said. */
export const WhenYaml = z.union([
  Reference,
  z.strictObject({ id: Reference, when: z.enum(['inside', 'outside']).default('inside'), timeZone: z.string().optional() }),
]);
export type WhenYaml = z.infer<typeof WhenYaml>;

const target = { channel: Reference, address: z.string().optional() };
export const ContactYaml = z.strictObject({
  id: Id,
  name: Words,
  language: z.enum(['zh', 'en']).optional(),
  targets: z.array(z.strictObject({ ...target, fallbacks: z.array(z.strictObject(target)).optional() })).min(1),
  quiet: z
    .strictObject({
      during: z.array(NightSpan).optional(),
      outside: Reference.optional(),
      timeZone: z.string().optional(),
      except: severities.default(['critical']),
    })
    .optional(),
  accounts: z.array(Words).optional(),
});
export type ContactYaml = z.infer<typeof ContactYaml>;

export const RotaYaml = z.strictObject({
  id: Id,
  name: Words,
  nameEn: Words.optional(),
  timeZone: z.string().optional(),
  layers: z
    .array(
      z.strictObject({
        id: Id.optional(),
        contacts: references.min(1),
        days: count(1, 366).default(7),
        from: LocalDate,
        at: Minute.default(0),
        calendar: WhenYaml.optional(),
      }),
    )
    .min(1),
  overrides: z.array(z.strictObject({ contact: Reference, from: LocalMoment, to: LocalMoment })).optional(),
  otherwise: Reference.optional(),
  tellHandOver: z.boolean().default(false),
});
export type RotaYaml = z.infer<typeof RotaYaml>;

export const EscalationYaml = z.strictObject({
  id: Id,
  name: Words.optional(),
  steps: z.array(z.strictObject({ after: LongDuration, contacts: references.optional(), rotas: references.optional() })).min(1),
  next: Reference.optional(),
});
export type EscalationYaml = z.infer<typeof EscalationYaml>;

const GroupingYaml = z.strictObject({
  by: z.array(z.enum(GROUPED_BY)).optional(),
  wait: LongDuration.optional(),
  skipWait: severities.optional(),
  burst: count(1, 10_000).optional(),
  interval: Duration.optional(),
  most: count(1, 1000).optional(),
});
export type GroupingYaml = z.infer<typeof GroupingYaml>;

export const RouteYaml = z.strictObject({
  id: Id,
  match: z
    .strictObject({
      severities: severities.min(1).optional(),
      classes: z.array(z.enum(OBJECT_CLASSES)).min(1).optional(),
      divisions: z.array(DivisionId).min(1).optional(),
      parties: references.min(1).optional(),
      kinds: z.array(z.enum(INCIDENT_KINDS)).min(1).optional(),
      calendar: WhenYaml.optional(),
    })
    .default({}),
  default: z.boolean().default(false),
  final: z.boolean().default(false),
  contacts: references.optional(),
  rotas: references.optional(),
  escalation: Reference.optional(),
  group: GroupingYaml.optional(),
  repeat: LongDuration.optional(),
});
export type RouteYaml = z.infer<typeof RouteYaml>;

export const ClockYaml = z.strictObject({
  severity: z.enum(SEVERITIES),
  respond: LongDuration.optional(),
  repair: LongDuration.optional(),
  warnAt: Share.default(0.75),
  calendar: Reference.optional(),
  timeZone: z.string().optional(),
});
export type ClockYaml = z.infer<typeof ClockYaml>;

const TextsYaml = z.strictObject({ title: z.string().optional(), text: z.string().optional(), markdown: z.string().optional() });
export const TemplateYaml = z.strictObject({ id: Id, zh: TextsYaml.optional(), en: TextsYaml.optional() });
export type TemplateYaml = z.infer<typeof TemplateYaml>;
