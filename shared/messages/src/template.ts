import { createHash } from 'node:crypto';
import { Liquid, LiquidError } from 'liquidjs';
import { urlEncoded } from './escape.ts';

/** How what a template prints is made harmless in the medium it is printed into. */
export type Escape = (text: string) => string;

/** A template that cannot be used; `line` and `column` from 1. `message` says what is wrong, and holds nothing of the data. */
export class TemplateFault extends Error {
  readonly code = 'template';
  readonly line: number;
  readonly column: number;
  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** Longest template and longest result, in characters; render time in ms; what filters may allocate, as liquidjs counts it. */
const LIMITS = { parse: 20_000, result: 200_000, render: 500, memory: 1_000_000 } as const;
/** Other files are not for templates to read. */
const FILE_TAGS = ['include', 'render', 'layout', 'block'];

/** No variable and no filter that does not exist, nothing inherited, no file, and an end to time and memory. */
function engineFor(safe: Escape): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    lenientIf: true,
    parseLimit: LIMITS.parse,
    renderLimit: LIMITS.render,
    memoryLimit: LIMITS.memory,
    outputEscape: (value: unknown) => safe(textOf(value)),
    root: [],
    templates: {},
  });
  for (const tag of FILE_TAGS) delete engine.tags[tag];
  // What these print is escaped already, whatever it is printed into.
  engine.registerFilter('json', { raw: true, handler: (value: unknown) => JSON.stringify(value ?? null) });
  engine.registerFilter('url_encode', { raw: true, handler: (value: unknown) => urlEncoded(textOf(value)) });
  engine.registerFilter('md5', (value: unknown) => createHash('md5').update(textOf(value)).digest('hex'));
  engine.registerFilter('get', (value: unknown, key: unknown) => {
    const found = typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key) : undefined;
    return found === undefined ? null : (found[1] as unknown);
  });
  return engine;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}

const engines = new Map<Escape, Liquid>();

/** Renders a template (Liquid, docs/templates.md). Throws TemplateFault. */
export function renderTemplate(template: string, context: object, safe: Escape): string {
  const engine = engines.get(safe) ?? engineFor(safe);
  engines.set(safe, engine);
  let text: string;
  try {
    text = String(engine.parseAndRenderSync(template, context));
  } catch (error) {
    throw faultOf(error);
  }
  if (text.length > LIMITS.result) throw new TemplateFault(`its result is longer than ${LIMITS.result} characters`, 1, 1);
  return text;
}

function faultOf(error: unknown): TemplateFault {
  if (!LiquidError.is(error)) return new TemplateFault(error instanceof Error ? error.message : 'it cannot be rendered', 1, 1);
  const [line, column] = error.token.getPosition();
  const [said = ''] = error.message.split('\n');
  return new TemplateFault(said.replace(/, line:\d+, col:\d+$/, ''), line ?? 1, column ?? 1);
}
