/** Templates of messages: looked at (by whoever can read them) and normalised. */
import type { TemplateBody } from '../entities.ts';
import { type Item, whole } from './collect.ts';
import type { Path } from './document.ts';
import { type Complaint, text } from './fault.ts';
import type { Surroundings } from './objects.ts';

/**
 * Where a template is used: in a title or the body of a message, or in a request to a gateway, which knows `secrets` too; `gateway-json`:
 * it must make JSON.
 */
export type TemplateUse = 'title' | 'body' | 'gateway' | 'gateway-json';
/** What is wrong with the text of a template, an error unless it says another severity; null: nothing. */
export type CheckTemplate = (template: string, use: TemplateUse) => (Omit<Complaint, 'found' | 'code'> & { readonly code?: string }) | null;

/** Adds the fault of a template at `path` of the item, when there is one. */
export function templateFault(around: Surroundings, item: Item<unknown>, path: Path, words: string | undefined, use: TemplateUse): void {
  const found = words === undefined ? null : (around.checkTemplate?.(words, use) ?? null);
  if (found !== null) around.faults.push(item.document.fault([...item.path, ...path], { code: 'bad-template', ...found, found: null }));
}

export function readTemplates(around: Surroundings): TemplateBody[] {
  const used = new Set(around.collected.items.channels.map((channel) => channel.value?.template));
  return whole(around.collected.items.templates).map(({ item, value }) => {
    const texts = (language: 'zh' | 'en') => {
      const given = value[language];
      if (given === undefined) return null;
      for (const [key, words] of Object.entries(given))
        templateFault(around, item, [language, key], words, key === 'title' ? 'title' : 'body');
      const { title = null, text: plain = null, markdown = null } = given;
      if (title === null && plain === null && markdown === null)
        around.faults.push(item.document.fault([...item.path, language], NO_WORDS));
      return { title, text: plain, markdown };
    };
    if (item.whole && value.zh === undefined && value.en === undefined) around.faults.push(item.document.fault(item.path, NO_WORDS));
    else if (item.whole && around.complete && !used.has(value.id)) around.faults.push(item.document.fault(item.path, UNUSED));
    return { id: value.id, zh: texts('zh'), en: texts('en') };
  });
}

const NO_WORDS: Complaint = {
  code: 'template-without-words',
  problem: text('the template has no words of its own', '模板未给出任何文字'),
  expected: text(
    '"zh" or "en" with at least one of "title", "text" and "markdown"',
    '"zh" 或 "en"，含 "title"、"text"、"markdown" 至少其一',
  ),
  found: null,
};
const UNUSED: Complaint = {
  severity: 'warning',
  code: 'template-unused',
  problem: text('no channel uses this template', '没有通道使用此模板'),
  expected: text('"template" of a channel with its id', '某个通道的 "template" 为其标识'),
  found: null,
};
