import { existsSync, readFileSync } from 'node:fs';
import nodemailer from 'nodemailer';
import { afterEach, expect, it } from 'vitest';
import { type SmtpReceiver, type SmtpReceiverOptions, startSmtpReceiver } from './smtp-receiver.ts';

let receiver: SmtpReceiver;

afterEach(() => receiver?.stop());

const MAIL = {
  from: 'noc@example.org',
  to: '值班 <duty@example.org>',
  subject: '广东省接入线路中断 down',
  text: '纯文本',
  html: '<p>网页</p>',
  messageId: '<alarm-1@example.org>',
};

async function begin(options: SmtpReceiverOptions = {}): Promise<void> {
  receiver = await startSmtpReceiver(options);
}

function send(options: { secure?: boolean; requireTLS?: boolean; trust?: boolean; auth?: { user: string; pass: string } } = {}) {
  const { trust = true, ...transport } = options;
  const tls = trust ? { ca: readFileSync(receiver.caFile) } : {};
  return nodemailer.createTransport({ host: receiver.host, port: receiver.port, tls, ...transport }).sendMail(MAIL);
}

it('takes mail over STARTTLS, with its envelope, headers and both parts', async () => {
  await begin();
  await send({ requireTLS: true });
  const got = await receiver.waitFor(({ to }) => to.includes('duty@example.org'));
  expect(got).toMatchObject({ from: 'noc@example.org', to: ['duty@example.org'], secure: true, user: null, answer: 'accept' });
  expect(got.mail).toMatchObject({ subject: MAIL.subject, messageId: MAIL.messageId, to: [{ name: '值班' }] });
  expect(got.mail.text?.trim()).toBe('纯文本');
  expect(got.mail.html?.trim()).toBe('<p>网页</p>');
});

it('is not trusted without its certificate, and refuses clear text', async () => {
  await begin();
  await expect(send({ requireTLS: true, trust: false })).rejects.toThrow(/certificate/);
  const clear = nodemailer.createTransport({ host: receiver.host, port: receiver.port, ignoreTLS: true });
  await expect(clear.sendMail(MAIL)).rejects.toMatchObject({ responseCode: 530 });
  expect(receiver.received).toEqual([]);
});

it('speaks TLS from the first byte when told, and asks for an account', async () => {
  await begin({ tls: 'implicit', account: { user: 'noc', password: 'right' } });
  await expect(send({ secure: true, auth: { user: 'noc', pass: 'wrong' } })).rejects.toMatchObject({ responseCode: 535 });
  await send({ secure: true, auth: { user: 'noc', pass: 'right' } });
  expect(receiver.received[0]).toMatchObject({ secure: true, user: 'noc' });
});

it('takes clear text when told, with no certificate asked for', async () => {
  await begin({ tls: 'none' });
  await send();
  expect(receiver.received[0]?.secure).toBe(false);
});

it('refuses at the stage it is told, once for each script entry', async () => {
  await begin();
  receiver.script(
    { stage: 'rcpt', code: 550, message: 'no such person' },
    { stage: 'mail', code: 451, message: 'later' },
    { stage: 'data', code: 452, message: 'full' },
  );
  await expect(send()).rejects.toMatchObject({ responseCode: 550 });
  await expect(send()).rejects.toMatchObject({ responseCode: 451 });
  await expect(send()).rejects.toMatchObject({ responseCode: 452 });
  expect(receiver.received).toEqual([]);
  await send();
  expect(receiver.received).toHaveLength(1);
});

it('keeps a mail whose sender never hears of it', async () => {
  await begin();
  receiver.script('drop-after-dot');
  await expect(send()).rejects.toThrow();
  expect(receiver.received).toMatchObject([{ answer: 'drop-after-dot', mail: { messageId: MAIL.messageId } }]);
});

it('leaves no key behind', async () => {
  await begin();
  const { caFile } = receiver;
  await receiver.stop();
  expect(existsSync(caFile)).toBe(false);
  await begin();
});
