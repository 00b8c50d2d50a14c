/** Words of charts. */
export const CHART_WORDS = {
  availability: { zh: '可用率', en: 'availability' },
  unavailability: { zh: '不可用率（100% − 可用率），从 0 起', en: 'unavailability (100% − availability), from 0' },
  bounds: { zh: '上下界', en: 'bounds' },
  target: { zh: '目标', en: 'target' },
  noData: { zh: '无数据', en: 'no data' },
  begins: { zh: '纵轴不从 0 起，自 {from} 起。', en: 'The axis does not begin at 0 but at {from}.' },
  cut: { zh: '箭头表示上下界超出图示范围，数值见表。', en: 'An arrow: the bound lies beyond the axis; see the table.' },
  bars: {
    zh: '条形长度为不可用率，越短越好；右侧为可用率。浅色达标，深色未达标，空心无法判定。',
    en: 'Bars show unavailability, the shorter the better; availability is on the right. Light: met; dark: missed; hollow: undecided.',
  },
  part: { zh: '图中仅列可用率最低的 40 个，全部见表。', en: 'The 40 lowest are drawn; the table has all.' },
  noCause: { zh: '原因未注明', en: 'no cause given' },
  share: { zh: '占全部中断时长的比例', en: 'share of all downtime' },
} as const;
