import type { IncidentDetail } from '@beacontower/contracts';
import { defineWords } from '../../i18n/language.tsx';

type HandOverState = NonNullable<IncidentDetail['handedDown']>['state'];
type Text<K extends string> = Record<K, string>;

/** Words of what passes between the tiers that have to do with an incident. */
export const TIERS = defineWords({
  zh: {
    title: '各级处置',
    here: '本级',
    home: '发现处',
    nobody: '无人负责',
    toldOnly: '本级仅知悉：由下级处置，不产生告警。',
    node: '交给哪个下级节点',
    toThere: '对方人员（可不填）',
    escalated: (by: string) => `${by} 已上报上级`,
    asked: (node: string, by: string) => `${node} 的 ${by} 请求本级处置`,
    handedDown: (node: string) => `已交 ${node} 处置`,
    handedOver: (node: string, by: string) => `上级 ${node} 的 ${by} 交办`,
    states: {
      offered: '等待答复',
      accepted: '已接受',
      declined: '已退回',
      refused: '对方系统拒收',
      withdrawn: '已收回',
    } satisfies Text<HandOverState>,
    answeredBy: (by: string) => `由 ${by} 答复`,
    respondBy: '响应期限',
    repairBy: '修复期限',
  },
  en: {
    title: 'At each tier',
    here: 'here',
    home: 'where it was opened',
    nobody: 'nobody has it',
    toldOnly: 'This tier is only told of it: it is worked on below, and wakes nobody here.',
    node: 'To which node below',
    toThere: 'Whom there (optional)',
    escalated: (by: string) => `${by} asked the tier above`,
    asked: (node: string, by: string) => `${by} of ${node} asks this tier to act`,
    handedDown: (node: string) => `Handed down to ${node}`,
    handedOver: (node: string, by: string) => `Handed down by ${by} of ${node}`,
    states: {
      offered: 'waits for an answer',
      accepted: 'accepted',
      declined: 'declined',
      refused: 'refused by their system',
      withdrawn: 'taken back',
    },
    answeredBy: (by: string) => `answered by ${by}`,
    respondBy: 'response due',
    repairBy: 'repair due',
  },
});
