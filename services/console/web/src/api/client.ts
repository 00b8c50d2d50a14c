import type { Problem } from '@beacontower/contracts';
import { learnClock } from './clock.ts';

/** What the API refused or failed to do, in its own words. `status` 0: it was not reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem | null;
  constructor(status: number, problem: Problem | null, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }
  /** The problem's stable code; `unreachable` when nobody answered. */
  get code(): string {
    return this.problem?.code ?? (this.status === 0 ? 'unreachable' : `http-${this.status}`);
  }
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

// One page, one session: what every change has to carry, and whom to tell when the session is over.
let csrf: string | null = null;
let lost: () => void = () => undefined;
let activeAt = Date.now();
let heardAt = Date.now();
const ACTIVE_MS = 60_000;
const HEARD = 'beacontower.heard';

/** When somebody last did something in this tab, and when the node last heard of it from any tab; epoch ms. */
export function activity(): { readonly activeAt: number; readonly heardAt: number } {
  return { activeAt, heardAt: Math.max(heardAt, Number(localStorage.getItem(HEARD) ?? 0)) };
}

/** Tells the client whose session it speaks in. */
export function useSessionOf(session: { csrf: string | null }, onLost: () => void): void {
  csrf = session.csrf;
  lost = onLost;
}

if (typeof window !== 'undefined') {
  for (const type of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const) {
    window.addEventListener(type, () => (activeAt = Date.now()), { passive: true, capture: true });
  }
}

/** An address of the API with a query; what is null or undefined is left out. */
export function address(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  const text = parameters.toString();
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`;
}

/** Reads. The answer is of the API of the same build, which checked it against the schema that `T` is inferred from. */
export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return (await request<T>('GET', address(path, query), undefined, signal ? { signal } : {})).body;
}

export interface SendOptions {
  readonly ifMatch?: number | string;
  readonly query?: Query;
  readonly signal?: AbortSignal;
  /** A second press of the same button is the same request. */
  readonly idempotencyKey?: string;
}

/** Changes something. */
export async function send<T = undefined>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  options: SendOptions = {},
): Promise<T> {
  return (await request<T>(method, address(path, options.query), body, options)).body;
}

async function request<T>(method: string, url: string, body: unknown, options: SendOptions): Promise<{ body: T }> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && csrf !== null) headers['x-beacontower-csrf'] = csrf;
  const active = Date.now() - activeAt < ACTIVE_MS;
  if (active) headers['x-beacontower-active'] = '1';
  if (options.ifMatch !== undefined) headers['if-match'] = `"${options.ifMatch}"`;
  if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
  let response: Response;
  const sentAt = Date.now();
  try {
    response = await fetch(url, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, null, 'the node was not reached');
  }
  if (active && response.ok) {
    heardAt = Date.now();
    localStorage.setItem(HEARD, String(heardAt));
  }
  learnClock(response.headers.get('date'), sentAt, Date.now());
  if (response.ok) return { body: response.status === 204 ? (undefined as T) : ((await response.json()) as T) };
  const problem = await problemOf(response);
  if (response.status === 401 && !url.startsWith('/api/v1/session')) lost();
  throw new ApiError(response.status, problem, problem?.detail ?? `${response.status} ${response.statusText}`);
}

async function problemOf(response: Response): Promise<Problem | null> {
  try {
    return (await response.json()) as Problem;
  } catch {
    return null;
  }
}

/** Reads are tried again when nobody answered or the node failed; a refusal is final. */
export function retryable(failures: number, error: unknown): boolean {
  return failures < 3 && !(error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429);
}
