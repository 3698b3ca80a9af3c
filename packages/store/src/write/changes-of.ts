/**
 * Which changes are those of an object. What runs pods for a workload, or is one of them, belongs to that: who made its changes may be
 * behind what is found of the workload, wrote the words that stand in it, and is in its time line.
 */

/** SQL: whether a change is of an object itself, whose kind, namespace and name a row has. Found by index. */
export function isOf(change: string, row: string): string {
  return isNamed(change, row, '');
}

/** SQL: whether a change is of what belongs to an object. Found by index. */
export function isOfOwned(change: string, row: string): string {
  return isNamed(change, row, 'owner_');
}

function isNamed(change: string, row: string, column: 'owner_' | ''): string {
  return `(hashtext(${change}.${column}name) = hashtext(${row}.name) and ${change}.${column}name = ${row}.name
    and ${change}.${column}kind = ${row}.kind and ${change}.namespace = ${row}.namespace)`;
}
