import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App, ConsoleFiles } from '../context.ts';
import { pagePolicy } from '../http/headers.ts';

const HOUR_S = 3_600;
const YEAR_S = 366 * 24 * HOUR_S;

/** The console: its files (named by their content, so kept for ever), and one page for every address that is a page of it. */
export async function registerConsole(app: App, files: ConsoleFiles): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public', rateLimit: false };
    });
    await scope.register(fastifyStatic, {
      root: join(files.directory, 'assets'),
      prefix: '/assets/',
      preCompressed: true,
      index: false,
      cacheControl: false,
      setHeaders: (reply) => {
        reply.header('cache-control', `public, max-age=${YEAR_S}, immutable`);
      },
    });
  });
  // Read anew each time: a console built anew under a running node names other files.
  const page = join(files.directory, 'index.html');
  const urls = ['/', ...files.sections.flatMap((section) => [`/${section}`, `/${section}/*`])];
  for (const url of urls) {
    app.get(url, { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) => {
      const nonce = randomBytes(16).toString('base64');
      reply.headers({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': pagePolicy(nonce),
      });
      return (await readFile(page, 'utf8')).replaceAll('{{nonce}}', nonce);
    });
  }
}
