/** `beacontower report verify FILE`: arguments in, the file read, words or JSON and an exit code out. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import type { Language } from '@beacontower/contracts';
import { keyFingerprint, parsePublicKey, UserError } from '@beacontower/runtime';
import { parse } from './arguments.ts';
import { say } from './greeting.ts';
import { type Verification, verifyBundle } from './report-verify.ts';
import { faultText } from './report-verify-faults.ts';
import { VERIFY_WORDS } from './report-verify-words.ts';

export async function verifyCommand(args: string[]): Promise<void> {
  const { values, positionals } = parse({
    args,
    options: { key: { type: 'string', multiple: true }, language: { type: 'string' }, json: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UserError('expected "report verify FILE [--key FILE|BASE64]"');
  const language = languageOf(values.language);
  const trusted = (values.key ?? []).map(trustedKey);
  requireFile(file);
  const found = await verifyBundle(createReadStream(file, { highWaterMark: 1 << 20 }));
  const isTrusted = found.publicKey !== null && trusted.includes(parsePublicKey(found.publicKey) ?? '');
  say(values.json === true ? inJson(file, found, isTrusted) : inWords(file, found, { isTrusted, trusted: trusted.length, language }));
  process.exitCode = exitCode(found, isTrusted);
}

/** 0: agrees and trusted; 1: something does not agree; 2: agrees, but is not signed by a key that was named. */
export function exitCode({ faultCount }: Pick<Verification, 'faultCount'>, isTrusted: boolean): 0 | 1 | 2 {
  if (faultCount > 0) return 1;
  return isTrusted ? 0 : 2;
}

function languageOf(text: string | undefined): Language {
  if (text === undefined || text === 'en') return 'en';
  if (text === 'zh') return 'zh';
  throw new UserError(`--language "${text}": expected zh or en`);
}

/** A public key that was named on the command line: itself, or the file that holds it. */
export function trustedKey(given: string): string {
  const key = parsePublicKey(existsSync(given) && statSync(given).size < 65_536 ? readFileSync(given, 'utf8') : given);
  if (key !== undefined) return key;
  throw new UserError(`--key "${given}": expected an Ed25519 public key in base64 or PEM, or a file that holds one`);
}

function requireFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new UserError(`there is no file ${file}`);
  if (!found.isFile()) throw new UserError(`${file} is no file`);
}

function inJson(file: string, found: Verification, isTrusted: boolean): string {
  const { faults, faultCount, publicKey, ...rest } = found;
  const agrees = faultCount === 0;
  const signedBy = publicKey && { publicKey, fingerprint: keyFingerprint(publicKey), trusted: isTrusted };
  const named = faults.map((fault) => ({ line: fault.line, code: fault.code, values: fault.values, text: faultText(fault, 'en') }));
  return JSON.stringify({ file, agrees, signedBy, ...rest, faultCount, faults: named }, null, 2);
}

interface Telling {
  readonly isTrusted: boolean;
  /** How many keys were named as trusted. */
  readonly trusted: number;
  readonly language: Language;
}

function inWords(file: string, found: Verification, { isTrusted, trusted, language }: Telling): string {
  const words = VERIFY_WORDS[language];
  const lines = [words.head(file, found)];
  if (found.header !== null) lines.push(words.about(found));
  lines.push(...found.faults.map((fault) => `  ${faultText(fault, language)}`));
  if (found.faultCount > found.faults.length) lines.push(words.more(found.faultCount - found.faults.length));
  if (found.faultCount > 0) return [...lines, words.fails(found.faultCount)].join('\n');
  const key = found.publicKey ?? '';
  lines.push(words.agrees);
  lines.push(isTrusted ? words.trusted(key) : trusted === 0 ? words.unnamed(key) : words.another(key));
  return lines.join('\n');
}
