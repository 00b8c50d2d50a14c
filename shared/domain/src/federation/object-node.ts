/** The node that an object belongs to: ids are `<node>:<local>`. Empty where none is named. */
export function nodeOfObject(objectId: string): string {
  return objectId.slice(0, Math.max(0, objectId.indexOf(':')));
}
