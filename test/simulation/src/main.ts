/**
 * Draws networks, watches them with the product's own code and holds every figure against the truth.
 *
 *   node --conditions=@beacontower/source --import tsx test/simulation/src/main.ts [FIRST_SEED [COUNT]]
 *
 * FIRST_SEED 1 and COUNT 1000 unless given; `main.ts 17` draws network 17 alone. Ends with 1 when a truth lies outside its bounds.
 */
import { simulate, summarize } from './simulate.ts';

const [first, count] = process.argv.slice(2).map(Number);
const seeds = Array.from({ length: count ?? (first === undefined ? 1_000 : 1) }, (_, index) => (first ?? 1) + index);
const startedAt = performance.now();
const outcomes = [];
for (const seed of seeds) outcomes.push(await simulate(seed));
const summary = summarize(outcomes);
console.dir({ ...summary, violations: summary.violations.slice(0, 20), violated: summary.violations.length }, { depth: 3 });
console.info(`${Math.round(performance.now() - startedAt)} ms`);
if (summary.violations.length > 0) process.exitCode = 1;
