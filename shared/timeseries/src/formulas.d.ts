import { type SeriesMetric } from '@beacontower/contracts';
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
export declare const ROLLED_FIELDS: {
    /** `span`: ms covered; `speed`: highest; then by counter its sum, its lowest and highest rate (per second), and the ms it is unknown for. */
    readonly interfaces: readonly ["span", "speed", ...string[]];
    /** Rounds, echo requests and replies; RTT in µs weighted by replies (`rttTotal` = Σ mean × replies); bounds of a round's loss; jitter in µs. */
    readonly icmp: readonly ["rounds", "sent", "received", "rttReplies", "rttTotal", "rttLow", "rttHigh", "lossLow", "lossHigh", "jitterRounds", "jitterTotal", "jitterLow", "jitterHigh"];
};
/** How a metric is read from raw rows (`rolled` false) or from roll-ups. */
export declare function formulaOf(metric: SeriesMetric, rolled: boolean): Formula;
/** The table in which a metric's samples lie. */
export declare function samplesOf(metric: SeriesMetric): 'interfaces' | 'icmp';
