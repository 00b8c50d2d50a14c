import type { SelfFacts } from '@beacontower/contracts';
import type { SelfLimits } from './config.ts';
import type { Found } from './judge.ts';

type Federation = NonNullable<SelfFacts['federation']>;

/** What is wrong between this node and others. It does its own work all the same: never critical. */
export function federation({ federation: known, disk }: SelfFacts, limits: SelfLimits): Found[] {
  if (known === null) return [];
  const { uplink, nodes } = known;
  return [...(uplink === null ? [] : above(uplink, limits, disk)), ...nodes.flatMap((node) => below(node, limits))];
}

const warning = (code: Found['code'], subject: string | null, figure: string | number = ''): Found => ({
  code,
  severity: 'warning',
  subject,
  figure: String(figure),
});
const seconds = (ms: number) => Math.round(ms / 1_000);
const days = (ms: number) => Math.floor(ms / 86_400_000);
const endsSoon = (ms: number | null, limits: SelfLimits): ms is number => ms !== null && ms < limits.certificateMs;

/** Codes of failures that say only that nobody was there. */
const UNREACHED = new Set(['unreachable', 'unavailable', 'busy']);

function above(uplink: NonNullable<Federation['uplink']>, limits: SelfLimits, disk: SelfFacts['disk']): Found[] {
  const { failure, silentMs, waitingMs, bytes, certificateMs } = uplink;
  const isSilent = silentMs > limits.uplinkSilentMs;
  const fills = bytes > limits.uplinkBytes && disk !== null && bytes > disk.freeBytes;
  return [
    ...(failure !== null && !UNREACHED.has(failure) ? [warning('uplink-refused', null, failure)] : []),
    ...(isSilent ? [warning('uplink-silent', null, seconds(silentMs))] : []),
    // What waits because nobody answers is said already.
    ...(!isSilent && waitingMs > limits.federationLagMs ? [warning('uplink-behind', null, seconds(waitingMs))] : []),
    ...(fills ? [warning('uplink-room', null, Math.floor(bytes / 1_048_576))] : []),
    ...(endsSoon(certificateMs, limits) ? [warning('uplink-certificate', null, days(certificateMs))] : []),
  ];
}

function below({ node, state, refused, lagMs, differences, ...more }: Federation['nodes'][number], limits: SelfLimits): Found[] {
  const { clockOffsetMs, certificateMs, silentMs } = more;
  const isSilent = state === 'silent';
  return [
    ...(isSilent ? [warning('node-silent', node, seconds(silentMs ?? 0))] : []),
    ...(refused !== null ? [warning('node-refused', node, refused)] : []),
    ...(!isSilent && lagMs !== null && lagMs > limits.federationLagMs ? [warning('node-behind', node, seconds(lagMs))] : []),
    ...(differences > 0 ? [warning('node-differs', node, differences)] : []),
    ...(clockOffsetMs !== null && Math.abs(clockOffsetMs) > limits.nodeClockMs ? [warning('node-clock', node, clockOffsetMs)] : []),
    ...(endsSoon(certificateMs, limits) ? [warning('node-certificate', node, days(certificateMs))] : []),
  ];
}
