/** `beacontower federation check`: runs the published cases against a receiver, or plays a centre for a sender, and writes the report. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseListen, SystemClock, UserError } from '@beacontower/runtime';
import type { CaseResult, ConformanceReport, ReceiverCheck } from '@beacontower/service-federation';
import { count, parse } from './arguments.ts';
import { CHECK_WORDS } from './federation-check-words.ts';
import { say } from './greeting.ts';
import { wording } from './inventory-commands.ts';

const text = { type: 'string' } as const;
const OPTIONS = {
  node: text,
  division: text,
  invitation: text,
  certificate: text,
  key: text,
  authority: text,
  expired: text,
  revoked: text,
  listen: text,
  name: text,
  patience: text,
  out: text,
  language: text,
  json: { type: 'boolean' },
} as const;
type Values = { readonly [K in Exclude<keyof typeof OPTIONS, 'json'>]?: string | undefined };
type Io = ReturnType<typeof wording>;

export async function checkVerb(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, options: OPTIONS, allowPositionals: true });
  const io = wording(values);
  const onResult = ({ id, outcome, seen, rule }: CaseResult) => {
    if (!io.json) io.out(`${CHECK_WORDS[io.language].marks[outcome]} ${id}: ${rule[io.language]}\n    ${seen}\n`);
  };
  const report = values.listen === undefined ? await receiver(values, positionals, io, onResult) : await sender(values, io, onResult);
  const { reportInWords } = await import('@beacontower/service-federation');
  const document = `${JSON.stringify(report, null, 2)}\n`;
  if (values.out !== undefined) {
    writeFileSync(`${values.out}.json`, document);
    writeFileSync(`${values.out}.md`, reportInWords(report, 'en'));
    writeFileSync(`${values.out}.zh-CN.md`, reportInWords(report, 'zh'));
  }
  say(io.json ? document.trimEnd() : CHECK_WORDS[io.language].verdict(report));
  process.exitCode = report.conforms ? 0 : 1;
}

async function receiver(
  values: Values,
  [url, ...more]: readonly string[],
  io: Io,
  onResult: (result: CaseResult) => void,
): Promise<ConformanceReport> {
  const { checkReceiver } = await import('@beacontower/service-federation');
  const node = needed(values, 'node');
  const division = needed(values, 'division');
  const clock = new SystemClock();
  const others = { clock, onResult, expired: pair(values, 'expired'), revoked: pair(values, 'revoked') };
  if (values.invitation !== undefined) {
    if (url !== undefined) throw new UserError('expected no URL beside --invitation: the invitation names it');
    const onCode = (code: string) => (io.json ? process.stderr : process.stdout).write(`${CHECK_WORDS[io.language].code(code)}\n`);
    return checkReceiver({ ...others, as: { token: values.invitation, node, division, onCode } });
  }
  if (url === undefined || more.length > 0)
    throw new UserError('expected "federation check URL", or --invitation, or --listen; --help tells more');
  if (!URL.canParse(url) || !url.startsWith('https://'))
    throw new UserError(`"${url}": expected an address such as https://noc.example.cn:8443`);
  const own = { certificate: fileOf(needed(values, 'certificate')), key: fileOf(needed(values, 'key')) };
  const identity = { url, authority: fileOf(needed(values, 'authority')), own, node, division };
  return checkReceiver({ ...others, as: { identity } });
}

async function sender(values: Values, io: Io, onResult: (result: CaseResult) => void): Promise<ConformanceReport> {
  const { checkSender } = await import('@beacontower/service-federation');
  const listen = parseListen(values.listen ?? '');
  if (listen === undefined) throw new UserError(`--listen "${values.listen}": expected HOST:PORT`);
  const patience = count('patience', values.patience);
  const words = CHECK_WORDS[io.language];
  const out = io.json ? process.stderr : process.stdout;
  return checkSender({
    listen,
    names: [values.name ?? listen.host],
    node: needed(values, 'node'),
    division: needed(values, 'division'),
    clock: new SystemClock(),
    onResult,
    onListening: ({ url, invitation }) => void out.write(`${words.listening(url, invitation)}\n`),
    onCode: (code) => void out.write(`${words.came(code)}\n`),
    ...(patience === null ? {} : { patienceMs: patience * 1_000 }),
  });
}

function needed(values: Values, name: keyof Values): string {
  const value = values[name];
  if (value === undefined) throw new UserError(`--${name} is missing; "beacontower federation --help" tells more`);
  return value;
}

/** `CERTIFICATE,KEY`: two files. */
function pair(values: Values, name: 'expired' | 'revoked'): ReceiverCheck['expired'] {
  const given = values[name];
  if (given === undefined) return undefined;
  const [certificate, key] = given.split(',');
  if (certificate === undefined || key === undefined) throw new UserError(`--${name} "${given}": expected two files, CERTIFICATE,KEY`);
  return { certificate: fileOf(certificate), key: fileOf(key) };
}

function fileOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${(error as Error).message}`);
  }
}
