/** The 31 provinces and the Corps, as the network is run: short names, GB/T 2260 codes (the Corps has none: an internal one). */
export interface Province {
  /** Last part of the division, `cn.<id>`. */
  readonly id: string;
  readonly zh: string;
  readonly en: string;
  readonly code: string;
}

const ROWS: readonly (readonly [string, string, string, string])[] = [
  ['bj', '北京', 'Beijing', '110000'],
  ['tj', '天津', 'Tianjin', '120000'],
  ['he', '河北', 'Hebei', '130000'],
  ['sx', '山西', 'Shanxi', '140000'],
  ['nm', '内蒙古', 'Nei Mongol', '150000'],
  ['ln', '辽宁', 'Liaoning', '210000'],
  ['jl', '吉林', 'Jilin', '220000'],
  ['hl', '黑龙江', 'Heilongjiang', '230000'],
  ['sh', '上海', 'Shanghai', '310000'],
  ['js', '江苏', 'Jiangsu', '320000'],
  ['zj', '浙江', 'Zhejiang', '330000'],
  ['ah', '安徽', 'Anhui', '340000'],
  ['fj', '福建', 'Fujian', '350000'],
  ['jx', '江西', 'Jiangxi', '360000'],
  ['sd', '山东', 'Shandong', '370000'],
  ['ha', '河南', 'Henan', '410000'],
  ['hb', '湖北', 'Hubei', '420000'],
  ['hn', '湖南', 'Hunan', '430000'],
  ['gd', '广东', 'Guangdong', '440000'],
  ['gx', '广西', 'Guangxi', '450000'],
  ['hi', '海南', 'Hainan', '460000'],
  ['cq', '重庆', 'Chongqing', '500000'],
  ['sc', '四川', 'Sichuan', '510000'],
  ['gz', '贵州', 'Guizhou', '520000'],
  ['yn', '云南', 'Yunnan', '530000'],
  ['xz', '西藏', 'Xizang', '540000'],
  ['sn', '陕西', 'Shaanxi', '610000'],
  ['gs', '甘肃', 'Gansu', '620000'],
  ['qh', '青海', 'Qinghai', '630000'],
  ['nx', '宁夏', 'Ningxia', '640000'],
  ['xj', '新疆', 'Xinjiang', '650000'],
  ['bt', '兵团', 'XPCC', 'XPCC'],
];

export const PROVINCES: readonly Province[] = ROWS.map(([id, zh, en, code]) => ({ id, zh, en, code }));

/** Units of the centre that are connected by an access line, and a line in every province. */
export const UNITS: readonly { readonly id: string; readonly zh: string; readonly en: string }[] = [
  { id: 'ndrc', zh: '发展改革部门', en: 'Development and reform' },
  { id: 'finance', zh: '财政部门', en: 'Finance' },
  { id: 'health', zh: '卫生健康部门', en: 'Health' },
  { id: 'emergency', zh: '应急管理部门', en: 'Emergency management' },
  { id: 'taxation', zh: '税务部门', en: 'Taxation' },
  { id: 'statistics', zh: '统计部门', en: 'Statistics' },
];
