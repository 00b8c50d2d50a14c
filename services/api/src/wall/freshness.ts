import { type Freshness, type NodeFreshness, timestamp, timestampOrNull } from '@beacontower/contracts';
import { readNodeIdentity, readWatermarks } from '@beacontower/database';
import type { RouteContext } from '../context.ts';
import { readSelf } from '../self.ts';

/** Every page of every console asks every ten seconds: one answer is good for all who ask within this. */
const KEPT_MS = 1_000;

/** Tells of the whole node how far it is judged and how it is, once for all who ask. */
export class FreshnessReader {
  readonly #context: RouteContext;
  #kept: { readonly at: number; readonly made: NodeFreshness } | undefined;
  #reading: Promise<NodeFreshness> | undefined;

  constructor(context: RouteContext) {
    this.#context = context;
  }

  async read(): Promise<NodeFreshness> {
    if (this.#kept !== undefined && this.#context.clock.monotonic() - this.#kept.at < KEPT_MS) return this.#kept.made;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<NodeFreshness> {
    const { database, clock } = this.#context;
    const at = clock.monotonic();
    const now = clock.now();
    const [identity, watermarks, self] = await Promise.all([readNodeIdentity(database), readWatermarks(database), readSelf(this.#context)]);
    const made = { at: timestamp(now), freshness: freshnessOf(self, judgedUpTo(watermarks, identity?.partitions ?? 1, now)) };
    this.#kept = { at, made };
    return made;
  }
}

/** Up to when every partition has been judged; 0: one never was; null: none ever was. */
function judgedUpTo(watermarks: Awaited<ReturnType<typeof readWatermarks>>, partitions: number, now: number): number | null {
  if (watermarks.size === 0) return null;
  return Math.min(now, ...Array.from({ length: partitions }, (_, partition) => watermarks.get(partition)?.pinged ?? 0));
}

/** As it is told: `judgedUpTo` null or 0 is never. */
export function freshnessOf({ at, status, findings, facts }: Awaited<ReturnType<typeof readSelf>>, judgedUpTo: number | null): Freshness {
  const stored = facts?.store?.lastSuccessAgeMs ?? null;
  const of = (wanted: string) => findings.filter(({ severity }) => severity === wanted).length;
  return {
    status,
    judgedUpTo: timestampOrNull(judgedUpTo === 0 ? null : judgedUpTo),
    newestSampleAt: timestampOrNull(stored === null ? null : Date.parse(at) - stored),
    findings: { critical: of('critical'), warning: of('warning') },
  };
}
