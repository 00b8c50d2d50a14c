import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import type { App } from '../context.ts';

/** What is shorter fits into a packet or two as it is. */
const WORTH_IT_BYTES = 4_096;
/** Not the usual 11, which is for files that are compressed once. */
const BROTLI_QUALITY = 4;

/**
 * Compresses JSON for callers who take it compressed. Not: live events, which must not wait for one another; files, which are compressed
 * or signed as they are; what is about signing in, lest its length tell of a secret beside what somebody else put there.
 */
export async function registerCompression(app: App): Promise<void> {
  app.addHook('onRoute', (route) => {
    const { access, secretAnswer, secretBody } = route.config ?? {};
    if (access === 'session' || access === 'public' || secretAnswer || secretBody || route.url === '/api/v1/live') route.compress = false;
  });
  await app.register(compress, {
    threshold: WORTH_IT_BYTES,
    customTypes: /^application\/(?:problem\+)?json(?:;|$)/,
    encodings: ['br', 'gzip'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } },
    zlibOptions: { level: 4 },
  });
}
