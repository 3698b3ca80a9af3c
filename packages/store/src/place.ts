/**
 * Where objects lie, as `namespaceOf` of core says. Rows of objects and of changes have the namespace that Kubernetes gives an
 * object, and a Namespace none. Rows of findings, of their sums and of what is told of them have the one in which it lies: so they
 * are found by it, whoever asks.
 */

/** SQL: the namespace in which the object of a row lies. */
export function placeOf(row: string): string {
  return `(case when ${row}.kind = 'Namespace' then ${row}.name else ${row}.namespace end)`;
}

/** SQL: the namespace that Kubernetes gives the object of a row that has the one in which it lies. */
export function ownNamespaceOf(row: string): string {
  return `(case when ${row}.kind = 'Namespace' then '' else ${row}.namespace end)`;
}
