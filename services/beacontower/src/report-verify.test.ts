import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvidenceLine } from '@beacontower/contracts';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { honestLines, inChunks, keyPair, sealed } from './report-verify.fixture.ts';
import { verifyBundle } from './report-verify.ts';
import { verifyCommand } from './report-verify-command.ts';
import { type FaultCode, faultText } from './report-verify-faults.ts';

const KEYS = keyPair();
const HONEST = sealed(honestLines(), KEYS);
const LINES = HONEST.trimEnd().split('\n').length;
const verify = (text: string, chunk = 4_096) => verifyBundle(inChunks(text, chunk));
const numberOf = (wanted: (line: EvidenceLine) => boolean) => honestLines().findIndex(wanted) + 1;
const find = (lines: EvidenceLine[], kind: EvidenceLine['line']) => lines.find(({ line }) => line === kind) as Record<string, unknown>;

describe('an honest bundle', () => {
  it.each([1, 7, 4_096, 1 << 20])('agrees, read in chunks of %i bytes', async (chunk) => {
    const found = await verify(HONEST, chunk);
    expect(found.faults).toEqual([]);
    expect(found).toMatchObject({ publicKey: KEYS.publicKey, lines: LINES, members: 3 });
    expect(found.whole?.experienced.availability).toBeLessThan(1);
    // The outages that were charged to others are not the members' own.
    expect(found.whole?.responsible.availability).toBeGreaterThan(found.whole?.experienced.availability ?? 1);
  });
});

