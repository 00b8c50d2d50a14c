/** What caused an outage, in the words reports add up by: chosen when an incident is closed. */

/** Code → its words. Codes are stored; adding one is one line, none is ever taken away. */
export const CAUSE_CATEGORIES = {
  'fibre-cut': { zh: '光缆中断', en: 'fibre cut' },
  carrier: { zh: '运营商线路故障', en: 'fault of the carrier' },
  equipment: { zh: '设备硬件故障', en: 'equipment failure' },
  'optical-module': { zh: '光模块或跳线故障', en: 'optical module or patch cord' },
  power: { zh: '供电故障', en: 'power failure' },
  environment: { zh: '机房环境', en: 'environment of the room' },
  software: { zh: '软件缺陷', en: 'software defect' },
  configuration: { zh: '配置或操作失误', en: 'configuration or operating error' },
  congestion: { zh: '拥塞', en: 'congestion' },
  attack: { zh: '网络攻击', en: 'attack' },
  'planned-work': { zh: '施工或割接', en: 'planned work' },
  customer: { zh: '用户侧原因', en: "the customer's side" },
  'natural-disaster': { zh: '自然灾害', en: 'natural disaster' },
  'false-alarm': { zh: '误报', en: 'false alarm' },
  unknown: { zh: '原因不明', en: 'unknown' },
  other: { zh: '其他', en: 'other' },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>;
export type CauseCategory = keyof typeof CAUSE_CATEGORIES;
export const CAUSE_CATEGORY_CODES = Object.keys(CAUSE_CATEGORIES) as [CauseCategory, ...CauseCategory[]];

const CODES: ReadonlyMap<string, CauseCategory> = new Map(
  CAUSE_CATEGORY_CODES.flatMap((code): [string, CauseCategory][] => {
    const { zh, en } = CAUSE_CATEGORIES[code];
    return [
      [code, code],
      [zh, code],
      [en, code],
    ];
  }),
);

/** The category somebody means by its code or by its words, in either language; null when it is none. */
export function causeCategoryOf(text: string): CauseCategory | null {
  return CODES.get(text.trim().toLowerCase()) ?? null;
}

/** A stored category in words; what is none of ours (imported history has words of its own) stays as it is. */
export function causeCategoryWords(category: string): { readonly zh: string; readonly en: string } {
  const code = causeCategoryOf(category);
  return code === null ? { zh: category, en: category } : CAUSE_CATEGORIES[code];
}
