import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type EmailChannel, sendMail } from './mail.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A relay that does as it should but for its greeting and what it says after the final dot. */
async function relay({ greeting = '220 hello', afterDot = '250 taken' }): Promise<EmailChannel> {
  server = createServer((socket: Socket) => {
    let inData = false;
    const answer = (line: string) => {
      if (inData) {
        if (line !== '.') return;
        inData = false;
        socket.write(`${afterDot}\r\n`);
      } else if (line !== '') {
        inData = line === 'DATA';
        socket.write(inData ? '354 go on\r\n' : '250 fine\r\n');
      }
    };
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => chunk.toString().split('\r\n').forEach(answer));
    socket.write(`${greeting}\r\n`);
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const base = { id: 'mail', kind: 'email', host: '127.0.0.1', port, tls: 'none', ca: null, user: null, password: null } as const;
  return { ...base, from: 'noc@example.cn', inDoubt: 'leave', timeoutMs: 5_000, maxAttempts: 3, limit: null, template: null };
}

const mail = { id: 'x', follows: null, subject: 's', text: 't', html: '<p>t</p>', headers: {}, attachments: [], date: 0 };
const send = (channel: EmailChannel) => sendMail(channel, 'wang@example.cn', mail, () => Promise.resolve(''));

describe('a relay', () => {
  it.each([
    ['250 taken', 'delivered'],
    ['451 later', 'retry'],
    ['554 refused', 'rejected'],
    ['354 go on', 'in-doubt'],
    ['999 what', 'in-doubt'],
    ['banana', 'in-doubt'],
  ])('that says "%s" after the final dot: %s', async (afterDot, outcome) => {
    expect(await send(await relay({ afterDot }))).toMatchObject({ outcome });
  });

  it.each(['HTTP/1.1 400 Bad Request', '\u0000\u0001\u00ff', '999 what', '421 busy', 'x'.repeat(3_000_000)])(
    'that greets with nonsense or a refusal has taken nothing',
    async (greeting) => {
      const result = await send(await relay({ greeting }));
      expect(result).toMatchObject({ outcome: 'retry' });
      expect(`${result.response}${result.error}`.length).toBeLessThan(1_100);
      expect(`${result.response}${result.error}`).not.toMatch(/\p{Cc}/u);
    },
  );
});