// Whoever has no key can change the text alone: whatever he changes, the digest tells.
describe('a bundle changed behind the signature’s back', () => {
  const cases: [string, (text: string) => string, FaultCode][] = [
    ['a digit', (text) => text.replace(/"downMs":\d/, '"downMs":9'), 'digest'],
    ['a space', (text) => text.replace('"line":"header"', '"line": "header"'), 'digest'],
    ['a name', (text) => text.replace('fibre', 'fibrE'), 'digest'],
    ['a line taken out', (text) => text.replace(/\{"line":"transition".*\n/, ''), 'digest'],
    ['a line put in', (text) => text.replace('{"line":"figure"', '{"line":"charge"}\n{"line":"figure"'), 'digest'],
    ['two lines changed round', (text) => text.replace(/(\{"line":"member".*\n)(\{"line":"transition".*\n)/, '$2$1'), 'digest'],
    ['cut at a line', (text) => text.split('\n').slice(0, -5).join('\n').concat('\n'), 'signature-missing'],
    ['cut within a line', (text) => text.slice(0, text.length / 2), 'signature-missing'],
    ['cut within the signature', (text) => text.slice(0, -20), 'signature-missing'],
    ['without its last line feed', (text) => text.trimEnd(), 'not-ended'],
    ['with a line after the signature', (text) => `${text}{"line":"figure"}\n`, 'after-signature'],
    ['doubled', (text) => text + text, 'after-signature'],
    ['with another signature', (text) => text.replace(/"signature":"..../, '"signature":"AAAA'), 'signature'],
    ['with another key', (text) => text.replace(KEYS.publicKey, keyPair().publicKey), 'signature'],
    ['with another digest', (text) => text.replace(/"sha256":"..../, '"sha256":"0000'), 'digest'],
    ['of another format', (text) => text.replace('"version":1', '"version":2'), 'not-a-line'],
    ['with bytes that are no text', (text) => text.replace('{"line":"calendar"', '\u0000\ufffd'), 'not-json'],
    ['of nothing', () => '', 'signature-missing'],
    ['of one line feed', () => '\n', 'not-json'],
    ['that is no bundle', () => '{"a":1}\n[]\nnull\n"text"\n', 'not-a-line'],
  ];
  it.each(cases)('%s is named', async (_, bend, code) => {
    const found = await verify(bend(HONEST));
    expect(found.faults.map((fault) => fault.code)).toContain(code);
    for (const fault of found.faults)
      for (const language of ['en', 'zh'] as const) expect(faultText(fault, language)).not.toMatch(/(?<!received )undefined/);
  });

  it('is found out for each byte of it that is another', async () => {
    const bytes = Buffer.from(HONEST);
    for (let at = 0; at < bytes.length; at += 97) {
      const bent = Buffer.from(bytes);
      bent[at] = (bent[at] ?? 0) ^ 1;
      const found = await verifyBundle(
        (async function* () {
          yield bent;
        })(),
      );
      expect(found.faultCount, `byte ${at}`).toBeGreaterThan(0);
    }
  });
});

// Whoever has the key can sign anything; what does not follow from itself is still named, with its line.
describe('a bundle that was signed although it does not agree', () => {
  const edit = (kind: EvidenceLine['line'], change: (line: Record<string, unknown>) => void) => (lines: EvidenceLine[]) => {
    change(find(lines, kind));
    return lines as unknown[];
  };
  const lineOf = (kind: EvidenceLine['line']) => numberOf(({ line }) => line === kind);
  const cases: [string, (lines: EvidenceLine[]) => unknown[], FaultCode, number | null][] = [
    [
      'an account',
      edit('account', (line) => {
        line.downMs = 1;
      }),
      'account',
      lineOf('account'),
    ],
    [
      'a figure',
      edit('figure', (line) => {
        (line.experienced as { availability: number }).availability = 0.9997;
      }),
      'figure',
      lineOf('figure'),
    ],
    [
      'a verdict',
      edit('figure', (line) => {
        line.verdict = 'met';
      }),
      'figure',
      lineOf('figure'),
    ],
    [
      'a transition',
      edit('transition', (line) => {
        line.at = (line.at as number) + 1;
      }),
      'account',
      lineOf('account'),
    ],
    [
      'edges',
      edit('transition', (line) => {
        line.earliest = (line.latest as number) + 1;
      }),
      'edges-wrong',
      lineOf('transition'),
    ],
    [
      'an approval that came late',
      edit('planned-work', (line) => {
        line.approvedAt = (line.from as number) + 1;
      }),
      'account',
      lineOf('account'),
    ],
    [
      'a charge',
      edit('reclassification', (line) => {
        line.party = 'cn.gd';
      }),
      'account',
      null,
    ],
    [
      'a party',
      edit('charge', (line) => {
        line.party = 'other';
      }),
      'account',
      null,
    ],
    [
      'the counted time',
      edit('calendar', (line) => {
        line.counted = [];
      }),
      'calendar',
      lineOf('calendar'),
    ],
    [
      'the time zone',
      edit('objective', (line) => {
        (line.body as { timeZone: string }).timeZone = 'Nowhere/At';
      }),
      'unusable',
      lineOf('calendar'),
    ],
    [
      'the target',
      edit('objective', (line) => {
        (line.body as { target: number }).target = 0.5;
      }),
      'figure',
      lineOf('figure'),
    ],
    [
      'the objective',
      edit('header', (line) => {
        line.objective = 'other';
      }),
      'of-another-objective',
      lineOf('objective'),
    ],
    [
      'the period',
      edit('header', (line) => {
        line.to = (line.to as number) - 1;
      }),
      'account',
      null,
    ],
    ['a line too many', (lines) => [...lines, { line: 'figure', more: 1 }], 'not-a-line', LINES],
    [
      'a field too many',
      edit('member', (line) => {
        line.hidden = true;
      }),
      'not-a-line',
      lineOf('member'),
    ],
    [
      'a number that is none',
      edit('account', (line) => {
        line.upMs = 'much';
      }),
      'not-a-line',
      lineOf('account'),
    ],
    ['a member left out', (lines) => lines.filter((line) => !('object' in line && line.object === 'bj:c')), 'figure', lineOf('figure') - 5],
    ['accounts left out', (lines) => lines.filter((line) => !(line.line === 'account' && line.object === 'bj:b')), 'account-missing', null],
    ['figures left out', (lines) => lines.slice(0, -1), 'figure-missing', null],
    ['a figure doubled', (lines) => [...lines, lines.at(-1)], 'figure-unfounded', LINES],
    [
      'members changed round',
      (lines) => [...lines].sort((a, b) => ('object' in a && 'object' in b ? (a.object < b.object ? 1 : -1) : 0)),
      'out-of-order',
      null,
    ],
    [
      'a transition moved to another',
      (lines) => {
        const moved = lines.filter((line) => line.line === 'transition' && line.object === 'bj:b');
        return [...lines.filter((line) => !moved.includes(line)).slice(0, -5), ...moved, ...lines.slice(-5)];
      },
      'of-another-member',
      null,
    ],
    ['no header', (lines) => lines.slice(1), 'unusable', null],
    ['the figures first', (lines) => [lines.at(-1), ...lines.slice(0, -1)], 'out-of-order', 1],
    [
      'a line of twenty megabytes',
      (lines) => [...lines, JSON.stringify({ line: 'figure', text: 'x'.repeat(20 << 20) })],
      'too-long',
      LINES,
    ],
    ['deep nesting', (lines) => [...lines, '['.repeat(1_000_000)], 'not-json', LINES],
    [
      'endless numbers',
      edit('member', (line) => {
        line.weight = Number.POSITIVE_INFINITY;
      }),
      'not-a-line',
      lineOf('member'),
    ],
  ];
  it.each(cases)('%s is named', async (_, bend, code, line) => {
    const found = await verify(sealed(bend(honestLines()), KEYS), 1 << 20);
    const codes = found.faults.map((fault) => fault.code);
    expect(codes).toContain(code);
    expect(codes).not.toContain('digest');
    expect(codes).not.toContain('signature');
    if (line !== null) expect(found.faults.find((fault) => fault.code === code)?.line).toBe(line);
    for (const fault of found.faults)
      for (const language of ['en', 'zh'] as const) expect(faultText(fault, language)).not.toMatch(/(?<!received )undefined/);
  });
});

describe('beacontower report verify', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bt-verify-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });
  const file = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  const run = async (...args: string[]) => {
    let out = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text);
      return true;
    });
    await verifyCommand(args);
    const code = process.exitCode;
    process.exitCode = undefined;
    return { out, code };
  };
  const honest = file('honest.jsonl', HONEST);
  const bent = file('bent.jsonl', HONEST.replace(/"upMs":\d/, '"upMs":9'));

  it('ends with 0 when all agrees and a trusted key signed it, named by itself or by a file', async () => {
    const key = file('key.pem', `-----BEGIN PUBLIC KEY-----\n${KEYS.publicKey}\n-----END PUBLIC KEY-----\n`);
    for (const named of [KEYS.publicKey, key]) {
      const { out, code } = await run(honest, '--key', named);
      expect([code, out]).toEqual([0, expect.stringContaining('which you trust')]);
    }
  });

  it('ends with 2 when no key was named, or another', async () => {
    const unnamed = await run(honest);
    expect([unnamed.code, unnamed.out]).toEqual([2, expect.stringContaining('which you did not name as trusted')]);
    const other = await run(honest, '--key', keyPair().publicKey, '--language', 'zh');
    expect([other.code, other.out]).toEqual([2, expect.stringContaining('不在您列为可信的密钥之中')]);
  });

  it('ends with 1 when something does not agree, whoever signed', async () => {
    const { out, code } = await run(bent, '--key', KEYS.publicKey);
    expect(code).toBe(1);
    expect(out).toMatch(/line \d+: bj:a, experienced: upMs says 9\d*, the transitions come to \d+/);
    expect(out).toContain('DOES NOT AGREE');
  });

  it('says the same in JSON', async () => {
    const { out, code } = await run(bent, '--json');
    const said = JSON.parse(out) as { agrees: boolean; signedBy: object; faults: { code: string; line: number }[]; header: object };
    expect(code).toBe(1);
    expect(said).toMatchObject({
      agrees: false,
      signedBy: { publicKey: KEYS.publicKey, trusted: false },
      header: { objective: 'backbone' },
    });
    expect(said.faults.map((fault) => fault.code)).toContain('account');
  });

  it.each([
    ['no file', [], 'expected "report verify FILE'],
    ['two files', ['a', 'b'], 'expected "report verify FILE'],
    ['a file that is not there', ['/nowhere.jsonl'], 'there is no file'],
    ['a directory', [directory], 'is no file'],
    ['a key that is none', [honest, '--key', 'nonsense'], 'expected an Ed25519 public key'],
    ['an option that is none', [honest, '--trust', 'x'], '--help'],
    ['a language that is none', [honest, '--language', 'fr'], 'expected zh or en'],
  ])('%s is said in one line', async (_, args, says) => {
    await expect(run(...args)).rejects.toThrow(says);
  });
});
