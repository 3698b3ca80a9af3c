import { defineControl, get, kinds, type ObjectView, type Path } from '@bulwark/core';

function specPath({ resource }: ObjectView): Path {
  return resource.kind === 'ApplicationSet' ? ['spec', 'template', 'spec'] : ['spec'];
}

export const argoDefaultProject = defineControl({
  id: 'argo-default-project',
  aliases: ['kyverno:application-prevent-default-project'],
  title: 'Applications of Argo CD must be in a project of their own',
  problem: 'are in the default project of Argo CD',
  message: '{resource} is in the default project.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A project limits from where applications deploy, into which namespaces and which kinds. The default project is made without any limit, so whoever may change such an application may deploy anything anywhere.',
  remediation:
    'Make an AppProject with the repositories and namespaces that are needed, and name it in spec.project.',
  references: ['https://argo-cd.readthedocs.io/en/stable/user-guide/projects/'],
  attack: ['T1610'],
  appliesTo: kinds('argoproj.io/Application', 'argoproj.io/ApplicationSet'),
  looks: 'object',
  reads: [],
  *evaluate(view) {
    const path = [...specPath(view), 'project'];
    const project = get(view.resource.object, ...path) ?? '';
    if (project === '' || project === 'default') yield view.at(path);
  },
});
