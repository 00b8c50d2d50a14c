import {
  Availability,
  type Delivery,
  DeliveryPage,
  IncidentDetail,
  IncidentPage,
  type IncidentSummary,
  ObjectPage,
  type ObjectSummary,
  Timeline,
  type TimelineSegment,
} from '@beacontower/contracts';
import type { z } from 'zod';

/** The product's HTTP API as the tests use it; every answer is checked against its schema. Times are epoch ms. */
export interface Api {
  readonly url: string;
  /** True once `GET /readyz` says so; false when nothing answers. */
  ready(): Promise<boolean>;
  objects(): Promise<ObjectSummary[]>;
  timeline(object: string, from: number, to: number): Promise<TimelineSegment[]>;
  availability(objective: string, from: number, to: number): Promise<Availability>;
  incidents(): Promise<IncidentSummary[]>;
  incident(id: string): Promise<IncidentDetail>;
  deliveries(): Promise<Delivery[]>;
  /** Posts a comment; resolves only when it was acknowledged. */
  comment(incident: string, text: string): Promise<void>;
  /** Prometheus text of `GET /metrics`. */
  metrics(): Promise<string>;
  request(path: string, init?: RequestInit): Promise<Response>;
}

const iso = (epochMs: number) => new Date(Math.round(epochMs)).toISOString();

class HttpApi implements Api {
  readonly url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.url = url;
    this.#token = token;
  }

  async ready(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false;
    }
  }

  objects(): Promise<ObjectSummary[]> {
    return this.#all('/api/v1/objects', ObjectPage);
  }

  async timeline(object: string, from: number, to: number): Promise<TimelineSegment[]> {
    const period = new URLSearchParams({ from: iso(from), to: iso(to) });
    return (await this.#get(`/api/v1/objects/${encodeURIComponent(object)}/timeline?${period}`, Timeline)).items;
  }

  availability(objective: string, from: number, to: number): Promise<Availability> {
    const query = new URLSearchParams({ objective, from: iso(from), to: iso(to), groupBy: 'object' });
    return this.#get(`/api/v1/availability?${query}`, Availability);
  }

  incidents(): Promise<IncidentSummary[]> {
    return this.#all('/api/v1/incidents', IncidentPage);
  }

  incident(id: string): Promise<IncidentDetail> {
    return this.#get(`/api/v1/incidents/${id}`, IncidentDetail);
  }

  deliveries(): Promise<Delivery[]> {
    return this.#all('/api/v1/deliveries', DeliveryPage);
  }

  async comment(incident: string, text: string): Promise<void> {
    const answer = await this.request(`/api/v1/incidents/${incident}/comment`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': text },
      body: JSON.stringify({ text }),
    });
    if (!answer.ok) throw new Error(`the comment was answered ${answer.status}: ${await answer.text()}`);
  }

  async metrics(): Promise<string> {
    return (await this.request('/metrics')).text();
  }

  request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.#token}`);
    return fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(15_000), ...init, headers });
  }

  async #get<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S>> {
    const answer = await this.request(path);
    if (!answer.ok) throw new Error(`GET ${path} was answered ${answer.status}: ${await answer.text()}`);
    return schema.parse(await answer.json());
  }

  async #all<T>(path: string, page: z.ZodType<{ items: T[]; nextCursor: string | null }>): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = new URLSearchParams({ limit: '1000', ...(cursor === '' ? {} : { cursor }) });
      const got: { items: T[]; nextCursor: string | null } = await this.#get(`${path}?${query}`, page);
      items.push(...got.items);
      cursor = got.nextCursor;
    }
    return items;
  }
}

export function createApi(url: string, token: string): Api {
  return new HttpApi(url, token);
}
