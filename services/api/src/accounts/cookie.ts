import type { FastifyReply } from 'fastify';
import type { Caller } from '../context.ts';

/** `__Host-`: browsers take and send it over HTTPS from this host alone, so that no other can plant one. */
const SECURE_NAME = '__Host-beacontower';
const CLEAR_NAME = 'beacontower';

function nameFor({ protocol }: Pick<Caller, 'protocol'>): string {
  return protocol === 'https' ? SECURE_NAME : CLEAR_NAME;
}

/** The secret of the session that a browser sent. */
export function sessionCookie(caller: Caller): string | undefined {
  const secret = readCookie(caller.headers.cookie, nameFor(caller));
  return secret !== undefined && /^[\w-]{43}$/.test(secret) ? secret : undefined;
}

/**
 * Hands a browser the secret of its session. Lax: an alarm's mail links into the console, and whoever follows the link is signed in
 * there; what changes something asks for more than the cookie. `maxAgeS`: it outlives the browser's window; a person's does not.
 */
export function setSessionCookie(reply: FastifyReply, secret: string, maxAgeS?: number): void {
  reply.header('set-cookie', cookieText(reply, secret, maxAgeS));
}

/** Takes it back. */
export function clearSessionCookie(reply: FastifyReply): void {
  reply.header('set-cookie', cookieText(reply, '', 0));
}

function cookieText(reply: FastifyReply, value: string, maxAgeS: number | undefined): string {
  const lasts = maxAgeS === undefined ? '' : `; Max-Age=${maxAgeS}`;
  const secure = reply.request.protocol === 'https' ? '; Secure' : '';
  return `${nameFor(reply.request)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${lasts}`;
}

/** The value of a cookie in a Cookie header; undefined when it is not there, or there twice: then one of them is somebody else's. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const found = (header ?? '').split(';').flatMap((part) => {
    const [key, ...value] = part.split('=');
    return key?.trim() === name ? [value.join('=').trim()] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}
