/** What is published of the protocol is what the code does. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CAPABILITIES, ENVELOPE_KINDS, FEDERATION_CODES, LOG_LIMITS, RECEIPT_OUTCOMES } from '@beacontower/contracts';
import { describe, expect, it, test } from 'vitest';
import { CHAIN_BEGIN, readBatch } from '../../protocol/chain.ts';
import { CALLS } from './calls.ts';
import { publishedDocuments } from './published.ts';

const FOLDER = fileURLToPath(new URL('../../../../../docs/federation/', import.meta.url));
const PUBLISHED = publishedDocuments();
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

// `scripts/federation-schemas` sets it.
if (process.env.WRITE_FEDERATION_SCHEMAS === '1') {
  for (const [name, text] of PUBLISHED) {
    mkdirSync(dirname(join(FOLDER, name)), { recursive: true });
    writeFileSync(join(FOLDER, name), text);
  }
}

describe('schemas and calls', () => {
  test.each([...PUBLISHED])('%s is as the code has it (scripts/federation-schemas makes it anew)', (name, text) => {
    expect(JSON.parse(read(name))).toEqual(JSON.parse(text));
  });

  it('are all there, and no other', () => {
    expect(readdirSync(join(FOLDER, 'schema')).map((name) => `schema/${name}`)).toEqual(
      [...PUBLISHED.keys()].filter((name) => name.startsWith('schema/')).sort(),
    );
  });

  it('refer to nothing that is not in the same document', () => {
    const document = PUBLISHED.get('openapi.json') ?? '';
    const { components } = JSON.parse(document) as { components: { schemas: object } };
    const wanted = [...document.matchAll(/"\$ref": "([^"]+)"/g)].map(([, target = '']) => target);
    expect([...new Set(wanted)].filter((target) => !(target.replace('#/components/schemas/', '') in components.schemas))).toEqual([]);
  });

  it('name every code', () => {
    const openapi = PUBLISHED.get('openapi.json') ?? '';
    const unsaid = Object.keys(FEDERATION_CODES).filter((code) => !new RegExp(`\\b${code}\\b`).test(openapi));
    expect(unsaid).toEqual([]);
  });
});

describe.each(['protocol.md', 'protocol.zh-CN.md'])('%s', (file) => {
  const text = read(file);

  it.each(Object.entries(FEDERATION_CODES))('says when %s is answered', (code, { status }) => {
    expect(text).toContain(`| \`${code}\` | ${status} |`);
  });

  it('names every kind, call, capability and outcome', () => {
    const calls = CALLS.map(({ method, path }) => `\`${method.toUpperCase()} ${path}`);
    const words = [...ENVELOPE_KINDS, ...CAPABILITIES, ...RECEIPT_OUTCOMES].map((word) => `\`${word}\``);
    expect([...calls, ...words].filter((word) => !text.includes(word))).toEqual([]);
  });

  it('has the limits', () => {
    expect(text).toContain(`${LOG_LIMITS.lineBytes / 1_024} KiB`);
    expect(text).toContain(`${LOG_LIMITS.bytes / 1_024 / 1_024} MiB`);
    expect(text).toContain('5,000');
  });

  it('has an example of the chain that is right', () => {
    const lines = text.match(/^\{"sequence".*$/gm) ?? [];
    const batch = readBatch(`${lines.join('\n')}\n`, CHAIN_BEGIN);
    expect(batch).toMatchObject({ ok: true, end: { sequence: 2 } });
    expect(text).toContain(sha256(lines[1] ?? ''));
  });

  it('has an example of a digest that is right', () => {
    const [line = ''] = /gz:line-1 \d+ unknown up \d+ \d+ reported/.exec(text) ?? [];
    const bucket = (createHash('sha256').update('gz:line-1').digest()[0] ?? 0) % 64;
    expect(text).toContain(sha256(`${line.replaceAll(' ', '\t')}\n`));
    expect(text).toMatch(new RegExp(`(bucket|桶) ${bucket} `));
  });
});
