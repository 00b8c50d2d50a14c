import { gatewayContext } from './gateway.ts';
import { sheetOf } from './group.ts';
import { allSamples, sampleMessage } from './samples.ts';
import type { Composition } from './sheet.ts';
import { renderTemplate, TemplateFault } from './template.ts';
import { templateContext } from './template-context.ts';
import type { Language } from './wording.ts';

/** What is wrong with a template, and what would be right. */
export interface TemplateProblem {
  readonly problem: Readonly<Record<Language, string>>;
  readonly expected: Readonly<Record<Language, string>>;
}

/** Stands for any secret: which names a channel gives its secrets is not known here. */
const ANY_SECRET = new Proxy<Record<string, string>>(
  {},
  { get: () => 'secret', has: () => true, getOwnPropertyDescriptor: () => ({ value: 'secret', configurable: true, enumerable: true }) },
);

/**
 * Tries a template with a message of every kind and step, and of several incidents; null when none fails. `gateway`: it also sees
 * `address`, `delivery`, `attempt`, `timestamp` and `secrets`. It may take `longestMs` in all.
 */
export function checkTemplate(template: string, use: 'message' | 'gateway', longestMs = LONGEST_MS): TemplateProblem | null {
  const messages = contexts(use);
  const begun = performance.now();
  for (const context of messages) {
    try {
      renderTemplate(template, context, asItIs);
      if (performance.now() - begun > longestMs) throw new TemplateFault('it takes too long to render', 1, 1);
    } catch (error) {
      if (error instanceof TemplateFault) return problemOf(error, use);
      throw error;
    }
  }
  return null;
}

/** Whether a template that has no fault reads another way of the end of an outage than of its beginning. */
export function tellsTheEnd(template: string): boolean {
  const rest = { total: 1, language: 'zh', timeZone: 'Asia/Shanghai', diverted: null, channel: 'channel' } as const;
  const read = (step: 'opened' | 'resolved') =>
    renderTemplate(template, templateContext({ ...rest, messages: [sampleMessage('outage', step, 'zh')] }), asItIs);
  return read('opened') !== read('resolved');
}

const made = new Map<string, readonly object[]>();

function contexts(use: 'message' | 'gateway'): readonly object[] {
  const known = made.get(use) ?? [...makeContexts(use)];
  made.set(use, known);
  return known;
}

function* makeContexts(use: 'message' | 'gateway'): Generator<object> {
  const facts = { address: '13800000000', delivery: '00000000-0000-8000-8000-000000000000', attempt: 1, now: 0, secrets: ANY_SECRET };
  for (const composition of compositions()) {
    const words = templateContext(composition);
    yield use === 'message' ? words : { ...words, ...gatewayContext({ title: words.title, text: sheetOf(composition).subject }, facts) };
  }
}

function* compositions(): Generator<Composition> {
  const samples = allSamples('zh');
  const rest = { language: 'zh', timeZone: 'Asia/Shanghai', diverted: null, channel: 'channel' } as const;
  for (const message of samples) yield { ...rest, messages: [message], total: 1 };
  const [first, ...others] = samples;
  if (first) yield { ...rest, messages: [first, ...others], total: 99, diverted: { channel: 'robot', why: '503' } };
}

/** All samples together, on a machine that is busy with other things. */
const LONGEST_MS = 5_000;

const asItIs = (text: string) => text;

function problemOf({ message, line, column }: TemplateFault, use: 'message' | 'gateway'): TemplateProblem {
  const more =
    use === 'gateway'
      ? {
          zh: '（网关另有 address、delivery、attempt、timestamp、secrets）',
          en: ' (a gateway also has address, delivery, attempt, timestamp and secrets)',
        }
      : { zh: '', en: '' };
  return {
    problem: { zh: `模板第 ${line} 行第 ${column} 列有误：${message}`, en: `line ${line}, column ${column} of the template: ${message}` },
    expected: {
      zh: `Liquid 模板，只用 docs/templates.md 所列的变量和过滤器${more.zh}`,
      en: `a Liquid template with the variables and filters of docs/templates.md alone${more.en}`,
    },
  };
}
