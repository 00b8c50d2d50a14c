import { defineWords } from '../../i18n/language.tsx';
import type { MaintenanceStand } from './plan-state.ts';

/** Where planned work stands, in words. */
export const STANDS = defineWords({
  zh: {
    cancelled: '已取消',
    over: '已结束',
    'under-way': '进行中',
    'under-way-unapproved': '已开始但未批准',
    planned: '已批准，待开始',
    'to-approve': '待批准',
  } satisfies Record<MaintenanceStand, string>,
  en: {
    cancelled: 'cancelled',
    over: 'over',
    'under-way': 'under way',
    'under-way-unapproved': 'begun, not approved',
    planned: 'approved, to come',
    'to-approve': 'to be approved',
  },
});
