import { writeFileSync } from 'node:fs';
import { run as measureIcmp } from '../icmp.ts';
import { measure as measureAvailability, measureFederated as measureAvailabilityFederated } from './availability.ts';
import { measure as measureConditions } from './conditions.ts';
import { measure as measureConsoleScroll } from './console-scroll.ts';
import { measure as measureConsoleWall } from './console-wall.ts';
import { measure as measureFederationLatency } from './federation-latency.ts';
import { measure as measureFederationReplay } from './federation-replay.ts';
import { measure as measureFederationSustained } from './federation-sustained.ts';
import { measure as measureFirstAttempt } from './first-attempt.ts';
import { measure as measureInventory } from './inventory.ts';
import { measure as measureLatency } from './latency.ts';
import { measure as measureLiveClients } from './live-clients.ts';
import { type Benchmark, line, type Measurement } from './measurement.ts';
import { measure as measureObjectIndex } from './object-index.ts';
import { parse, refuse } from './options.ts';
import { measure as measureSamples } from './samples.ts';
import { measure as measureSnmp } from './snmp.ts';
import { measure as measureStorm } from './storm.ts';
import { measure as measureWall, measureFederated as measureWallFederated } from './wall.ts';

/** Every benchmark by name: adding one is one file and one line. */
const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  availability: measureAvailability,
  availabilityFederated: measureAvailabilityFederated,
  conditions: measureConditions,
  consoleScroll: measureConsoleScroll,
  consoleWall: measureConsoleWall,
  federationLatency: measureFederationLatency,
  federationReplay: measureFederationReplay,
  federationSustained: measureFederationSustained,
  firstAttempt: measureFirstAttempt,
  icmp: () => measureIcmp(),
  inventory: measureInventory,
  latency: () => measureLatency(),
  liveClients: measureLiveClients,
  objectIndex: measureObjectIndex,
  samples: measureSamples,
  snmp: () => measureSnmp(),
  storm: () => measureStorm(),
  wall: measureWall,
  wallFederated: measureWallFederated,
};

const { values } = parse({ options: { json: { type: 'string' }, only: { type: 'string', multiple: true } } });
const names = values.only ?? Object.keys(BENCHMARKS);
const unknown = names.find((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown !== undefined) refuse(`there is no benchmark "${unknown}"; there are ${Object.keys(BENCHMARKS).join(', ')}`);
const all: Measurement[] = [];
for (const name of names) {
  const benchmark = BENCHMARKS[name];
  if (benchmark === undefined) continue;
  try {
    const figures = await benchmark();
    for (const figure of figures) process.stdout.write(`${line(figure)}\n`);
    all.push(...figures);
  } catch (error) {
    process.stderr.write(`✗ ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(all, null, 2)}\n`);
