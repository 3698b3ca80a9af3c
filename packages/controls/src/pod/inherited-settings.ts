import { type ContainerView, get, type InheritedSetting, type Setting } from '@bulwark/core';

/**
 * Every value of an inherited setting that the Pod Security Standards judge for a container: the effective one,
 * and the pod's own, which they judge even where the container overrides it.
 */
export function* judgedSettings(view: ContainerView, name: InheritedSetting): Generator<Setting> {
  const effective = view.setting(name);
  yield effective;
  const value = get(view.spec, 'securityContext', name);
  if (effective.source !== 'container' || value === undefined || value === null) return;
  yield { value, source: 'pod', path: [...view.workload.specPath, 'securityContext', name] };
}

/** Who writes a setting, or should: the fact `where` of a finding, the same for all that inherit it. */
export function writerOf(view: ContainerView, setting: Setting): string {
  return setting.source === 'pod' ? 'the pod' : `container ${view.container.name}`;
}
