/** Said where the record refuses what every check let through. */
export const UNSTORABLE = 'the record here cannot hold what it says';

/** Whether PostgreSQL cannot hold what it was given, however often it is sent: data that are none of their type (22), or over a limit (54). */
export function isUnstorableData(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(?:22|54)[0-9A-Z]{3}$/.test(code);
}
