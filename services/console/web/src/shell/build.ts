/** The main script a page of the console names, which is called after its content; null: none, as while it is being written. */
export function buildIn(html: string): string | null {
  return /src="(\/assets\/index-[\w-]+\.js)"/.exec(html)?.[1] ?? null;
}

/** The build this page was made of. */
export function ownBuild(): string | null {
  const script = document.querySelector<HTMLScriptElement>('script[type="module"][src^="/assets/"]');
  return script === null ? null : new URL(script.src).pathname;
}

/** The build the node serves now; null when it could not be learnt. */
export async function servedBuild(signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch('/sign-in', { headers: { accept: 'text/html' }, cache: 'no-store', signal });
    return response.ok ? buildIn(await response.text()) : null;
  } catch {
    return null;
  }
}
