/** What the documents say about paths, links and commands is so. */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from './command-line.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const NPM_SCRIPTS = Object.keys((JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object }).scripts);
const GUIDES = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name));
const DOCUMENTS = [...readdirSync(ROOT), ...GUIDES].filter((name) => name.endsWith('.md'));

/** Everything in a document, `file` from the root, that is not so. */
function untruths(file: string, text: string): string[] {
  const code = [...text.matchAll(/^```\w*\n([\s\S]*?)^```/gm), ...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)]
    .map(([, piece = '']) => piece)
    .flatMap((piece) => piece.split('\n'));
  return [
    ...matches([text], /\]\(([^)\s]+)\)/g).flatMap(([, target = '']) => linkFault(file, text, target)),
    ...matches(code, /(?:^|[\s(])((?:scripts|shared|collectors|services|config|test|docs|\.ci)\/[\w./-]*[\w-])(?=$|[\s:,;)])/g).flatMap(
      ([, path = '']) => pathFault(path),
    ),
    ...matches([text], /\bnpm run ([\w:-]+)/g).flatMap(([, name = '']) => (NPM_SCRIPTS.includes(name) ? [] : [`npm run ${name}`])),
    ...matches(code, /^\s*(?:scripts\/)?beacontower ([a-z].*)/g).flatMap(([, words = '']) => commandFault(words)),
    ...matches(code, /^\s*scripts\/(up .*)/g).flatMap(([, words = '']) => commandFault(words)),
  ];
}

const matches = (texts: readonly string[], pattern: RegExp) => texts.flatMap((text) => [...text.matchAll(pattern)]);

function linkFault(file: string, text: string, target: string): string[] {
  if (/^[a-z]+:/.test(target)) return [];
  const [path = '', anchor] = target.split('#');
  const full = path === '' ? join(ROOT, file) : resolve(ROOT, dirname(file), path);
  if (relative(ROOT, full).startsWith('..') || !existsSync(full)) return [`link ${target}`];
  if (anchor === undefined) return [];
  const headings = (path === '' ? text : readFileSync(full, 'utf8')).match(/^#+ .*/gm) ?? [];
  return headings.some((heading) => slug(heading) === decodeURIComponent(anchor)) ? [] : [`link ${target}`];
}

/** As the common forges make it of a heading. */
function slug(heading: string): string {
  return heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

function pathFault(path: string): string[] {
  if (!existsSync(join(ROOT, path))) return [`path ${path}`];
  if (!/^scripts\/[\w-]+$/.test(path)) return [];
  try {
    accessSync(join(ROOT, path), constants.X_OK);
    return [];
  } catch {
    return [`${path} cannot be run`];
  }
}

/** `words` as they follow `beacontower`: the command, its verb, and every option must be there. */
function commandFault(words: string): string[] {
  const [line = ''] = words.split(/\s#|[|;&]|\s{4,}/);
  const [name = '', verb = ''] = line.trim().split(/\s+/);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return [`beacontower ${name}`];
  // A command with several verbs names each in its usage.
  const verbs = [...command.usage.matchAll(/(?:^|, )\S+ ([a-z][a-z-]*)/g)].map((match) => match[1]);
  const known: readonly string[] = [command.usage, ...command.details, '--help'].join(' ').match(/--[a-z]+/g) ?? [];
  const options = (line.match(/(?<=\s)--[a-z]+/g) ?? []).filter((option) => !known.includes(option));
  return [
    ...(verbs.length > 0 && !verbs.includes(verb) ? [`beacontower ${name} ${verb}`] : []),
    ...options.map((option) => `beacontower ${name} ${option}`),
  ];
}

describe('documents', () => {
  it.each(DOCUMENTS)('%s names links, paths and commands that exist', (file) => {
    expect(untruths(file, readFileSync(join(ROOT, file), 'utf8'))).toEqual([]);
  });

  it('are there in both languages, and each names the other', () => {
    const chinese = DOCUMENTS.filter((name) => name.endsWith('.zh-CN.md'));
    expect(chinese).toContain('README.zh-CN.md');
    for (const name of chinese) {
      const english = name.replace('.zh-CN.md', '.md');
      const link = (to: string) => `](${to.split('/').at(-1)})`;
      expect(readFileSync(join(ROOT, english), 'utf8')).toContain(link(name));
      expect(readFileSync(join(ROOT, name), 'utf8')).toContain(link(english));
    }
  });

  it('are all reached from the README', () => {
    const linked = (file: string) => matches([readFileSync(join(ROOT, file), 'utf8')], /\]\(([^)#\s]+)\)/g).map(([, to = '']) => to);
    const guides = DOCUMENTS.filter((name) => /^docs\/[^/]+\.md$/.test(name));
    const reached = [...linked('README.md'), ...linked('README.zh-CN.md')];
    expect(guides.filter((name) => !reached.includes(name))).toEqual([]);
  });

  it.each([
    ['[a](docs/none.md)', 'link docs/none.md'],
    ['[a](README.md#no-such-heading)', 'link README.md#no-such-heading'],
    ['run `scripts/dance`', 'path scripts/dance'],
    ['run `scripts/lib.sh`, see `shared/none/src`', 'path shared/none/src'],
    ['`npm run dance`', 'npm run dance'],
    ['`beacontower dance`', 'beacontower dance'],
    ['```sh\nscripts/beacontower config shout my.yaml\n```', 'beacontower config shout'],
    ['`beacontower token create --nmae me`', 'beacontower token --nmae'],
    ['```\nscripts/up --confgi my.yaml   # starts --all\n```', 'beacontower up --confgi'],
  ])('what is not so is found: %s', (text, fault) => {
    expect(untruths('README.md', text)).toEqual([fault]);
  });
});
