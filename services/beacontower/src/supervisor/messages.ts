import { z } from 'zod';

/** What a child of ours tells the supervisor: that it is ready, how it is (every second), or what a person has to put right. */
export const FromChild = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('fault'), message: z.string() }),
  z.object({ type: z.literal('health'), status: z.enum(['ok', 'starting', 'degraded', 'failed']), detail: z.string().optional() }),
]);
export type FromChild = z.infer<typeof FromChild>;

/** Sends to the supervisor, if there is one, and resolves when it is on its way. */
export function tellSupervisor(message: FromChild): Promise<void> {
  return new Promise((resolve) => {
    if (!process.send || !process.connected) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}
