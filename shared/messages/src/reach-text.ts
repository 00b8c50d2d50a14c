import { oneLine } from './escape.ts';
import type { IncidentMessage } from './message.ts';
import type { BlastPart } from './parts.ts';
import type { Language } from './wording.ts';

/** How far an outage reaches: what has been seen because of it, or else what the inventory says. Empty when nothing is known. */
export function reachText({ affected }: IncidentMessage['incident'], language: Language): string {
  const others = affected.total - 1;
  if (others <= 0) return dependantsText(affected.dependants, language);
  if (language === 'zh') return `另有 ${others} 个下级对象因此受影响，不再单独告警。`;
  return others === 1
    ? '1 more object behind it is affected and does not alarm on its own.'
    : `${others} more objects behind it are affected and do not alarm on their own.`;
}

// An alarm goes out before the objects behind its cause were looked at: what is known of them then is what the inventory says.
function dependantsText(count: number | undefined, language: Language): string {
  if (count === undefined) return '';
  if (language === 'zh') return count > 0 ? `有 ${count} 个对象依赖于它，因此受影响时不再单独告警。` : '没有其他对象只依赖于它。';
  if (count === 0) return 'No other object depends on it alone.';
  return `${count === 1 ? '1 object depends' : `${count} objects depend`} on it; failures behind it do not alarm on their own.`;
}

/** Who is cut off, and who only lost redundancy; no line where there is nobody. */
export function blastRows(blast: BlastPart | undefined, language: Language): (readonly [string, string])[] {
  if (blast === undefined) return [];
  const [lost, redundancy] = language === 'zh' ? ['中断影响', '失去冗余'] : ['Cut off', 'Redundancy lost'];
  return [...row(lost, blast.lost, language), ...row(redundancy, blast.redundancy, language)];
}

const NAMED = 5;

function row(label: string, reach: BlastPart['lost'], language: Language): (readonly [string, string])[] {
  const { objects, units, services, first } = reach;
  // The cause alone is what the message is about already.
  if (objects === 0 || (objects === 1 && units + services === 0)) return [];
  const zh = language === 'zh';
  const count = (number: number, one: string, many: string) => (number === 0 ? [] : [`${number} ${number === 1 ? one : many}`]);
  const counts = zh
    ? [...count(units, '个接入单位', '个接入单位'), ...count(services, '项业务', '项业务'), `共 ${objects} 个对象`]
    : [
        ...count(units, 'unit', 'units'),
        ...count(services, 'service', 'services'),
        `${objects} ${objects === 1 ? 'object' : 'objects'} in all`,
      ];
  const names = first.slice(0, NAMED).map(({ name }) => oneLine(name));
  const dots = objects > names.length ? (zh ? ' 等' : ', …') : '';
  if (names.length === 0) return [[label, counts.join(zh ? '、' : ', ')]];
  return [[label, zh ? `${counts.join('、')}：${names.join('、')}${dots}` : `${counts.join(', ')}: ${names.join(', ')}${dots}`]];
}
