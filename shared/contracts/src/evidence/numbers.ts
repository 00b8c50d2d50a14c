import { z } from 'zod';
import { BASES } from '../entities.ts';

const ms = z.number().int().nonnegative();

/** One object's time in one period, ms: the domain's `Account`. */
export const AccountNumbers = z.strictObject({
  totalMs: ms,
  upMs: ms,
  downMs: ms,
  unknownMs: ms,
  excludedMs: ms,
  degradedMs: ms,
  downLeastMs: ms,
  downMostMs: ms,
  upWithMaintenanceMs: ms,
  downWithMaintenanceMs: ms,
});

// A weighted mean of ones may come out a little above one.
const fraction = z
  .number()
  .min(0)
  .max(1 + 1e-9)
  .nullable();

/** The figure of some members by one basis, not rounded: the domain's `AggregateResult`. */
export const AggregateNumbers = z.strictObject({
  availability: fraction,
  lowest: fraction,
  highest: fraction,
  completeness: fraction,
  availabilityWithMaintenance: fraction,
  account: AccountNumbers,
  unobserved: z.number().int().nonnegative(),
});

export const BasisName = z.enum(BASES);
export const FIGURE_GROUPS = ['whole', 'division', 'party'] as const;

/** The frozen figure of the whole, of a division (the members' own) or of a party, by both bases. */
export const FigureNumbers = z.strictObject({
  group: z.enum(FIGURE_GROUPS),
  /** Id of the division or party; null for the whole, and for members without a party. */
  key: z.string().nullable(),
  members: z.number().int().nonnegative(),
  resolutionMs: ms,
  /** Against the target, by the objective's own basis. */
  verdict: z.enum(['met', 'missed', 'undecided']),
  experienced: AggregateNumbers,
  responsible: AggregateNumbers,
});
export type FigureNumbers = z.infer<typeof FigureNumbers>;
