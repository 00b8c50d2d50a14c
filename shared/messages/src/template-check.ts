/** Templates of a configuration, tried with every sort of message before anything is applied. */
import type { CheckTemplate } from '@beacontower/contracts';
import { checkTemplate, tellsTheEnd } from './check.ts';
import { composeGateway } from './gateway.ts';
import { allSamples } from './samples.ts';

type Problem = ReturnType<CheckTemplate>;

/** What is wrong with a template; a body that says it is JSON must also be some, whatever it is about. */
export const checkConfiguredTemplate: CheckTemplate = (template, use) => {
  const isGateway = use === 'gateway' || use === 'gateway-json';
  const found = checkTemplate(template, isGateway ? 'gateway' : 'message');
  if (found !== null) return found;
  if (use === 'gateway-json') return judgeJson(template);
  return use === 'body' && !tellsTheEnd(template) ? HIDES_THE_END : null;
};

function judgeJson(body: string): Problem {
  if (body === '') return null;
  for (const message of allSamples('en')) {
    const made = bodyOf(body, message);
    try {
      JSON.parse(made);
    } catch {
      return NO_JSON;
    }
  }
  return null;
}

function bodyOf(body: string, message: ReturnType<typeof allSamples>[number]): string {
  const templates = { query: '', headers: {}, body, contentType: 'application/json', longest: 500 };
  const wording = { messages: [message], total: 1, language: 'en', timeZone: 'UTC', diverted: null, channel: 'x', template: null } as const;
  const facts = { address: '13800000000', delivery: '', attempt: 1, now: 0, secrets: ANY };
  return composeGateway(templates, wording, facts).body;
}

/** Any name is that of a secret: which there are is looked at elsewhere. */
const ANY: Record<string, string> = new Proxy(
  {},
  { get: () => 'x', has: () => true, getOwnPropertyDescriptor: () => ({ value: 'x', configurable: true, enumerable: true }) },
);

const NO_JSON: Problem = {
  problem: { en: 'what this template makes of some messages is not JSON', zh: '此模板对部分消息生成的内容不是 JSON' },
  expected: {
    en: 'JSON with values inside quotes, such as {"content": "{{ text }}"}, or another "contentType"',
    zh: 'JSON，变量写在引号内，如 {"content": "{{ text }}"}；或改写 "contentType"',
  },
};
const HIDES_THE_END: Problem = {
  severity: 'warning',
  code: 'template-hides-end',
  problem: { en: 'an alarm and its end read the same in these words', zh: '告警与恢复按此模板读来完全相同' },
  expected: {
    en: '{{ badge }} or {{ incident.tag }}, which say whether it begins, goes on or has ended',
    zh: '{{ badge }} 或 {{ incident.tag }}，说明是告警、催办还是恢复',
  },
};
