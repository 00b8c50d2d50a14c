/** The page of an object. Identifiers hold slashes (`node:device/interface`): one part of the address for all of it. */
export function objectAddress(id: string): string {
  return `/objects/${encodeURIComponent(id)}`;
}

/** The object in the API. */
export function objectPath(id: string): string {
  return `/objects/${encodeURIComponent(id)}`;
}

/** What a person calls it where no name is known: the identifier without the node that keeps it. */
export function shortId(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}
