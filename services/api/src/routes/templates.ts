import { type TemplateBody, TemplatePreview, TemplatePreviewRequest } from '@beacontower/contracts';
import { readCurrentEntities, readNodeIdentity } from '@beacontower/database';
import { checkTemplate, previewMessage, TemplateFault } from '@beacontower/messages';
import type { App, RouteContext } from '../context.ts';
import { badField } from '../http/problem.ts';
import { describe } from '../openapi.ts';

/** Templates of messages. */
export function registerTemplates(app: App, { database }: RouteContext): void {
  app.post(
    '/api/v1/templates/preview',
    {
      config: { access: 'operate' },
      schema: {
        ...describe(
          'on-call',
          'A message in the words of a template, as each kind of channel would send it',
          'operate',
          'Nothing is sent or written; the incidents are made up. A template that fails is answered with the place of the fault.',
        ),
        body: TemplatePreviewRequest,
        response: { 200: TemplatePreview },
      },
    },
    async ({ body }) => {
      checkWords(body);
      const home = await readHome(database);
      const { kind, step, incidents, gateway = null } = body;
      const timeZone = body.timeZone ?? home.timeZone;
      if (!isTimeZone(timeZone))
        throw badField('body', 'timeZone', `there is no time zone ${timeZone}`, 'an IANA name, such as Asia/Shanghai');
      const template = await templateOf(database, body);
      try {
        return previewMessage({ language: body.language ?? home.language, timeZone, kind, step, incidents, template, gateway });
      } catch (error) {
        if (error instanceof TemplateFault) throw badField('body', 'gateway', placed(error), EXPECTED);
        throw error;
      }
    },
  );
}

/** Nobody else is answered while templates are tried: all of a request may take so long together. Usual ones take a few ms. */
const LONGEST_MS = 2_000;

const EXPECTED = 'a Liquid template with the variables and filters of docs/templates.md alone';

const placed = ({ line, column, message }: TemplateFault) => `line ${line}, column ${column} of the template: ${message}`;

function checkWords({ template, gateway }: TemplatePreviewRequest): void {
  const all = [
    ...Object.entries(template ?? {}).map(([name, text]) => [`template.${name}`, text, 'message'] as const),
    ...(gateway ? [['gateway.query', gateway.query, 'gateway'] as const, ['gateway.body', gateway.body, 'gateway'] as const] : []),
    ...Object.entries(gateway?.headers ?? {}).map(([name, text]) => [`gateway.headers.${name}`, text, 'gateway'] as const),
  ];
  let leftMs = LONGEST_MS;
  for (const [path, text, use] of all) {
    if (text === null || text === '') continue;
    const begun = performance.now();
    const fault = checkTemplate(text, use, Math.max(0, leftMs));
    leftMs -= performance.now() - begun;
    if (fault !== null) throw badField('body', path, fault.problem.en, fault.expected.en);
  }
}

async function templateOf(database: RouteContext['database'], { id, template }: TemplatePreviewRequest): Promise<TemplateBody | null> {
  if (template !== undefined) return { id: 'preview', zh: template, en: template };
  if (id === undefined) return null;
  const found = (await readCurrentEntities(database, 'template')).find((one) => one.id === id);
  if (!found) throw badField('body', 'id', `there is no template ${id}`, 'the id of a template of the configuration');
  return found;
}

async function readHome(database: RouteContext['database']): Promise<{ readonly language: 'zh' | 'en'; readonly timeZone: string }> {
  const identity = await readNodeIdentity(database);
  const nodes = await readCurrentEntities(database, 'node');
  const node = nodes.find(({ id }) => id === identity?.node) ?? nodes[0];
  return { language: node?.language ?? 'en', timeZone: node?.timeZone ?? 'UTC' };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
