import { containers, defineControl, integerParam, whyNotRange } from '@bulwark/core';
import { groupSettings } from './group-settings.ts';
import { writerOf } from './inherited-settings.ts';
import { whyNotLinux } from './windows-pods.ts';

export const userGroupRange = defineControl({
  id: 'user-group-range',
  aliases: [],
  title: "Users and groups of a pod must lie in the team's range",
  problem: "set a user or group outside the team's range",
  message: 'In {resource}, {where} sets {field} to {value}, outside of {minimum} to {maximum}.',
  severity: 'info',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    "Where every team has a range of numbers, a process that leaves its container, or a volume that changes hands, cannot be taken for another team's. One number outside of the range undoes that.",
  remediation:
    'Set runAsUser, runAsGroup, fsGroup and supplementalGroups to numbers of the range. Whether runAsUser and runAsGroup have to be set at all is another matter: see high-user-id and high-group-id.',
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  attack: [],
  params: {
    minimum: integerParam('The lowest number of a user or group that is allowed.', { minimum: 0 }),
    maximum: integerParam('The highest number of a user or group that is allowed.', { minimum: 0 }),
  },
  refuses: whyNotRange,
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNotLinux('numeric users and groups'),
  *evaluate(view) {
    const { minimum, maximum } = view.params;
    const user = { ...view.setting('runAsUser'), field: 'runAsUser' };
    for (const setting of [user, ...groupSettings(view)]) {
      const { value, field } = setting;
      if (typeof value !== 'number' || (value >= minimum && value <= maximum)) continue;
      yield view.atSetting(setting, { where: writerOf(view, setting), field, value, minimum, maximum });
    }
  },
});
