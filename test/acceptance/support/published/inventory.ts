/**
 * The network of mid-2018 as an inventory: 32 landing devices and as many circuits of the backbone, access lines of 152 central units (5 of them
 * new in the half-year), the unified Internet exits. Names and addresses are made up (2001:db8::/32 is for documentation).
 */
import { PROVINCES } from './provinces.ts';

/** Central units at the end of the half-year, how many came in it, and how many use the unified Internet exit: as published. */
export const CENTRAL_UNITS = 152;
export const NEW_UNITS = 5;
export const INTERNET_EXIT_UNITS = 24;
const EXITS = 4;
const NEW_UNIT_DATES = ['2018-01-22', '2018-03-05', '2018-03-19', '2018-05-07', '2018-06-11'];

export type PublishedClass = 'user-access' | 'internet-exit' | 'backbone';

/** One object of the network. */
export interface PublishedObject {
  readonly id: string;
  readonly section: 'devices' | 'circuits' | 'accessLines' | 'internetExits';
  readonly class: PublishedClass;
  readonly name: string;
  readonly division: string;
  readonly party: string;
  /** Local date of its commissioning. */
  readonly since: string;
  readonly weight: number;
  readonly facts: Readonly<Record<string, string>>;
}

const LONG_AGO = '2012-12-31';

/** Every object, in order of classes. */
export function publishedObjects(): PublishedObject[] {
  const backbone = PROVINCES.flatMap(([path, , name], index): PublishedObject[] => [
    {
      id: `landing-${path}`,
      section: 'devices',
      class: 'backbone',
      name: `${name}落地设备`,
      division: `cn.${path}`,
      party: 'centre',
      since: LONG_AGO,
      weight: 1,
      facts: {},
    },
    {
      id: `backbone-${path}`,
      section: 'circuits',
      class: 'backbone',
      name: `中央至${name}骨干电路`,
      division: `cn.${path}`,
      party: 'centre',
      since: LONG_AGO,
      weight: 1,
      facts: { carrier: index % 2 === 0 ? '运营商甲' : '运营商乙' },
    },
  ]);
  const lines = Array.from({ length: CENTRAL_UNITS }, (_, index): PublishedObject => {
    const number = String(index + 1).padStart(3, '0');
    return {
      id: `access-${number}`,
      section: 'accessLines',
      class: 'user-access',
      name: `中央单位 ${number} 接入线路`,
      division: 'cn',
      party: 'centre',
      since: sinceOf(index),
      weight: 50 + ((index * 37) % 400),
      facts: { unit: `中央单位 ${number}` },
    };
  });
  const exits = Array.from(
    { length: EXITS },
    (_, index): PublishedObject => ({
      id: `exit-${index + 1}`,
      section: 'internetExits',
      class: 'internet-exit',
      name: `统一互联网出口 ${index + 1}`,
      division: 'cn',
      party: 'centre',
      since: LONG_AGO,
      weight: 1,
      facts: { carrier: index % 2 === 0 ? '运营商甲' : '运营商乙' },
    }),
  );
  return [...lines, ...exits, ...backbone];
}

const sinceOf = (unit: number): string => NEW_UNIT_DATES[unit - (CENTRAL_UNITS - NEW_UNITS)] ?? LONG_AGO;

/** What of the divisions of a list is connected, and the units: the sections `connections` and `units` of the configuration. */
export function publishedConnected(
  divisions: readonly { code: string; level: string }[],
  corps: readonly { code: string }[],
  counties: number,
) {
  // Counties are left out evenly over the list, so that no province is cut off whole.
  const all = divisions.filter((division) => division.level === 'county');
  const connected = all.filter(
    (_, index) => Math.floor((index * counties) / all.length) !== Math.floor(((index - 1) * counties) / all.length),
  );
  const others = divisions.filter((division) => division.level !== 'county');
  return {
    connections: [...others, ...connected, ...corps].map(({ code }) => ({ id: code, since: '2017-12-31' })),
    units: Array.from({ length: CENTRAL_UNITS }, (_, index) => ({
      id: `unit-${String(index + 1).padStart(3, '0')}`,
      name: `中央单位 ${String(index + 1).padStart(3, '0')}`,
      level: 'central',
      division: 'cn',
      internetExit: index < INTERNET_EXIT_UNITS,
      since: sinceOf(index),
    })),
  };
}

/** The whole configuration, as an object of the YAML's form (JSON is YAML). */
export function publishedConfiguration(connected: ReturnType<typeof publishedConnected>) {
  const objects = publishedObjects();
  const section = (wanted: PublishedObject['section']) =>
    objects.flatMap((object, index) => {
      if (object.section !== wanted) return [];
      const { id, name, division, party, weight, facts } = object;
      return [
        {
          id,
          name,
          division,
          party,
          weight,
          addresses: { ipv6: `2001:db8:2018::${(index + 16).toString(16)}` },
          class: object.class,
          ...facts,
        },
      ];
    });
  const objective = (name: string, nameEn: string, of: PublishedClass, target: string) => ({
    id: of,
    name,
    nameEn,
    class: of,
    division: 'cn',
    target,
    aggregate: 'mean',
    period: 'half-year',
    timeZone: 'Asia/Shanghai',
  });
  return {
    node: { id: 'cn', name: '国家电子政务外网', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh', partitions: 4 },
    divisions: [
      { id: 'cn', name: '全国', nameEn: 'China', code: '000000' },
      ...PROVINCES.map(([path, code, name, nameEn]) => ({ id: `cn.${path}`, name, nameEn, code })),
    ],
    parties: [
      { id: 'centre', name: '国家信息中心', nameEn: 'State Information Centre', tier: 'national' },
      { id: 'carrier-a', name: '运营商甲', nameEn: 'Carrier A', tier: 'carrier' },
      { id: 'carrier-b', name: '运营商乙', nameEn: 'Carrier B', tier: 'carrier' },
    ],
    zones: [{ id: 'centre', name: '中央探测点', anchors: ['2001:db8:2018::1'] }],
    devices: section('devices'),
    circuits: section('circuits'),
    accessLines: section('accessLines'),
    internetExits: section('internetExits'),
    objectives: [
      objective('用户接入网络平均可用率', 'User access, mean availability', 'user-access', '99.9%'),
      objective('互联网出口平均可用率', 'Internet exit, mean availability', 'internet-exit', '99.95%'),
      objective('中央广域骨干网平均可用率', 'Central backbone, mean availability', 'backbone', '99.95%'),
    ],
    ...connected,
  };
}
