import { defineControl, type Path, safe, stringAt, workloads } from '@bulwark/core';

const FIELD = 'serviceAccount';

export const deprecatedServiceAccountField = defineControl({
  id: 'deprecated-service-account-field',
  aliases: ['kube-linter:deprecated-service-account-field', 'kubescape:C-0294'],
  title: 'Pods must name their service account in serviceAccountName',
  problem: 'name their service account in a deprecated field',
  message: '{resource} names its service account in serviceAccount, and serviceAccountName says {state}.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'The field serviceAccount is an old name of serviceAccountName. Where both differ the new one wins, so a reader, or a policy that checks the wrong field, can be mistaken about the rights of the pod.',
  remediation: 'Move the name to serviceAccountName and remove serviceAccount.',
  references: [
    'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
  ],
  attack: [],
  fix: {
    ...safe('The pod runs as the same service account as before.'),
    edits({ path, facts }) {
      const name: Path = [...path.slice(0, -1), 'serviceAccountName'];
      const remove = { op: 'remove', path } as const;
      return facts['state'] === 'nothing'
        ? [{ op: 'set', path: name, value: facts['account'] as string }, remove]
        : [remove];
    },
  },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at }) {
    const old = stringAt(spec, FIELD) ?? '';
    const current = stringAt(spec, 'serviceAccountName') ?? '';
    // The API server keeps both fields equal, so a live object always has both.
    if (old !== '' && old !== current)
      yield at(FIELD, { account: old, state: current === '' ? 'nothing' : 'something else' });
  },
});
