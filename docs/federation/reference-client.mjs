// A foreign system joins the federation: plain Node.js (20 or later), no package, outages only. docs/federation/protocol.md explains each step.
//   node reference-client.mjs join INVITATION STORE/ --node gz --division cn.gz --name Guizhou    asks to be let in; shows the code to read out
//   node reference-client.mjs run STORE/ EXPORT.json [--once]                                     reports what the export says, again and again
// EXPORT.json (reference-export.json is one) is what the system writes every few seconds from its own tables; times in epoch milliseconds.
// STORE/log.ndjson holds every line ever made, as it is sent. What it says is what was told: there is no other memory to lose step with it.
import { createHash, createPrivateKey, generateKeyPairSync, randomUUID, sign, X509Certificate } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const SOFTWARE = { name: 'reference-client', version: '1.0' };
const NO_HASH = '0'.repeat(64);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const options = { node: { type: 'string' }, division: { type: 'string' }, name: { type: 'string' }, once: { type: 'boolean' } };
const { values, positionals } = parseArgs({ options, allowPositionals: true });

// Speaking: HTTPS with certificates on both sides
let agent;
async function call(node, method, path, body, token) {
  agent ??= new Agent({ keepAlive: true, ca: node.authority, cert: node.certificate, key: node.certificate && node.key });
  const bytes = body === undefined ? undefined : gzipSync(typeof body === 'string' ? body : JSON.stringify(body));
  const type = typeof body === 'string' ? 'application/x-ndjson' : 'application/json';
  const headers = { ...(bytes && { 'content-type': type, 'content-encoding': 'gzip', 'content-length': bytes.length }) };
  if (token) headers.authorization = `Bearer ${token}`;
  const answered = await new Promise((resolve, reject) => {
    const sent = request(`${node.url}/federation/v1${path}`, { method, agent, headers, timeout: 120_000 }, resolve);
    sent.on('timeout', () => sent.destroy(new Error('no answer within two minutes'))).on('error', reject);
    sent.end(bytes);
  });
  const answer = JSON.parse(Buffer.concat(await answered.toArray()));
  if (answered.statusCode < 300) return answer;
  throw Object.assign(new Error(`${answer.code}: ${answer.detail}`), answer, { retryAfterS: answered.headers['retry-after'] ?? 0 });
}

// Joining
const der = (tag, ...parts) => {
  const { length } = Buffer.concat(parts);
  return Buffer.from([tag, ...(length < 128 ? [] : length < 256 ? [0x81] : [0x82, length >> 8]), length & 255, ...Buffer.concat(parts)]);
};

