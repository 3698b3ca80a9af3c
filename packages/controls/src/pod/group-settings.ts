import { arrayAt, type ContainerView, get, type Setting } from '@bulwark/core';

/** A numeric group that a pod or a container sets, and the field that sets it. */
export interface GroupSetting extends Setting {
  readonly field: 'runAsGroup' | 'fsGroup' | 'supplementalGroups';
}

/** Every group that the processes of a container get from its pod template, `runAsGroup` after inheritance. */
export function* groupSettings(view: ContainerView): Generator<GroupSetting> {
  yield { ...view.setting('runAsGroup'), field: 'runAsGroup' };
  const pod = [...view.workload.specPath, 'securityContext'];
  const fsGroup = get(view.spec, 'securityContext', 'fsGroup');
  yield { value: fsGroup, source: 'pod', path: [...pod, 'fsGroup'], field: 'fsGroup' };
  const others = arrayAt(view.spec, 'securityContext', 'supplementalGroups') ?? [];
  for (const [index, value] of others.entries())
    yield {
      value,
      source: 'pod',
      path: [...pod, 'supplementalGroups', index],
      field: 'supplementalGroups',
    };
}
