import { containers, defineControl } from '@bulwark/core';
import { hasAppArmorProfile } from './apparmor-profiles.ts';
import { writerOf } from './inherited-settings.ts';
import { whyNotLinux } from './windows-pods.ts';

export const apparmorProfileRecommended = defineControl({
  id: 'apparmor-profile-recommended',
  aliases: ['kubesec:ApparmorAny'],
  title: 'Containers must choose an AppArmor profile',
  problem: 'choose no AppArmor profile',
  message: 'In {resource}, {where} chooses no AppArmor profile.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Where nodes have AppArmor, a container without a setting gets the default profile of its runtime unless it is privileged, so nothing is lost there. A written profile adds a promise: on a node without AppArmor the pod does not start unprotected, it does not start at all.',
  remediation:
    'On clusters whose nodes all have AppArmor, set securityContext.appArmorProfile.type of the pod to RuntimeDefault, or to Localhost with a profile of your own. Elsewhere leave it out: the kubelet would refuse the pod.',
  references: ['https://kubernetes.io/docs/tutorials/security/apparmor/'],
  attack: ['T1611'],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNotLinux('an AppArmor profile'),
  *evaluate(view) {
    if (hasAppArmorProfile(view)) return;
    const setting = view.setting('appArmorProfile');
    yield view.atSetting(setting, { where: writerOf(view, setting) });
  },
});