/** A key, and a PKCS #10 request for it. */
function makeRequest(node) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const commonName = der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(node)));
  const info = der(0x30, Buffer.from('020100', 'hex'), der(0x30, der(0x31, commonName)), spki, der(0xa0));
  const signature = der(0x03, Buffer.from([0]), sign('sha256', info, privateKey));
  const whole = der(0x30, info, der(0x30, Buffer.from('06082a8648ce3d040302', 'hex')), signature);
  const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${whole.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE REQUEST-----\n`;
  const digits = String(BigInt(`0x${sha256(spki).slice(0, 16)}`) % 100_000_000n).padStart(8, '0');
  return { pem, key: privateKey.export({ type: 'pkcs8', format: 'pem' }), code: `${digits.slice(0, 4)}-${digits.slice(4)}` };
}

/** The certificate of the authority, out of what the receiver shows: it is the one whose fingerprint the invitation names, or none. */
async function findAuthority(url, fingerprint) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443), rejectUnauthorized: false });
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  let shown = socket.getPeerCertificate(true);
  while (sha256(shown.raw) !== fingerprint && shown.issuerCertificate !== shown) shown = shown.issuerCertificate ?? shown;
  socket.destroy();
  if (sha256(shown.raw) !== fingerprint) throw new Error('whoever answers there is not the one who sent the invitation');
  return new X509Certificate(shown.raw).toString();
}

async function enrol(token, store) {
  const { url, authority: fingerprint } = JSON.parse(Buffer.from(token.replace(/^bt1\./, ''), 'base64url'));
  mkdirSync(store, { recursive: true, mode: 0o700 });
  // Called again, it asks after the same request with the same key.
  const file = join(store, 'joining.json');
  if (!existsSync(file)) writeFileSync(file, JSON.stringify({ url, ...values, ...makeRequest(values.node) }), { mode: 0o600 });
  const { pem, code, ...node } = { ...JSON.parse(readFileSync(file, 'utf8')), authority: await findAuthority(url, fingerprint) };
  const asked = { token, node: node.node, division: node.division, name: node.name ?? node.node, software: SOFTWARE, request: pem };
  let answer = await call(node, 'POST', '/enrolments', asked);
  console.log(`Read this code to the other side: ${code}`);
  for (; answer.state === 'waiting'; answer = await call(node, 'GET', `/enrolments/${answer.id}`, undefined, token)) await pause(5_000);
  if (answer.state !== 'approved') throw new Error(`they refused: ${answer.reason}`);
  save(store, { ...node, certificate: answer.certificate });
  rmSync(file);
  console.log('joined');
}

function save(store, node) {
  writeFileSync(join(store, 'node.new'), JSON.stringify(node), { mode: 0o600 });
  renameSync(join(store, 'node.new'), join(store, 'node.json'));
}

// The log: lines that are made once, chained by their bytes
function openLog(store) {
  const file = join(store, 'log.ndjson');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1); // A line that a crash cut off was never sent.
  if (whole !== text) truncateSync(file, Buffer.byteLength(whole));
  const log = { file, lines: whole.split('\n').slice(0, -1), told: new Map() };
  log.hashes = [NO_HASH, ...log.lines.map(sha256)];
  for (const line of log.lines) note(log, JSON.parse(line));
  return log;
}

const edge = (at) => ({ at, earliest: at, latest: at });
const keyOf = (kind, { object, began, validFrom }) => `${kind} ${object?.id ?? object} ${validFrom ?? began?.at ?? ''}`;
const note = (log, { kind, payload }) => log.told.set(keyOf(kind, payload), JSON.stringify(payload));

/** Adds a line, unless the same was told already. */
function say(log, kind, eventAt, payload) {
  if (log.told.get(keyOf(kind, payload)) === JSON.stringify(payload)) return;
  const head = { sequence: log.lines.length + 1, previous: log.hashes.at(-1), kind, eventAt, recordedAt: Date.now() };
  const line = JSON.stringify({ ...head, payload });
  appendFileSync(log.file, `${line}\n`, { flush: true });
  log.lines.push(line);
  log.hashes.push(sha256(line));
  note(log, { kind, payload });
}

/** What the system's own tables say, as lines. */
function sayAll(log, { node, division, name }, { objects, outages }, previous = null) {
  if (log.lines.length === 0) {
    say(log, 'incarnation', Date.now(), { incarnation: randomUUID(), node, division, previous, knownUntil: null });
    say(log, 'node', Date.now(), { id: node, name: name ?? node, nameEn: null, division, timeZone: 'Asia/Shanghai', via: null });
  }
  const plain = { party: null, weight: 1, parents: [], rule: { require: 'any' }, quiet: false, combines: null, checks: [], attributes: {} };
  for (const { since, id, kind, name: label, nameEn = null, division: of, class: group } of objects) {
    // Its record is complete from here on: outside of outages it is up.
    const object = { ...plain, id, kind, name: label, nameEn, division: of, class: group };
    say(log, 'inventory', since, { validFrom: since, validTo: null, object });
  }
  for (const { object, began, ended } of outages)
    say(log, 'outage', ended ?? began, { object, began: edge(began), ended: ended && edge(ended), resolutionMs: 0 });
}

// Reporting
/** One round: hello, the states of this moment, then all lines that are not applied yet. Resolves to how long to wait. */
async function report(store, exported) {
  const node = JSON.parse(readFileSync(join(store, 'node.json'), 'utf8'));
  const log = openLog(store);
  const data = JSON.parse(readFileSync(exported, 'utf8'));
  sayAll(log, node, data);
  const { incarnation } = JSON.parse(log.lines[0]).payload;
  const place = { first: 1, last: log.lines.length, hash: log.hashes.at(-1) };
  const speaks = { protocols: [1], node: node.node, division: node.division, incarnation, software: SOFTWARE, capabilities: ['outages'] };
  const greeted = await call(node, 'POST', '/hello', { ...speaks, time: Date.now(), log: place }).catch((refused) => refused);
  if (greeted instanceof Error && greeted.code !== 'history-differs') throw greeted;
  let from = greeted.resume?.sequence ?? 0;
  if (greeted instanceof Error || log.hashes[from] !== (greeted.resume?.hash ?? NO_HASH)) return beginAnew(node, log, data, incarnation);
  const states = data.objects.map((object) => stateOf(object, data.outages));
  const observed = [{ node: node.node, until: { pinged: data.completeUntil, all: data.completeUntil, composed: data.completeUntil } }];
  await call(node, 'PUT', '/snapshot', { incarnation, version: Date.now(), base: null, at: Date.now(), log: place.last, observed, states });
  while (from < log.lines.length) {
    const batch = log.lines.slice(from, from + Math.min(1_000, greeted.limits.lines));
    const { acknowledged, waitMs } = await call(node, 'POST', `/log?incarnation=${incarnation}`, `${batch.join('\n')}\n`);
    from = acknowledged.sequence;
    await pause(waitMs);
  }
  await renew(store, node);
  return greeted.snapshotEveryMs;
}

function stateOf({ id, since }, outages) {
  const [last] = outages.filter(({ object }) => object === id).sort((one, other) => other.began - one.began);
  return last?.ended === null ? [id, 'down', last.began, 'reported'] : [id, 'up', last?.ended ?? since, 'reported'];
}

/** This store was restored from a back-up: its log begins anew, from the last place that both sides have. */
async function beginAnew(node, log, data, incarnation) {
  const { marks } = await call(node, 'GET', `/marks?incarnation=${incarnation}`);
  const common = marks.find(({ sequence, hash }) => log.hashes[sequence] === hash) ?? null;
  renameSync(log.file, `${log.file}.${incarnation}`);
  sayAll({ file: log.file, lines: [], hashes: [NO_HASH], told: new Map() }, node, data, common);
  return 0;
}

/** After two thirds of its life the certificate is renewed, with a new key; the old one is good until it ends. */
async function renew(store, node) {
  const { validFrom, validTo } = new X509Certificate(node.certificate);
  if (Date.now() < Date.parse(validFrom) + ((Date.parse(validTo) - Date.parse(validFrom)) * 2) / 3) return;
  const { pem, key } = makeRequest(node.node);
  const { certificate } = await call(node, 'POST', '/renewals', { request: pem });
  if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) throw new Error('a certificate for another key');
  save(store, { ...node, certificate, key });
  agent = undefined;
}

const [command, first, second] = positionals;
if (command === 'join') await enrol(first, second);
for (let failures = 0; command === 'run'; ) {
  const wait = await report(first, second).catch((error) => {
    console.error(error.message);
    agent = undefined;
    failures += 1;
    return Math.max(1_000 * (error.retryAfterS ?? 0), Math.min(60_000, 500 * 2 ** failures) * (1 + Math.random() / 2));
  });
  if (agent !== undefined) failures = 0;
  if (values.once && wait > 0) process.exit(failures === 0 ? 0 : 1);
  await pause(wait);
}
