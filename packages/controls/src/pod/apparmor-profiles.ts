import { type ContainerView, stringAt } from '@bulwark/core';

const ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

/** Whether somebody chose an AppArmor profile for a container, by the field or by the older annotation. */
export function hasAppArmorProfile(view: ContainerView): boolean {
  const type = stringAt(view.setting('appArmorProfile').value, 'type');
  if (type !== undefined) return type === 'RuntimeDefault' || type === 'Localhost';
  const annotation = stringAt(view.workload.metadata, 'annotations', ANNOTATION + view.container.name) ?? '';
  return annotation === 'runtime/default' || annotation.startsWith('localhost/');
}
