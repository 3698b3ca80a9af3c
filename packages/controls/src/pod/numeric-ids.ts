import type { ContainerView, Violation } from '@bulwark/core';
import { writerOf } from './inherited-settings.ts';
import { isRootHarmless } from './user-namespaces.ts';

/** A violation where a container's effective user or group is unset, or below a minimum. */
export function* idBelow(
  view: ContainerView,
  field: 'runAsUser' | 'runAsGroup',
  minimum: number,
): Generator<Violation> {
  if (isRootHarmless(view)) return;
  const setting = view.setting(field);
  if (typeof setting.value === 'number' && setting.value >= minimum) return;
  const state =
    typeof setting.value === 'number'
      ? `sets ${field} to ${setting.value}, which is below ${minimum}`
      : `does not set ${field} to a number`;
  yield view.atSetting(setting, { where: writerOf(view, setting), state });
}
