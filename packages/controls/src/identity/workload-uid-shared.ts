import { userIds, userIdsOf } from '@bulwark/analyses';
import { defineControl, isControlled, settingOf, workloads } from '@bulwark/core';
import { whyNoAccount } from './pod-accounts.ts';

export const workloadUidShared = defineControl({
  id: 'workload-uid-shared',
  aliases: [],
  title: 'Workloads should have user ids of their own',
  problem: 'share a user id with another workload',
  message: '{resource} runs as user {uid}, as {other} does.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'To the kernel of a node, processes with the same user id are the same user. After an escape from one container they may signal those of the other, read their memory where tracing is allowed, and open their files in host directories.',
  remediation:
    'Give each workload a runAsUser of its own, or set hostUsers to false, which maps the ids of every pod to a range of its own.',
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/'],
  attack: [],
  appliesTo: workloads,
  looks: 'world',
  reads: [userIds],
  notApplicable: (view) =>
    isControlled(view.resource) ? 'It is judged at the object that owns it.' : whyNoAccount(view),
  *evaluate({ resource, workload, world }) {
    const seen = new Set<string>();
    for (const id of userIdsOf(workload)) {
      const other = world.get(userIds).otherWith(id, resource);
      if (other === undefined) continue;
      for (const container of workload.containers) {
        const { value, path } = settingOf(workload, container, 'runAsUser');
        if (value !== id || container.type === 'ephemeral' || seen.has(path.join('/'))) continue;
        seen.add(path.join('/'));
        yield { path, facts: { uid: id, other: `${other.kind}/${other.name}` } };
      }
    }
  },
});
