import { defineWords } from '../i18n/language.tsx';

/** Words of every chart. */
export const CHARTS = defineWords({
  zh: {
    asTable: '表格',
    asChart: '图形',
    download: '下载 CSV',
    time: '时间',
    least: '最小',
    mean: '平均',
    most: '最大',
    noPoints: '所选时段没有采样',
    shown: (shown: string, all: string) => `显示最近 ${shown} 个点，共 ${all} 个；全部数据请下载。`,
    range: (min: string, max: string) => `（${min} – ${max}）`,
  },
  en: {
    asTable: 'Table',
    asChart: 'Chart',
    download: 'Download CSV',
    time: 'Time',
    least: 'least',
    mean: 'mean',
    most: 'most',
    noPoints: 'No samples in this time',
    shown: (shown: string, all: string) => `The newest ${shown} of ${all} points; download them for all.`,
    range: (min: string, max: string) => ` (${min} – ${max})`,
  },
});
