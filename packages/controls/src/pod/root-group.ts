import { containers, defineControl, mayBreak } from '@bulwark/core';
import { groupSettings } from './group-settings.ts';
import { writerOf } from './inherited-settings.ts';
import { isRootHarmless } from './user-namespaces.ts';
import { whyNotLinux } from './windows-pods.ts';

export const rootGroup = defineControl({
  id: 'root-group',
  aliases: ['trivy:KSV-0116', 'kyverno:require-non-root-groups'],
  title: 'Containers must not be given the group root',
  problem: 'are given the group root',
  message: 'In {resource}, {where} sets the group root (0) in {field}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Much that belongs to root can be read, and some of it written, by its group. A process that is not root but in the group 0 gets at those files in its image, in its volumes, and on the node where something crosses the boundary.',
  remediation:
    'Set runAsGroup and fsGroup to a group of the application, and take 0 out of supplementalGroups. Give that group the files it needs.',
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  attack: ['T1611'],
  fix: {
    ...mayBreak('Files that only the group root may read or write are out of reach.'),
    // Without runAsGroup a process gets the group of its user in the image, which may be root again.
    edits: ({ path, facts }) => (facts['field'] === 'runAsGroup' ? [] : [{ op: 'remove', path }]),
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNotLinux('groups'),
  *evaluate(view) {
    if (isRootHarmless(view)) return;
    for (const setting of groupSettings(view))
      if (setting.value === 0)
        yield view.atSetting(setting, { where: writerOf(view, setting), field: setting.field });
  },
});
