/** `GET /api/v1/objects/index`: every object of the caller in columns, for a list that is searched and scrolled where it is shown. */
import { z } from 'zod';

/** Bits of `flags`. */
export const INDEX_FLAGS = { maintenance: 1, quiet: 2, unobserved: 4 } as const;

const place = z.number().int().nonnegative();
export const ObjectIndex = z
  .object({
    sequence: z.number().int().describe('live events after this one are not in it yet'),
    inventoryVersion: z.number().int(),
    total: z.number().int(),
    truncated: z.boolean().describe('there are more than the 200,000 that are given'),
    kinds: z.array(z.string()),
    classes: z.array(z.string()),
    divisions: z.array(z.string()),
    states: z.array(z.string()),
    id: z.array(z.string()),
    name: z.array(z.string()),
    nameEn: z.array(z.string().nullable()).describe('null: it has no English name'),
    kind: z.array(place).describe('place in kinds; class, division and state likewise'),
    class: z.array(place),
    division: z.array(place),
    state: z.array(place),
    since: z.array(z.number().int().nullable()).describe('epoch ms; null: not judged yet'),
    flags: z.array(place),
  })
  .meta({ id: 'ObjectIndex' });
export type ObjectIndex = z.infer<typeof ObjectIndex>;
