import { z } from 'zod';

const Entry = z.looseObject({
  level: z.string(),
  time: z.string(),
  name: z.string().optional(),
  msg: z.string().optional(),
  err: z.looseObject({ message: z.string(), stack: z.string().optional() }).optional(),
});

/** Known to the reader already, or of no use on a screen. */
const LEFT_OUT = ['pid', 'hostname', 'component'];

/**
 * One JSON line of the log as one short line for a person at a terminal: local time, level, process, message, and the rest as
 * `key=value`; of what is fatal also the stack. What is not such a line is given back as it is.
 */
export function readableLine(line: string): string {
  const parsed = Entry.safeParse(parseJson(line));
  if (!parsed.success) return line;
  const { level, time, name = '', msg = '', err, ...rest } = parsed.data;
  const at = new Date(time);
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
  const facts = Object.entries(rest)
    .filter(([key]) => !LEFT_OUT.includes(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const said = [msg, err?.message].filter(Boolean).join(': ');
  const words = [said, facts.length === 0 ? '' : `(${facts.join(', ')})`].filter(Boolean).join(' ');
  const stack = level === 'fatal' && err?.stack !== undefined ? `${err.stack}\n` : '';
  return `${clock} ${level.padEnd(5)} ${name}: ${words}\n${stack}`;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
