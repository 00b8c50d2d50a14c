/** The node that an object belongs to: ids are `<node>:<local>`. Empty where none is named. */
export function nodeOfObject(objectId: string): string {
  return objectId.slice(0, Math.max(0, objectId.indexOf(':')));
}

/** Whether what is said for the objects of some nodes alone is said of this object; `nodes` absent: it is said of all. */
export function isSaidOf(nodes: readonly string[] | undefined, objectId: string): boolean {
  return nodes === undefined || nodes.includes(nodeOfObject(objectId));
}
