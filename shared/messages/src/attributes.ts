import type { Language } from './wording.ts';

/** The attributes the configuration knows, with their labels; further facts are shown by their own name. */
export const ATTRIBUTES: Readonly<Record<string, Record<Language, string>>> = {
  vendor: { zh: '厂商', en: 'Vendor' },
  model: { zh: '型号', en: 'Model' },
  role: { zh: '角色', en: 'Role' },
  carrier: { zh: '运营商', en: 'Carrier' },
  circuitNumber: { zh: '电路编号', en: 'Circuit number' },
  hotline: { zh: '报障电话', en: 'Hotline' },
  bandwidth: { zh: '带宽', en: 'Bandwidth' },
  unit: { zh: '接入单位', en: 'Unit' },
  unitCode: { zh: '单位编码', en: 'Unit code' },
  owner: { zh: '负责人', en: 'Owner' },
  location: { zh: '位置', en: 'Location' },
  end1: { zh: 'A 端', en: 'A end' },
  end2: { zh: 'Z 端', en: 'Z end' },
  ifName: { zh: '接口名称', en: 'Interface name' },
  ifAlias: { zh: '接口描述', en: 'Interface alias' },
  ifDescr: { zh: '接口说明', en: 'Interface description' },
  ifIndex: { zh: '接口索引', en: 'Interface index' },
  ifType: { zh: '接口类型', en: 'Interface type' },
  ifHighSpeed: { zh: '接口速率 (Mbit/s)', en: 'Interface speed (Mbit/s)' },
  vanishedAt: { zh: '消失时间', en: 'Vanished' },
};
