import { MOST_POINTS, SERIES_METRICS } from '@beacontower/contracts';
export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
/** What is kept beside raw rows: roll-ups by the length of their buckets. */
export const ROLLUPS = [
    { source: '5m', bucketMs: 5 * MINUTE, keep: 'fiveMinutesMs' },
    { source: '1h', bucketMs: HOUR, keep: 'hourMs' },
];
/** Steps a question without one may get: those a person would choose. */
const LADDER = [10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 7 * DAY, 30 * DAY];
/** How many points a question without a step gets at most. */
const GOOD_POINTS = 1_500;
/** The shortest step that suits: no sample is taken more often by default. */
const SHORTEST = { icmp: 10 * SECOND, interface: MINUTE };
/** The step and the rows that answer a question; a finer one than is kept, or than fits in an answer, is widened. */
export function resolutionOf(question, retention, now) {
    const period = Math.max(0, question.to - question.from);
    const least = Math.max(finestKept(question.from, retention, now), Math.ceil(period / (MOST_POINTS - 1)));
    const wanted = question.step ?? suitable(period, SHORTEST[SERIES_METRICS[question.metric].of], least);
    const step = Math.max(wanted, least);
    const rollup = ROLLUPS.findLast(({ bucketMs }) => step >= bucketMs);
    if (rollup === undefined)
        return { step, source: 'raw' };
    return { step: Math.ceil(step / rollup.bucketMs) * rollup.bucketMs, source: rollup.source };
}
/** Bucket length of a source; raw rows stand for themselves. */
export function bucketOf(source) {
    return ROLLUPS.find((rollup) => rollup.source === source)?.bucketMs ?? 1;
}
/** Raw rows go by whole days, so the day in which the last of them lies is still whole. */
export function rawSince(retention, now) {
    return dayOf(now - retention.rawMs);
}
export function dayOf(at) {
    return Math.floor(at / DAY) * DAY;
}
function finestKept(from, retention, now) {
    if (from >= rawSince(retention, now))
        return 1;
    return from >= now - retention.fiveMinutesMs ? 5 * MINUTE : HOUR;
}
function suitable(period, shortest, least) {
    const wanted = Math.max(shortest, least, Math.ceil(period / GOOD_POINTS));
    return LADDER.find((step) => step >= wanted) ?? Math.ceil(wanted / DAY) * DAY;
}
//# sourceMappingURL=resolution.js.map