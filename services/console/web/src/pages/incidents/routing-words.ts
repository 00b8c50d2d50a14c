import type { RoutingExplanationView } from '@beacontower/contracts';
import { defineWords } from '../../i18n/language.tsx';

type Why = RoutingExplanationView['notTold'][number]['why'];
type Verdict = RoutingExplanationView['routes'][number]['verdict'];

/** Words of the dry run of routing. */
export const WHY = defineWords({
  zh: {
    title: '现在会告知谁、为何、下一步升级给谁',
    nobody: '无人会被告知',
    next: '无人受理时的升级',
    step: (name: string, step: number) => `${name} 第 ${step} 步：`,
    repeats: (route: string, minutes: number) => `${route}：无人受理时每 ${minutes} 分钟重复提醒`,
    unmanned: (rotas: string) => `无人值班：${rotas}`,
    unknown: (names: string) => `路由中提到而未配置：${names}`,
    others: '为何不告知其他人',
    goesAt: '最早可发于',
    why: {
      'not-named': '没有路由提到',
      'route-does-not-apply': '所在路由不适用',
      'not-on-duty': '不在值班',
      'only-when-nobody-acknowledges': '仅在无人受理时告知',
    } satisfies Record<Why, string>,
    verdicts: {
      matches: '适用',
      'by-default': '默认',
      'other-severity': '级别不符',
      'other-class': '类别不符',
      'other-division': '区划不符',
      'other-party': '责任方不符',
      'other-kind': '事件类型不符',
      'outside-calendar': '不在其时段内',
      'inside-calendar': '在其排除的时段内',
      'after-final': '前面的路由已终止匹配',
      'default-not-needed': '已有其他路由，无需默认',
    } satisfies Record<Verdict, string>,
  },
  en: {
    title: 'Who would be told now, why, and who is next',
    nobody: 'Nobody would be told',
    next: 'While nobody acknowledges',
    step: (name: string, step: number) => `step ${step} of ${name}:`,
    repeats: (route: string, minutes: number) => `${route}: told again every ${minutes} min while nobody acknowledges`,
    unmanned: (rotas: string) => `Nobody on duty: ${rotas}`,
    unknown: (names: string) => `Named and not configured: ${names}`,
    others: 'Why not the others',
    goesAt: 'may go at',
    why: {
      'not-named': 'no route names them',
      'route-does-not-apply': 'their route does not apply',
      'not-on-duty': 'not on duty',
      'only-when-nobody-acknowledges': 'only when nobody acknowledges',
    },
    verdicts: {
      matches: 'applies',
      'by-default': 'by default',
      'other-severity': 'another severity',
      'other-class': 'another class',
      'other-division': 'another division',
      'other-party': 'another party',
      'other-kind': 'another kind',
      'outside-calendar': 'outside its hours',
      'inside-calendar': 'within hours it leaves out',
      'after-final': 'an earlier route was final',
      'default-not-needed': 'others apply, so the default does not',
    },
  },
});
