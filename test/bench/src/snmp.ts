/**
 * Device polls a CPU second, end to end: the whole product on many agents, each with 48 interfaces of eight 64-bit counters, asked
 * at a short interval. What counts is a poll whose rows are stored and can be asked for; the CPU is that of all our processes, Redis
 * and PostgreSQL among them. Beside it, in the same run, Prometheus with snmp_exporter and net-snmp by itself.
 */
import type { Measurement } from './measurement.ts';
import { measureLibrary } from './snmp-library.ts';
import { type SnmpLoad, startAgents } from './snmp-load.ts';
import { measurePeer, type PeerFigures, peerPresent } from './snmp-peer.ts';
import { measureProduct, type ProductFigures } from './snmp-product.ts';

const LOAD: SnmpLoad = { devices: 1_000, interfaces: 48, intervalMs: 2_000, seconds: 60 };
const PEER = 'Prometheus with snmp_exporter';
const MEBIBYTE = 2 ** 20;

const total = (values: Readonly<Record<string, number>>) => Object.values(values).reduce((sum, value) => sum + value, 0);

/** Rows are stored in gulps, so a window may see a few more polls than were due in it: those are not counted. */
const countedPolls = ({ polls, due }: { readonly polls: number; readonly due: number }) => Math.min(polls, due);

/** The figures of this benchmark, for `scripts/bench`. Takes about four minutes. */
export async function measure(load: SnmpLoad = LOAD): Promise<readonly Measurement[]> {
  const agents = await startAgents(load);
  try {
    const ours = await measureProduct(load, agents);
    const peer = peerPresent() ? await measurePeer(load, agents) : null;
    const library = await measureLibrary(agents, 5);
    return [...compared(ours, peer), ...own(ours, library), ...peers(peer)];
  } finally {
    await agents.stop();
  }
}

function compared(ours: ProductFigures, peer: PeerFigures | null): Measurement[] {
  const figure = (name: string, unit: string, value: number, peerValue: number | undefined): Measurement => ({
    name: `snmp.${name}`,
    value,
    unit,
    peer: peerValue === undefined ? null : PEER,
    peerValue: peerValue ?? null,
  });
  return [
    figure(
      'devicePollsPerCpuSecond',
      'device polls per CPU second',
      countedPolls(ours) / total(ours.cpuS),
      peer ? countedPolls(peer) / total(peer.cpuS) : undefined,
    ),
    figure('pollsOfThoseDue', 'of the polls due', ours.polls / ours.due, peer ? peer.polls / peer.due : undefined),
    figure('cpu.all', 'CPU seconds', total(ours.cpuS), peer ? total(peer.cpuS) : undefined),
    figure('memory.all', 'MiB', total(ours.memory) / MEBIBYTE, peer ? total(peer.memory) / MEBIBYTE : undefined),
    figure('bytesPerSample', 'bytes on disk', ours.bytesPerSample, peer?.bytesPerSample),
  ];
}

const alone = (name: string, value: number, unit: string): Measurement => ({
  name: `snmp.${name}`,
  value,
  unit,
  peer: null,
  peerValue: null,
});

function own(ours: ProductFigures, library: number): Measurement[] {
  return [
    alone('missedRounds', ours.missedRounds, 'rounds'),
    alone('truePoints', ours.truePoints, 'points read back and found true'),
    ...Object.entries(ours.cpuS).map(([name, value]) => alone(`cpu.${name}`, value, 'CPU seconds')),
    ...Object.entries(ours.memory).map(([name, value]) => alone(`memory.${name}`, value / MEBIBYTE, 'MiB')),
    alone('netSnmpAlone', library, 'device polls per CPU second, nothing stored'),
  ];
}

function peers(peer: PeerFigures | null): Measurement[] {
  if (peer === null) return [];
  return (['prometheus', 'exporter'] as const).flatMap((name) => [
    alone(`peer.cpu.${name}`, peer.cpuS[name], 'CPU seconds'),
    alone(`peer.memory.${name}`, peer.memory[name] / MEBIBYTE, 'MiB'),
  ]);
}
