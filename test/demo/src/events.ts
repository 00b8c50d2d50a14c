/** What happened of late, newest last: faults as they are made, incidents as the node tells of them. */
import type { IncidentSummary } from '@beacontower/contracts';
import type { Names } from './names.ts';

export interface DemoEvent {
  readonly at: number;
  readonly kind: 'fault' | 'well' | 'opened' | 'resolved';
  readonly words: { readonly zh: string; readonly en: string };
}

const KEPT = 200;

export class Events {
  readonly #nameOf: Names;
  readonly #list: DemoEvent[] = [];
  readonly #known = new Map<string, boolean>();

  /** @param nameOf words for an object's id, as the network was made. */
  constructor(nameOf: Names) {
    this.#nameOf = nameOf;
  }

  note(event: DemoEvent): void {
    this.#list.push(event);
    this.#list.sort((a, b) => a.at - b.at);
    this.#list.splice(0, Math.max(0, this.#list.length - KEPT));
  }

  /** Notes incidents that are new, and those that have been resolved since the last look. */
  take(incidents: readonly IncidentSummary[]): void {
    for (const { id, number, cause, openedAt, startedAt, resolvedAt, affected } of incidents) {
      const { zh, en } = this.#nameOf(cause);
      if (!this.#known.has(id)) {
        this.#known.set(id, false);
        const words = {
          zh: `事件 ${number} 开启：${zh}，影响 ${affected} 个对象`,
          en: `incident ${number} opened: ${en}, ${affected} affected`,
        };
        this.note({ at: Date.parse(openedAt), kind: 'opened', words });
      }
      if (resolvedAt === null || this.#known.get(id)) continue;
      this.#known.set(id, true);
      const seconds = Math.round((Date.parse(resolvedAt) - Date.parse(startedAt)) / 1_000);
      const words = { zh: `事件 ${number} 恢复：${zh}，历时 ${seconds} 秒`, en: `incident ${number} resolved: ${en}, ${seconds} s` };
      this.note({ at: Date.parse(resolvedAt), kind: 'resolved', words });
    }
  }

  last(count: number): readonly DemoEvent[] {
    return this.#list.slice(-count);
  }
}
