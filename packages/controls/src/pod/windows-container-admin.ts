import {
  type ContainerView,
  containers,
  defineControl,
  get,
  mayBreak,
  type Setting,
  setValue,
  stringAt,
} from '@bulwark/core';
import { writerOf } from './inherited-settings.ts';

const OPTIONS = ['securityContext', 'windowsOptions'];
const ADMINISTRATOR = /^(?:.*\\)?(?:containeradministrator|administrator)$/i;

export const windowsContainerAdmin = defineControl({
  id: 'windows-container-admin',
  aliases: [],
  title: 'Windows containers must run as an ordinary user',
  problem: 'run Windows containers as their administrator',
  message: 'In {resource}, {where} {state}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'ContainerAdministrator can change everything in its container, and it is what most Windows images start as. An attacker in such a process installs what they want and has more of the kernel to attack.',
  remediation:
    'Set securityContext.windowsOptions.runAsUserName to ContainerUser on the pod, or to a user that the image makes, and give that user the files it needs.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-runasusername/',
    'https://kubernetes.io/docs/concepts/security/windows-security/',
  ],
  attack: ['T1611'],
  fix: setValue('ContainerUser', mayBreak('A program that needs rights of an administrator fails.')),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: (view) => {
    if (!isForWindows(view)) return 'It is not a Windows pod.';
    return windowsOption(view, 'hostProcess').value === true
      ? 'A HostProcess container runs as a user of the host.'
      : undefined;
  },
  *evaluate(view) {
    const setting = windowsOption(view, 'runAsUserName');
    if (typeof setting.value === 'string' && !ADMINISTRATOR.test(setting.value)) return;
    const state =
      typeof setting.value === 'string'
        ? 'sets an administrator in runAsUserName'
        : 'does not set runAsUserName, so that its image chooses';
    yield view.atSetting(setting, { where: writerOf(view, setting), state });
  },
});

function isForWindows({ isWindows, spec }: ContainerView): boolean {
  return isWindows || stringAt(spec, 'nodeSelector', 'kubernetes.io/os') === 'windows';
}

/** A Windows option after inheritance; a container's own value wins, as with the other settings. */
function windowsOption({ container, workload }: ContainerView, name: string): Setting {
  const path = [...OPTIONS, name];
  const own = get(container.spec, ...path);
  if (own !== undefined && own !== null)
    return { value: own, source: 'container', path: [...container.path, ...path] };
  const inherited = get(workload.spec, ...path);
  if (inherited !== undefined && inherited !== null)
    return { value: inherited, source: 'pod', path: [...workload.specPath, ...path] };
  return { value: undefined, source: 'unset', path: [...container.path, ...path] };
}
