/** What goes wrong in the demo, and when: drawn from a seed, the same every time. Pure. */
import { circuitOf, coreInterface, type Ground, landingInterface, landingOf, lineOf } from './network.ts';
import { PROVINCES, type Province } from './provinces.ts';

/** One thing that goes wrong for a while, or several times. Moments in ms since the faults began. */
export interface Fault {
  readonly words: { readonly zh: string; readonly en: string };
  /** When it is so; after the last it is over. */
  readonly periods: readonly (readonly [from: number, to: number])[];
  /** Places that do not answer meanwhile. */
  readonly places: readonly string[];
  /** Interfaces that are down meanwhile. */
  readonly interfaces: readonly { readonly device: string; readonly name: string }[];
  /** Devices whose agents are silent meanwhile. */
  readonly silent: readonly string[];
  /** Interfaces with errors meanwhile. */
  readonly errors: readonly { readonly device: string; readonly name: string }[];
  /** A device whose agent starts again at the beginning. */
  readonly restarts: string | null;
}

type Draw = () => number;

/** mulberry32: small, fast, good enough to choose a province. */
function randomOf(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NOTHING = { places: [], interfaces: [], silent: [], errors: [], restarts: null };
type Kind = (draw: Draw, from: number, province: Province) => Fault;

const ends = (province: Province, core: number) => [
  { device: `core-${core}`, name: coreInterface(province) },
  { device: landingOf(province), name: landingInterface(core) },
];
const lasting = (draw: Draw, least: number, most: number) => Math.round(least + (most - least) * draw());

const circuitCut: Kind = (draw, from, province) => {
  const core = draw() < 0.5 ? 1 : 2;
  const letter = core === 1 ? '甲' : '乙';
  return {
    ...NOTHING,
    words: { zh: `${province.zh}骨干电路${letter}中断`, en: `backbone circuit ${province.en} ${core === 1 ? 'A' : 'B'} is cut` },
    periods: [[from, from + lasting(draw, 14_000, 30_000)]],
    places: [circuitOf(province, core)],
    interfaces: ends(province, core),
  };
};

const provinceLost: Kind = (draw, from, province) => ({
  ...NOTHING,
  words: { zh: `${province.zh}落地设备断电`, en: `the landing device of ${province.en} has lost its power` },
  periods: [[from, from + lasting(draw, 15_000, 28_000)]],
  places: [landingOf(province), circuitOf(province, 1), circuitOf(province, 2), lineOf(province)],
  interfaces: [1, 2].flatMap((core) => ends(province, core).slice(0, 1)),
});

const accessFlaps: Kind = (draw, from, province) => {
  const period = lasting(draw, 8_000, 11_000);
  return {
    ...NOTHING,
    words: { zh: `${province.zh}政务服务接入时断时续`, en: `the access line of ${province.en} flaps` },
    periods: [0, 1, 2].map((turn): [number, number] => [from + turn * period * 1.6, from + turn * period * 1.6 + period]),
    places: [lineOf(province)],
  };
};

const agentSilent: Kind = (draw, from, province) => ({
  ...NOTHING,
  words: { zh: `${province.zh}落地设备的 SNMP 代理无应答`, en: `the SNMP agent of ${province.en}'s landing device is silent` },
  periods: [[from, from + lasting(draw, 20_000, 35_000)]],
  silent: [landingOf(province)],
});

const agentRestarts: Kind = (_draw, from, province) => ({
  ...NOTHING,
  words: { zh: `${province.zh}落地设备的 SNMP 代理重启`, en: `the SNMP agent of ${province.en}'s landing device starts again` },
  periods: [[from, from + 1_000]],
  restarts: landingOf(province),
});

const interfaceErrors: Kind = (draw, from, province) => ({
  ...NOTHING,
  words: { zh: `${province.zh}骨干电路出现误码`, en: `errors on a backbone circuit of ${province.en}` },
  periods: [[from, from + lasting(draw, 20_000, 40_000)]],
  errors: ends(province, 1),
});

/** What the first minute shows, whatever the seed: one of each that people are told of, and time to recover. */
const OPENING: readonly (readonly [number, Kind])[] = [
  [4_000, circuitCut],
  [10_000, provinceLost],
  [16_000, accessFlaps],
  [24_000, agentRestarts],
  [30_000, interfaceErrors],
];
const AFTER = [circuitCut, circuitCut, provinceLost, accessFlaps, agentSilent, agentRestarts, interfaceErrors];
/** On the loopback every address answers for ever. */
const WITHOUT_ADDRESSES = [circuitCut, agentSilent, agentRestarts, interfaceErrors];
const FIRST_AFTER_MS = 44_000;

/** The faults in the order in which they begin, without end. No two follow each other in one province. */
export function* faultsOf(seed: number, kind: Ground['kind']): Generator<Fault, never> {
  const draw = randomOf(seed);
  let last = -1;
  const next = (): Province => {
    let chosen = Math.floor(draw() * PROVINCES.length);
    if (chosen === last) chosen = (chosen + 1) % PROVINCES.length;
    last = chosen;
    return PROVINCES[chosen] as Province;
  };
  for (const [from, make] of OPENING) if (kind === 'namespace' || WITHOUT_ADDRESSES.includes(make)) yield make(draw, from, next());
  const choice = kind === 'namespace' ? AFTER : WITHOUT_ADDRESSES;
  for (let from = FIRST_AFTER_MS; ; from += lasting(draw, 7_000, 16_000)) {
    const make = choice[Math.floor(draw() * choice.length)] ?? circuitCut;
    yield make(draw, from, next());
  }
}
