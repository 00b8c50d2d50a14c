/** How well a component or dependency does its job; `detail` is for people and holds no secret. */
export interface Health {
  readonly status: 'ok' | 'starting' | 'degraded' | 'failed';
  readonly detail?: string;
}

/** Something that is started in order and stopped in reverse. Its constructor keeps arguments and does nothing else. */
export interface Component {
  readonly name: string;
  start(): Promise<void>;
  /** Finishes what is under way, flushes, and resolves; never rejects because of work that failed. */
  stop(): Promise<void>;
  health(): Health;
}
