/**
 * Answers a question about an object, such as a list, once for each one and as long as the object is kept. The answer
 * must hang on nothing else, and the object must not change; then it is as pure as the question.
 */
export function oncePerObject<K extends object, T>(answer: (about: K) => T): (about: K) => T {
  const known = new WeakMap<K, { readonly value: T }>();
  return (about) => {
    let found = known.get(about);
    if (found === undefined) {
      found = { value: answer(about) };
      known.set(about, found);
    }
    return found.value;
  };
}
