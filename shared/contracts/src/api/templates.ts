/** Templates of messages: seen before anybody is sent one. */
import { z } from 'zod';
import { NOTICE_STEPS } from '../telling.ts';
import { INCIDENT_KINDS } from '../words.ts';

const words = z.string().max(20_000);
const own = words.nullable().default(null);

/**
 * `POST /api/v1/templates/preview`: the words to try (`template`), or a configured template by its id, or neither for the built-in words;
 * and, of a gateway, what makes its request.
 */
export const TemplatePreviewRequest = z
  .strictObject({
    language: z.enum(['zh', 'en']).optional().describe('that of the node when left out'),
    timeZone: z.string().min(1).max(64).optional().describe('that of the node when left out'),
    kind: z.enum(INCIDENT_KINDS).default('outage'),
    step: z.enum(NOTICE_STEPS).default('opened'),
    incidents: z.number().int().min(1).max(1000).default(1).describe('how many incidents the message tells of'),
    id: z.string().min(1).max(256).optional().describe('a template of the configuration'),
    template: z.strictObject({ title: own, text: own, markdown: own }).optional(),
    gateway: z
      .strictObject({
        query: words.default(''),
        headers: z
          .record(z.string().max(256), words)
          .refine((headers) => Object.keys(headers).length <= 50, 'at most 50 headers')
          .default({}),
        body: words.default(''),
        contentType: z.string().max(256).default('application/json; charset=utf-8'),
        longest: z.number().int().min(20).max(100_000).default(500),
      })
      .optional(),
  })
  .refine((body) => body.id === undefined || body.template === undefined, { path: ['template'], message: 'give an id or words, not both' });
export type TemplatePreviewRequest = z.infer<typeof TemplatePreviewRequest>;

const titled = z.object({ title: z.string(), markdown: z.string() });

/** The message as each kind of channel would send it. */
export const TemplatePreview = z.object({
  mail: z.object({ subject: z.string(), text: z.string(), html: z.string() }),
  robots: z.object({ wecom: titled, dingtalk: titled, feishu: titled }),
  short: z.object({ title: z.string(), text: z.string() }).describe('what a gateway sends as {{ title }} and {{ text }}'),
  gateway: z.object({ query: z.string(), headers: z.record(z.string(), z.string()), body: z.string() }).nullable(),
});
export type TemplatePreview = z.infer<typeof TemplatePreview>;
