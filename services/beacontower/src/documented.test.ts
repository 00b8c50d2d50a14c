/** What there is to be seen and asked for is in the documents, in both languages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DELIVERY_STATES, LIVE_TYPES, NOTICE_STEPS, SELF_CODES, TIMELINE_KINDS } from '@beacontower/contracts';
import { WITHHOLDING_REASONS } from '@beacontower/domain';
import { ENVIRONMENT_VARIABLES } from '@beacontower/runtime';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from './command-line.ts';
import { FEDERATION_VERBS } from './federation-command.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const ROUTES_FOLDER = 'services/api/src/routes';
const ROUTES = readdirSync(join(ROOT, ROUTES_FOLDER))
  .filter((name) => !name.includes('.test.'))
  .flatMap((name) => [...read(join(ROUTES_FOLDER, name)).matchAll(/'(\/api\/v1\/[^']+)'/g)].map(([, path = '']) => path));
const ACTS = [...read(`${ROUTES_FOLDER}/incident-actions.ts`).matchAll(/registerAction\(app, context, '(\w+)'/g)].map(
  ([, act = '']) => act,
);

function metricsIn(file: string): string[] {
  return [...read(file).matchAll(/\b(?:counter|gauge|durations)\(\s*registry,\s*'(\w+)'/g)].map(([, name = '']) => name);
}

function missing(things: readonly string[], text: string, forms: (thing: string) => RegExp): string[] {
  return [...new Set(things)].filter((thing) => !forms(thing).test(text));
}

const inCode = (word: string) => new RegExp(`\`(?:incident\\.)?${word}\``);

describe.each([
  ['English', '.md'],
  ['Chinese', '.zh-CN.md'],
])('in %s', (_language, ending) => {
  const guide = (name: string) => read(`docs/${name}${ending}`);
  const all = readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md') && name.endsWith('.zh-CN.md') === (ending === '.zh-CN.md'))
    .map((name) => read(`docs/${name}`))
    .join('\n');
  const readme = read(`README${ending}`);

  it('every address of the API', () => {
    expect(ROUTES.length).toBeGreaterThan(40);
    const form = (path: string) => new RegExp(`${path.replace(/:\w+/g, '[^/\\s"`?|]+')}(?![\\w/-])`);
    expect(missing(ROUTES, all, form)).toEqual([]);
  });

  it('every act on an incident', () => {
    expect(ACTS.length).toBeGreaterThan(10);
    expect(missing(ACTS, guide('incidents'), inCode)).toEqual([]);
  });

  it('every command', () => {
    expect(missing(Object.keys(COMMANDS), `${all}\n${readme}`, (name) => new RegExp(`beacontower ${name}\\b|scripts/${name}\\b`))).toEqual(
      [],
    );
  });

  it('every variable of the environment', () => {
    expect(ENVIRONMENT_VARIABLES.length).toBeGreaterThan(20);
    expect(missing(ENVIRONMENT_VARIABLES, `${all}\n${readme}`, (name) => new RegExp(`\\b${name}\\b(?!_)`))).toEqual([]);
  });

  it('every verb of the federation', () => {
    const guides = `${all}\n${readme}\n${guide('federation/joining')}`;
    expect(missing(FEDERATION_VERBS, guides, (verb) => new RegExp(`federation ${verb}\\b`))).toEqual([]);
  });

  it('every metric of alerting, of conditions, of the API and of the federation', () => {
    const metrics = ['alerting', 'conditions', 'api', 'federation', 'federation/src/watch'].flatMap((service) =>
      metricsIn(`services/${service.includes('/') ? service : `${service}/src`}/metrics.ts`),
    );
    expect(metrics.length).toBeGreaterThan(50);
    expect(missing(metrics, all, (name) => new RegExp(`\`(?:beacontower_)?${name}(?:_total|_seconds)?[\`{]`))).toEqual([]);
  });

  it.each([
    ['finding about the node itself', SELF_CODES, 'operations'],
    ['kind of line in a timeline', TIMELINE_KINDS, 'incidents'],
    ['step that is told', NOTICE_STEPS, 'alerting'],
    ['reason to withhold a message', WITHHOLDING_REASONS, 'alerting'],
    ['state of a delivery', DELIVERY_STATES, 'delivery'],
    ['type of live event', LIVE_TYPES, 'api'],
  ])('every %s', (_what, words, name) => {
    expect(missing(words, guide(name), inCode)).toEqual([]);
  });
});
