/** What captures hold, read without trust: their bodies are kept as they were when they were made. */
import type { CapturedSamples, TracerouteAnswer } from '@beacontower/contracts';

type Raw = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

type Hop = TracerouteAnswer['hops'][number];
/** A way as it can be shown. */
export interface Way {
  readonly reached: boolean;
  readonly by: string | null;
  readonly note: string | null;
  readonly zone: string | null;
  readonly hops: readonly Hop[];
  /** Place of the last hop that answered; -1: none did. */
  readonly last: number;
}

/** The way a capture holds; null when it holds none. */
export function wayOf(body: unknown): Way | null {
  if (!isRecord(body) || !Array.isArray(body.hops)) return null;
  const hops = body.hops.filter(isRecord).map((hop) => ({
    ttl: number(hop.ttl) ?? 0,
    address: text(hop.address),
    rttMs: number(hop.rttMs),
    note: text(hop.note),
  }));
  const last = hops.findLastIndex(({ address }) => address !== null);
  return { reached: body.reached === true, by: text(body.by), note: text(body.note), zone: text(body.zone), hops, last };
}

/** Epoch ms, lowest, mean, highest. */
export type Point = readonly [at: number, min: number, avg: number, max: number];
type Icmp = Extract<CapturedSamples, { of: 'icmp' }>;
type Interfaces = Extract<CapturedSamples, { of: 'interfaces' }>;
export type Samples =
  | (Omit<Icmp, 'rtt' | 'loss'> & { readonly rtt: readonly Point[]; readonly loss: readonly Point[] })
  | Pick<Interfaces, 'of' | 'total' | 'interfaces'>;

/** The samples a capture holds; null when it holds none. */
export function samplesOf(body: unknown): Samples | null {
  if (!isRecord(body)) return null;
  if (body.of === 'interfaces' && Array.isArray(body.interfaces)) {
    const interfaces = body.interfaces as Interfaces['interfaces'];
    return { of: 'interfaces', total: number(body.total) ?? interfaces.length, interfaces };
  }
  const [from, to] = [number(body.from), number(body.to)];
  if (body.of !== 'icmp' || from === null || to === null) return null;
  return { of: 'icmp', from, to, rtt: pointsOf(body.rtt), loss: pointsOf(body.loss) };
}

function pointsOf(value: unknown): Point[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is Point => Array.isArray(one) && one.length === 4 && one.every((part) => number(part) !== null));
}

/** Where to draw what: `x` and `y` in the unit of the drawing. */
export interface Drawing {
  readonly line: string;
  readonly band: string;
  readonly losses: readonly { readonly x: number; readonly height: number }[];
  readonly highest: number;
}

/** Lays samples out in a drawing of the given size; a stretch without answers breaks the line. */
export function drawingOf(samples: Extract<Samples, { of: 'icmp' }>, width: number, height: number): Drawing {
  const { rtt, loss } = samples;
  const times = [...rtt, ...loss].map(([at]) => at);
  const from = Math.min(...times, samples.to);
  const span = Math.max(1, Math.max(...times, samples.from) - from);
  const highest = Math.max(...rtt.map(([, , , max]) => max), 0.001);
  const x = (at: number) => Math.round(((at - from) / span) * (width - 4) + 2);
  const y = (value: number) => Math.round((height - 4 - (value / highest) * (height - 8)) * 10) / 10;
  const gap = typicalGap(rtt) * 2.5;
  const runs: Point[][] = [];
  for (const point of rtt) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before && point[0] - before[0] <= gap) run.push(point);
    else runs.push([point]);
  }
  const line = runs.map((run) => `M${run.map(([at, , avg]) => `${x(at)} ${y(avg)}`).join('L')}`).join('');
  const band = runs
    .map(
      (run) =>
        `M${run.map(([at, , , max]) => `${x(at)} ${y(max)}`).join('L')}L${run
          .toReversed()
          .map(([at, min]) => `${x(at)} ${y(min)}`)
          .join('L')}Z`,
    )
    .join('');
  const losses = loss.flatMap(([at, , avg]) => (avg > 0 ? [{ x: x(at), height: Math.max(2, avg * (height - 8)) }] : []));
  return { line, band, losses, highest };
}

function typicalGap(points: readonly Point[]): number {
  const gaps = points.flatMap(([at], index) => (index === 0 ? [] : [at - (points[index - 1]?.[0] ?? at)])).sort((a, b) => a - b);
  return gaps[Math.floor((gaps.length - 1) / 2)] ?? 1_000;
}
