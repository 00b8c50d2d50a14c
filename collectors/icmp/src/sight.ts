import { LOST } from '@beacontower/collector-sdk';
import type { PassTargets } from './targets.ts';

/** What a pass proves about the vantage itself. */
export interface Sight {
  /** Nothing answered at all, no anchor and no target: the vantage suspects itself. */
  readonly blind: boolean;
  /** Whether a target of the family that did not answer is to be believed down. */
  readonly believesV4: boolean;
  readonly believesV6: boolean;
}

/**
 * A "down" is believed when an anchor of the target's own family answered in the same pass, since one family's way out can
 * break alone; when the zone has no anchor of that family, any anchor will do, and when it has none at all, any reply.
 */
export function sightOf(targets: PassTargets, rtts: Uint32Array): Sight {
  const { probes } = targets.policy;
  const answered = (slot: number) => {
    for (let i = slot * probes; i < (slot + 1) * probes; i++) if (rtts[i] !== LOST) return true;
    return false;
  };
  const anchorOf = [false, false];
  const hasAnchorOf = [false, false];
  for (const slot of targets.anchorSlots) {
    const family = targets.isV6[slot] ?? 0;
    hasAnchorOf[family] = true;
    anchorOf[family] ||= answered(slot);
  }
  const anyReply = rtts.some((rtt) => rtt !== LOST);
  const believes = (family: 0 | 1) => {
    if (targets.anchorSlots.length === 0) return anyReply;
    return hasAnchorOf[family] ? anchorOf[family] === true : anchorOf.some(Boolean);
  };
  return { blind: !anyReply, believesV4: believes(0), believesV6: believes(1) };
}
