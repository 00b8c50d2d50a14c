/** One server-sent event. */
export interface StreamEvent {
  readonly id: string | null;
  readonly type: string;
  readonly data: string;
}

/**
 * Takes a stream of server-sent events apart, as the HTML standard has it. Read by hand and not by EventSource: only so are a refusal
 * (401) and the signs of life (comments) seen, without which a dead connection looks alive.
 */
export class EventStreamParser {
  #rest = '';
  #data: string[] = [];
  #type = '';
  #id: string | null = null;

  /** The last id that came, in an event or alone: what to go on from. */
  get lastId(): string | null {
    return this.#id;
  }

  /** The events that are whole with this piece. */
  push(piece: string): readonly StreamEvent[] {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    const events: StreamEvent[] = [];
    for (const line of lines) {
      if (line !== '') this.#field(line);
      else if (this.#data.length > 0) {
        events.push({ id: this.#id, type: this.#type === '' ? 'message' : this.#type, data: this.#data.join('\n') });
        this.#data = [];
        this.#type = '';
      } else this.#type = '';
    }
    return events;
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#type = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
  }
}
