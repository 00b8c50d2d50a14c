/** Who is on duty: rotas, their schedule, and who stands in for whom. */
import { z } from 'zod';
import { checkPeriod, Instant, LONGEST_PLAN_MS, Timestamp } from './common.ts';

export const DUTY_REASONS = ['override', 'layer', 'otherwise', 'nobody'] as const;

const duty = {
  contact: z.string().nullable().describe('id of the contact; null: nobody'),
  name: z.string().nullable().describe('of the contact'),
  because: z
    .enum(DUTY_REASONS)
    .describe('somebody stands in; it is his turn in a layer; nobody is on duty, but somebody is told; nobody is told'),
  layer: z.string().nullable().describe('with layer: which'),
  override: z.string().nullable().describe('with override: the id of one made by hand; null: of the configuration'),
};

/** Who is on duty at a moment, and until when. */
export const DutyView = z.object({ ...duty, until: Timestamp.nullable().describe('null: without an end within two years') });
export type DutyView = z.infer<typeof DutyView>;

/** `GET /api/v1/rotas` and `/rotas/{id}`. */
export const RotaView = z
  .object({
    id: z.string(),
    name: z.string(),
    nameEn: z.string().nullable(),
    timeZone: z.string(),
    layers: z
      .array(
        z.object({
          id: z.string(),
          contacts: z.array(z.string()).describe('in turn'),
          days: z.number().int().describe('how many local days each turn lasts'),
          from: z.iso.date().describe('local date on which the first contact’s turn begins'),
          at: z.string().describe('HH:MM, local: when turns change'),
          calendar: z
            .object({ id: z.string(), when: z.enum(['inside', 'outside']) })
            .nullable()
            .describe('on duty only inside (or outside) the time that a calendar counts'),
        }),
      )
      .describe('the last one that is on duty at a moment wins'),
    overrides: z
      .array(z.object({ contact: z.string(), from: Timestamp, to: Timestamp }))
      .describe('those of the configuration; those made by hand: /rotas/{id}/overrides'),
    otherwise: z.string().nullable().describe('the contact that is told when nobody is on duty'),
    tellHandOver: z.boolean().describe('whoever comes on duty is told of the incidents that are open'),
    now: DutyView,
    next: z.object({ at: Timestamp, contact: z.string().nullable(), name: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'Rota' });
export type RotaView = z.infer<typeof RotaView>;
export const RotaList = z.object({ items: z.array(RotaView), nextCursor: z.null() });

export const RotaParams = z.strictObject({ id: z.string().min(1).max(256) });

/** The time of a schedule; two weeks from now when left out. */
export const ScheduleQuery = z
  .strictObject({ from: Instant.optional(), to: Instant.optional() })
  .superRefine((query, context) => checkPeriod(query, context));
export type ScheduleQuery = z.infer<typeof ScheduleQuery>;

/** `GET /api/v1/rotas/{id}/schedule`: the whole time, in order and without holes. */
export const RotaSchedule = z
  .object({
    rota: z.string(),
    timeZone: z.string(),
    from: Timestamp,
    to: Timestamp,
    spans: z.array(
      z.object({ from: Timestamp, to: Timestamp, ...duty, reason: z.string().nullable().describe('of an override made by hand') }),
    ),
    gaps: z.array(z.object({ from: Timestamp, to: Timestamp })).describe('when nobody is on duty and nobody else is told'),
  })
  .meta({ id: 'RotaSchedule' });
export type RotaSchedule = z.infer<typeof RotaSchedule>;

/** `POST /api/v1/rotas/{id}/overrides`: somebody stands in. `startsAt` is now when left out. */
export const NewRotaOverride = z
  .strictObject({
    contact: z.string().min(1).max(256),
    startsAt: Instant.optional(),
    endsAt: Instant,
    reason: z.string().trim().min(1).max(1000),
  })
  .superRefine(({ startsAt, endsAt }, context) => {
    if (startsAt === undefined) return;
    if (endsAt <= startsAt) context.addIssue({ code: 'custom', path: ['endsAt'], message: 'endsAt must be after startsAt' });
    else if (endsAt - startsAt > LONGEST_PLAN_MS) context.addIssue({ code: 'custom', path: ['endsAt'], message: 'longer than a year' });
  });
export type NewRotaOverride = z.infer<typeof NewRotaOverride>;

export const RotaOverrideView = z
  .object({
    id: z.string(),
    rota: z.string(),
    contact: z.string(),
    startsAt: Timestamp,
    endsAt: Timestamp,
    reason: z.string(),
    author: z.string(),
    createdAt: Timestamp,
    endedAt: Timestamp.nullable(),
    endedBy: z.string().nullable(),
  })
  .meta({ id: 'RotaOverride' });
export type RotaOverrideView = z.infer<typeof RotaOverrideView>;
export const RotaOverrideList = z.object({ items: z.array(RotaOverrideView), nextCursor: z.null() });

/** `past=true` shows those that are over as well. */
export const RotaOverrideQuery = z.strictObject({ past: z.enum(['true', 'false']).optional() });
