import type { SelfFacts } from '@beacontower/contracts';
import type { FederationHealth, NodeHealth, UplinkHealth } from '@beacontower/database';

type Federation = NonNullable<SelfFacts['federation']>;

/** How the node above and those below do; null: this node stands alone. */
export function federationFacts({ uplink, nodes }: FederationHealth, now: number): SelfFacts['federation'] {
  if (uplink === null && nodes.length === 0) return null;
  return { uplink: uplink === null ? null : uplinkFacts(uplink, now), nodes: nodes.map((node) => nodeFacts(node, now)) };
}

function uplinkFacts(
  { heardAt, failure, waiting, waitingSince, offsetMs, notAfter, bytes }: UplinkHealth,
  now: number,
): Federation['uplink'] {
  return {
    silentMs: Math.max(0, now - heardAt),
    failure: failure?.code ?? null,
    waiting,
    waitingMs: waitingSince === null ? 0 : Math.max(0, now - waitingSince),
    bytes,
    clockOffsetMs: offsetMs,
    certificateMs: notAfter === null ? null : notAfter - now,
  };
}

function nodeFacts(
  { node, state, heardAt, refused, observedAll, differences, ...rest }: NodeHealth,
  now: number,
): Federation['nodes'][number] {
  return {
    node,
    state,
    silentMs: heardAt === null ? null : Math.max(0, now - heardAt),
    refused,
    lagMs: observedAll === 0 ? null : Math.max(0, now - observedAll),
    differences,
    clockOffsetMs: rest.offsetMs,
    certificateMs: rest.notAfter === null ? null : rest.notAfter - now,
  };
}
