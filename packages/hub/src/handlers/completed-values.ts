import { FRAMEWORKS } from '@bulwark/controls';
import { type Control, requirementsOf } from '@bulwark/core';
import { type AskedValues, type Scope, type Store, valuesOf } from '@bulwark/store';
import { secretValues } from './secrets.ts';

interface ValueSettings {
  readonly store: Store;
  /** Every control there is. */
  readonly controls: readonly Control[];
}

/** The values with which a query of a list is completed: what the hub itself knows, else what is stored. */
export async function completedValues(
  { store, controls }: ValueSettings,
  scope: Scope,
  asked: AskedValues & { readonly now: Date },
): Promise<readonly string[]> {
  const { list, field, now } = asked;
  if (list === 'secrets') return secretValues(store, scope, field, now);
  if (list === 'controls') return valuesOfControls(controls, field);
  if (field === 'framework') return FRAMEWORKS.map(({ id }) => id);
  return valuesOf(store, scope, asked);
}

function valuesOfControls(controls: readonly Control[], field: string): readonly string[] {
  if (field === 'id') return controls.map(({ id }) => id);
  if (field !== 'framework') return [];
  return [...new Set(controls.flatMap(({ id }) => requirementsOf(id, FRAMEWORKS)))];
}
