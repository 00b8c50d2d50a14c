declare module 'saxen' {
  /** Reads XML from beginning to end, and tells what it finds. */
  export class Parser {
    on(event: 'error' | 'warn', listener: (error: Error) => void): this;
    parse(xml: string): void;
  }
}
