import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { ObjectIndex } from '@beacontower/contracts';
import { fillCountry } from './console-data.ts';
import { startConsoleGround } from './console-ground.ts';
import { line, type Measurement, percentile } from './measurement.ts';

/** The index of a hundred thousand objects must be there in less than this, seconds. */
export const INDEX_LIMIT_S = 1;
const OBJECTS = 100_000;
const RUNS = 7;

interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly etag: string;
  readonly encoding: string;
  readonly seconds: number;
}

/** The index of a hundred thousand objects: whole, compressed, and asked for again by who has it. */
export async function measure(): Promise<readonly Measurement[]> {
  const ground = await startConsoleGround((database) => fillCountry(database, OBJECTS));
  try {
    const headers = { authorization: `Bearer ${ground.token}` };
    const runs = async (more: Record<string, string>) => {
      const answers: Answer[] = [];
      for (let run = 0; run < RUNS; run++) {
        // What is kept from the run before is not good any more.
        await ground.database.query('UPDATE inventory_version SET version = version + 1');
        answers.push(await get(`${ground.url}/api/v1/objects/index`, { ...headers, ...more }));
      }
      return answers;
    };
    const plain = await runs({ 'accept-encoding': 'identity' });
    const cpu = ground.cpu();
    const packed = await runs({ 'accept-encoding': 'gzip' });
    const used = (ground.cpu() - cpu) / RUNS;
    const [last] = packed.slice(-1);
    if (last === undefined || last.encoding !== 'gzip') throw new Error(`it is not compressed but ${last?.encoding}`);
    const index = ObjectIndex.parse(JSON.parse(gunzipSync(last.body).toString()));
    if (index.total !== OBJECTS || index.id.length !== OBJECTS) throw new Error(`${index.id.length} objects of ${index.total}`);
    const kept = await get(`${ground.url}/api/v1/objects/index`, { ...headers, 'accept-encoding': 'gzip' });
    const again = await get(`${ground.url}/api/v1/objects/index`, { ...headers, 'if-none-match': last.etag });
    if (again.status !== 304) throw new Error(`what is known already was answered by ${again.status}`);
    const median = (answers: readonly Answer[]) =>
      percentile(
        answers.map((each) => each.seconds),
        0.5,
      );
    const figures = [
      figure('gzip', median(packed), `s (limit ${INDEX_LIMIT_S})`),
      figure('gzip.cpu', used, 's of the API'),
      figure('gzip.size', last.body.length / 1e6, 'MB'),
      figure('plain', median(plain), 's'),
      figure('plain.size', (plain[0]?.body.length ?? 0) / 1e6, 'MB'),
      figure('kept', kept.seconds, 's'),
      figure('notModified', again.seconds, 's'),
    ];
    if (median(packed) < INDEX_LIMIT_S) return figures;
    throw new Error(`${figures.map(line).join('\n')}\nthe index of ${OBJECTS} objects took longer than ${INDEX_LIMIT_S} s`);
  } finally {
    await ground.stop();
  }
}

function get(url: string, headers: Record<string, string>): Promise<Answer> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        const { etag, 'content-encoding': encoding } = response.headers;
        const seconds = (performance.now() - begun) / 1_000;
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks),
          etag: etag ?? '',
          encoding: String(encoding ?? ''),
          seconds,
        });
      });
      response.once('error', reject);
    })
      .once('error', reject)
      .end();
  });
}

function figure(name: string, value: number, unit: string): Measurement {
  return { name: `objectIndex.${OBJECTS}.${name}`, value, unit, peer: null, peerValue: null };
}
