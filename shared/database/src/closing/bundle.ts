/** Lines of evidence as bytes: counted, digested, signed, and packed for keeping. */
import { createHash } from 'node:crypto';
import { createGzip } from 'node:zlib';
import { type EvidenceLine, type SignatureLine, signedMessage } from '@beacontower/contracts';

/** Signs what is given; a `Signer` of the runtime is one. */
export interface EvidenceSigner {
  readonly publicKey: string;
  sign(message: Uint8Array): string;
}

/** What is known of a bundle once its last line is written. */
export interface BundleSeal {
  readonly sha256: string;
  readonly publicKey: string;
  /** Bytes and lines, the signature's included. */
  readonly bytes: number;
  readonly lines: number;
}

const LINES_AT_ONCE = 2_000;

/** The lines as JSON lines, batch by batch, and the signature as the last; `onSealed` is told what came of it. */
export async function* bundleBytes(
  batches: AsyncIterable<readonly EvidenceLine[]>,
  signer: EvidenceSigner,
  onSealed: (seal: BundleSeal) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let bytes = 0;
  let lines = 0;
  for await (const batch of batches) {
    for (let at = 0; at < batch.length; at += LINES_AT_ONCE) {
      const slice = batch.slice(at, at + LINES_AT_ONCE);
      const chunk = Buffer.from(slice.map((line) => `${JSON.stringify(line)}\n`).join(''));
      hash.update(chunk);
      bytes += chunk.byteLength;
      lines += slice.length;
      yield chunk;
    }
  }
  const sha256 = hash.digest('hex');
  const { publicKey } = signer;
  const signature: SignatureLine = {
    line: 'signature',
    algorithm: 'Ed25519',
    sha256,
    publicKey,
    signature: signer.sign(signedMessage(sha256)),
  };
  const last = Buffer.from(`${JSON.stringify(signature)}\n`);
  yield last;
  onSealed({ sha256, publicKey, bytes: bytes + last.byteLength, lines: lines + 1 });
}

/**
 * The bytes packed with gzip. Nothing is read ahead: what makes the bytes and what keeps them share one connection to PostgreSQL,
 * and so take turns.
 */
export async function* gzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  const packed: Uint8Array[] = [];
  gzip.on('data', (chunk: Uint8Array) => packed.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    gzip.once('end', resolve);
    gzip.once('error', reject);
  });
  // Told below, or by the write that met it.
  ended.catch(() => undefined);
  try {
    for await (const chunk of bytes) {
      await new Promise<void>((resolve, reject) => {
        gzip.write(chunk, (error) => (error ? reject(error) : resolve()));
      });
      yield* packed.splice(0);
    }
    gzip.end();
    await ended;
    yield* packed.splice(0);
  } finally {
    gzip.destroy();
  }
}
