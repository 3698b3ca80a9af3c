import { arrayAt, get, type Json, stringAt } from '@bulwark/core';

/** An environment variable as a container lists it. */
export interface Variable {
  readonly index: number;
  readonly name: string;
  readonly item: Json;
}

/** The variables of a container's `env` that have a name, in their order. */
export function variablesOf(container: unknown): readonly Variable[] {
  const found: Variable[] = [];
  for (const [index, item] of (arrayAt(container, 'env') ?? []).entries()) {
    const name = stringAt(item, 'name');
    if (name !== undefined && name !== '') found.push({ index, name, item });
  }
  return found;
}

/** `$(NAME)`, where `$$` stands for a dollar sign and begins no reference. */
const REFERENCE = /\$(?:\$|\(([^()]*)\))/g;

/** The names of the variables that a variable's value refers to. */
export function referencesOf({ item }: Variable): readonly string[] {
  const value = stringAt(item, 'value') ?? '';
  return [...value.matchAll(REFERENCE)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** Whether a variable may turn out to be missing, so that an earlier one of its name counts. */
export function isOptional({ item }: Variable): boolean {
  return ['configMapKeyRef', 'secretKeyRef', 'fileKeyRef'].some(
    (source) => get(item, 'valueFrom', source, 'optional') === true,
  );
}
