import { INTERFACE_COUNTERS, type InterfaceCounter, SERIES_METRICS, type SeriesMetric } from '@beacontower/contracts';

/**
 * What one row says of a metric: `total` is the value times `weight`, so that means add up; `low` and `high` bound it.
 */
export interface Piece {
  readonly weight: number;
  readonly total: number;
  readonly low: number;
  readonly high: number;
}

/** How a metric is read from rows: the fields asked for, and what their values (in that order; NaN: unknown) come to. */
export interface Formula {
  readonly fields: readonly string[];
  readonly piece: (values: readonly number[]) => Piece | null;
}

/** The columns of a roll-up's row after `check` and the bucket's start. */
export const ROLLED_FIELDS = {
  /** `span`: ms covered; `speed`: the row's, each speed within a bucket has a row of its own; then by counter its sum, its lowest and highest rate (per second), and the ms it is unknown for. */
  interfaces: ['span', 'speed', ...INTERFACE_COUNTERS.flatMap((counter) => [counter, `${counter}Low`, `${counter}High`, `${counter}Gap`])],
  /** Rounds, echo requests and replies; RTT in µs weighted by replies (`rttTotal` = Σ mean × replies); bounds of a round's loss; jitter in µs. */
  icmp: [
    'rounds',
    'sent',
    'received',
    'rttReplies',
    'rttTotal',
    'rttLow',
    'rttHigh',
    'lossLow',
    'lossHigh',
    'jitterRounds',
    'jitterTotal',
    'jitterLow',
    'jitterHigh',
  ],
} as const;

const COUNTER_OF = {
  'traffic.in': 'inOctets',
  'traffic.out': 'outOctets',
  'packets.in': 'inUnicast',
  'packets.out': 'outUnicast',
  'multicast.in': 'inMulticast',
  'multicast.out': 'outMulticast',
  'broadcast.in': 'inBroadcast',
  'broadcast.out': 'outBroadcast',
  'errors.in': 'inErrors',
  'errors.out': 'outErrors',
  'discards.in': 'inDiscards',
  'discards.out': 'outDiscards',
  'utilisation.in': 'inOctets',
  'utilisation.out': 'outOctets',
} as const satisfies Partial<Record<SeriesMetric, InterfaceCounter>>;

/** How a metric is read from raw rows (`rolled` false) or from roll-ups. */
export function formulaOf(metric: SeriesMetric, rolled: boolean): Formula {
  if (metric === 'rtt' || metric === 'loss' || metric === 'jitter') return (rolled ? ROLLED_ICMP : RAW_ICMP)[metric];
  const unit = unitOf(metric);
  return rolled ? rolledInterface(COUNTER_OF[metric], unit) : rawInterface(COUNTER_OF[metric], unit);
}

/** The table in which a metric's samples lie. */
export function samplesOf(metric: SeriesMetric): 'interfaces' | 'icmp' {
  return SERIES_METRICS[metric].of === 'icmp' ? 'icmp' : 'interfaces';
}

/** What a rate of the counter is multiplied by; 0: cannot be told (utilisation where the speed is unknown). */
function unitOf(metric: SeriesMetric): (speed: number) => number {
  if (metric.startsWith('traffic')) return () => 8;
  if (metric.startsWith('utilisation')) return (speed) => (speed > 0 ? 8 / (speed * 1e6) : 0);
  return () => 1;
}

function rawInterface(counter: InterfaceCounter, unit: (speed: number) => number): Formula {
  return {
    fields: ['span', 'speed', counter],
    piece([span = 0, speed = 0, increment = Number.NaN]) {
      const factor = unit(speed) * 1_000;
      if (!(span > 0) || Number.isNaN(increment) || factor === 0) return null;
      const rate = (increment * factor) / span;
      return { weight: span, total: increment * factor, low: rate, high: rate };
    },
  };
}

function rolledInterface(counter: InterfaceCounter, unit: (speed: number) => number): Formula {
  return {
    fields: ['span', 'speed', counter, `${counter}Low`, `${counter}High`, `${counter}Gap`],
    piece([span = 0, speed = 0, sum = Number.NaN, low = 0, high = 0, gap = 0]) {
      const factor = unit(speed);
      const weight = span - gap;
      if (!(weight > 0) || Number.isNaN(sum) || factor === 0) return null;
      return { weight, total: sum * factor * 1_000, low: low * factor, high: high * factor };
    },
  };
}

const MICROSECONDS = 1_000;

const RAW_ICMP: Record<'rtt' | 'loss' | 'jitter', Formula> = {
  rtt: {
    fields: ['received', 'rttMin', 'rttAvg', 'rttMax'],
    piece([received = 0, low = Number.NaN, mean = Number.NaN, high = Number.NaN]) {
      if (!(received > 0) || Number.isNaN(mean)) return null;
      return { weight: received, total: (mean * received) / MICROSECONDS, low: low / MICROSECONDS, high: high / MICROSECONDS };
    },
  },
  loss: {
    fields: ['sent', 'received'],
    piece([sent = 0, received = 0]) {
      if (!(sent > 0)) return null;
      const loss = (sent - received) / sent;
      return { weight: sent, total: sent - received, low: loss, high: loss };
    },
  },
  jitter: {
    fields: ['jitter'],
    piece([jitter = Number.NaN]) {
      if (Number.isNaN(jitter)) return null;
      const value = jitter / MICROSECONDS;
      return { weight: 1, total: value, low: value, high: value };
    },
  },
};

const ROLLED_ICMP: Record<'rtt' | 'loss' | 'jitter', Formula> = {
  rtt: {
    fields: ['rttReplies', 'rttTotal', 'rttLow', 'rttHigh'],
    piece([replies = 0, total = Number.NaN, low = Number.NaN, high = Number.NaN]) {
      if (!(replies > 0) || Number.isNaN(total)) return null;
      return { weight: replies, total: total / MICROSECONDS, low: low / MICROSECONDS, high: high / MICROSECONDS };
    },
  },
  loss: {
    fields: ['sent', 'received', 'lossLow', 'lossHigh'],
    piece: ([sent = 0, received = 0, low = 0, high = 0]) => (sent > 0 ? { weight: sent, total: sent - received, low, high } : null),
  },
  jitter: {
    fields: ['jitterRounds', 'jitterTotal', 'jitterLow', 'jitterHigh'],
    piece([rounds = 0, total = Number.NaN, low = 0, high = 0]) {
      if (!(rounds > 0) || Number.isNaN(total)) return null;
      return { weight: rounds, total: total / MICROSECONDS, low: low / MICROSECONDS, high: high / MICROSECONDS };
    },
  },
};
