/** `GET /api/v1/directory`: what the ids that other answers name are called, and who there is to hand an incident to. */
import { z } from 'zod';

const named = { id: z.string(), name: z.string() };
const namedTwice = { ...named, nameEn: z.string().nullable() };

export const Directory = z
  .object({
    me: z
      .array(z.string())
      .describe('every name by which the caller may be called: their own, and the contacts that have it as an account'),
    contacts: z.array(z.object({ ...named, accounts: z.array(z.string()) })).describe('who is told; addresses are not shown'),
    accounts: z
      .array(z.object({ name: z.string(), displayName: z.string() }))
      .describe('who may act on incidents of your divisions, of those that may sign in'),
    parties: z.array(z.object(namedTwice)).describe('who answers for objects'),
    divisions: z.array(z.object(namedTwice)).describe('yours, those below them, and those they lie in'),
  })
  .meta({ id: 'Directory' });
export type Directory = z.infer<typeof Directory>;
