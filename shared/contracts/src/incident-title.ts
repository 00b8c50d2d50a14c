import type { ObjectKind, Severity } from '@beacontower/domain';
import { type EarlyWarning, warningTitle } from './early-warning.ts';

type Language = 'zh' | 'en';

/** What kinds of objects are called in titles and messages. */
export const KIND_NAMES: Record<ObjectKind, Record<Language, string>> = {
  device: { zh: '设备', en: 'Device' },
  circuit: { zh: '电路', en: 'Circuit' },
  'access-line': { zh: '接入线路', en: 'Access line' },
  'internet-exit': { zh: '互联网出口', en: 'Internet exit' },
  service: { zh: '业务', en: 'Service' },
  site: { zh: '站点', en: 'Site' },
  interface: { zh: '接口', en: 'Interface' },
};

/** The title of an incident: what is the matter with what. A warning is a degradation, everything else an outage. */
export function outageTitle(language: Language, kind: ObjectKind, name: string, severity: Severity): string {
  const what = KIND_NAMES[kind][language];
  if (language === 'zh') return `${what} ${name} ${severity === 'warning' ? '质量劣化' : '中断'}`;
  return `${what} ${name} ${severity === 'warning' ? 'degraded' : 'down'}`;
}

/** The title of an incident about a condition: what it is called, on what. */
export function conditionTitle(language: Language, kind: ObjectKind, name: string, condition: string): string {
  return language === 'zh' ? `${KIND_NAMES[kind].zh} ${name}：${condition}` : `${KIND_NAMES[kind].en} ${name}: ${condition}`;
}

/** The title of an incident about an object that comes and goes. */
export function flappingTitle(language: Language, kind: ObjectKind, name: string): string {
  return language === 'zh' ? `${KIND_NAMES[kind].zh} ${name} 反复通断` : `${KIND_NAMES[kind].en} ${name} flapping`;
}

/** The title of an incident about a node that is not heard. */
export function linkTitle(language: Language, name: string): string {
  return language === 'zh' ? `下级节点 ${name} 失去联系` : `Node ${name} is not heard`;
}

/** Names as a configuration gives them; not everything has an English one. */
type Named = Pick<EarlyWarning, 'name' | 'nameEn'>;

/** What a title is made from. */
export type TitleParts =
  | { readonly kind: 'outage'; readonly object: Named & { readonly kind: ObjectKind }; readonly severity: Severity }
  | { readonly kind: 'flapping'; readonly object: Named & { readonly kind: ObjectKind } }
  | { readonly kind: 'condition'; readonly object: Named & { readonly kind: ObjectKind }; readonly condition: Named }
  | { readonly kind: 'early-warning'; readonly objective: Named }
  | { readonly kind: 'link'; readonly node: Named };

/**
 * A stored title in both languages; null when it is not what would be made of these parts today in either: what was called otherwise then, or
 * was titled by a person or an import, keeps its own words.
 */
export function titlesOf(stored: string, parts: TitleParts): Readonly<Record<Language, string>> | null {
  const titles = { zh: titleIn('zh', parts), en: titleIn('en', parts) };
  return stored === titles.zh || stored === titles.en ? titles : null;
}

function titleIn(language: Language, parts: TitleParts): string {
  switch (parts.kind) {
    case 'outage':
      return outageTitle(language, parts.object.kind, nameIn(language, parts.object), parts.severity);
    case 'flapping':
      return flappingTitle(language, parts.object.kind, nameIn(language, parts.object));
    case 'condition':
      return conditionTitle(language, parts.object.kind, nameIn(language, parts.object), nameIn(language, parts.condition));
    case 'early-warning':
      return warningTitle(language, parts.objective);
    case 'link':
      return linkTitle(language, nameIn(language, parts.node));
  }
}

function nameIn(language: Language, { name, nameEn }: Named): string {
  return (language === 'en' ? nameEn : null) ?? name;
}
