import LRU from 'zrender/lib/core/LRU.js';

/**
 * The drawing library remembers how wide a text is in a plain object with the text for its key. A label `__proto__` would be looked up
 * as the prototype of every object and written to, and no report would be made until the process ended; so its keys get a mark that no
 * property of an object has.
 */
export function guardCaches(): void {
  const { get, put } = LRU.prototype;
  LRU.prototype.get = function (key) {
    return get.call(this, ` ${key}`);
  };
  LRU.prototype.put = function (key, value) {
    return put.call(this, ` ${key}`, value);
  };
}
