/** The set of a key, made where there is none. */
export function setOf<K, V>(sets: Map<K, Set<V>>, key: K): Set<V> {
  let found = sets.get(key);
  if (found === undefined) {
    found = new Set();
    sets.set(key, found);
  }
  return found;
}
