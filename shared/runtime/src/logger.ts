import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { readableLine } from './readable.ts';

export type { Logger } from 'pino';

const REDACTED = [
  'password',
  'secret',
  'token',
  'authorization',
  'cookie',
  '*.password',
  '*.secret',
  '*.token',
  '*.authorization',
  '*.cookie',
  'req.headers.authorization',
  'req.headers.cookie',
  'headers.authorization',
];

/** Takes user and password out of every URL in a text, so that a connection error can be logged. */
export function withoutCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^@/\s]*@/gi, '$1***@');
}

/** Structured JSON log on standard error with ISO times, on a terminal short lines for a person; fields that could hold a secret are redacted. */
export function createLogger(options: { name: string; level: string }): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      timestamp: stdTimeFunctions.isoTime,
      redact: { paths: REDACTED, censor: '[redacted]' },
      formatters: { level: (label) => ({ level: label }) },
      serializers: {
        err: (error: unknown) =>
          error instanceof Error
            ? {
                type: error.name,
                message: withoutCredentials(error.message),
                code: (error as { code?: unknown }).code,
                stack: withoutCredentials(error.stack ?? ''),
              }
            : { message: withoutCredentials(String(error)) },
      },
    },
    destination(),
  );
}

function destination(): DestinationStream {
  const standardError = pino.destination({ dest: 2, sync: true });
  return process.stderr.isTTY ? { write: (line) => void standardError.write(readableLine(line)) } : standardError;
}
