import type { InterfaceSampleBatch } from '@beacontower/contracts';
import type { Edge } from '@beacontower/domain';
import { unpackInt32, unpackUint32 } from '@beacontower/queue';
import { RESTARTED, STALE, spanBetween } from '@beacontower/samples';

/** sysUpTime counts hundredths of a second. */
const TICK_MS = 10;

/** An agent that started anew. */
export interface Restart {
  readonly device: string;
  readonly edge: Edge;
}

/** Follows the sysUpTime of devices through the readings of their interfaces. */
export class RestartWatch {
  readonly #last = new Map<string, { readonly uptime: number; readonly at: number }>();

  /** Takes a batch in the order of its stream; `deviceOf` names the devices that are watched by the check keys of their interfaces. */
  take(batch: InterfaceSampleBatch, deviceOf: ReadonlyMap<number, string>): Restart[] {
    const checks = unpackUint32(batch.checks);
    const uptimes = unpackUint32(batch.uptime);
    const read = unpackInt32(batch.read);
    const seen = new Set<string>();
    const restarts: Restart[] = [];
    for (const [row, check] of checks.entries()) {
      const device = deviceOf.get(check);
      if (device === undefined || seen.has(device)) continue;
      seen.add(device);
      const edge = this.#see(device, uptimes[row] ?? 0, batch.startedAt + (read[row] ?? 0));
      if (edge !== null) restarts.push({ device, edge });
    }
    return restarts;
  }

  /** When it started, if that was since it was last asked. */
  #see(device: string, uptime: number, at: number): Edge | null {
    const last = this.#last.get(device);
    const span = last === undefined ? null : spanBetween(last.uptime, uptime, at - last.at);
    if (span === STALE) return null;
    this.#last.set(device, { uptime, at });
    if (last === undefined || span !== RESTARTED) return null;
    return { at: Math.min(at, Math.max(last.at, at - uptime * TICK_MS)), earliest: last.at, latest: at };
  }
}
