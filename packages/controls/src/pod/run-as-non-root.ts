import {
  containers,
  defineControl,
  get,
  mayBreak,
  type Path,
  type Resource,
  type Setting,
  valueAt,
} from '@bulwark/core';
import { judgedSettings, writerOf } from './inherited-settings.ts';
import { isRootHarmless } from './user-namespaces.ts';
import { workloadAt } from './workload-at.ts';

export const runAsNonRoot = defineControl({
  id: 'run-as-non-root',
  aliases: [
    'trivy:KSV-0012',
    'kubescape:C-0013',
    'kubescape:C-0198',
    'checkov:CKV_K8S_23',
    'kube-linter:run-as-non-root',
    'polaris:runAsRootAllowed',
    'kyverno:require-run-as-nonroot',
    'kubesec:RunAsNonRoot',
  ],
  title: 'Containers must be required to run as a non-root user',
  problem: 'may run as root',
  message: 'In {resource}, {where} {state}, which allows root.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Without runAsNonRoot the image decides, and most images decide for root. Root in a container is root on the node for anything that crosses the boundary: a mounted host directory, a leaked file descriptor, a flaw in the runtime or the kernel. With runAsNonRoot the kubelet refuses to start a container as user 0, whatever the image says.',
  remediation:
    "Set securityContext.runAsNonRoot to true on the pod, and remove any false below it. Where the image's user is a name or root, set a numeric runAsUser as well; runAsUser alone does not satisfy the Pod Security Standards. From Kubernetes 1.35 on they also accept a pod with hostUsers: false, whose root is nobody on the node.",
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/',
  ],
  attack: ['T1611'],
  fix: {
    ...mayBreak(
      'The kubelet refuses to start a container whose image runs as root, or names its user instead of numbering it.',
    ),
    edits: ({ path }, resource) => (isRoot(path, resource) ? [] : [{ op: 'set', path, value: true }]),
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    if (isRootHarmless(view)) return;
    for (const setting of judgedSettings(view, 'runAsNonRoot')) {
      if (setting.value === true) continue;
      yield view.atSetting(setting, { where: writerOf(view, setting), state: stateOf(setting) });
    }
  },
});

function stateOf({ value, source }: Setting): string {
  if (source === 'unset') return 'does not set runAsNonRoot';
  return value === false ? 'sets runAsNonRoot to false' : 'sets runAsNonRoot to something other than true';
}

/** Whether the manifest itself asks for root, so that the kubelet would never start the container. */
function isRoot(path: Path, resource: Resource): boolean {
  const own = get(valueAt(resource.object, path.slice(0, -1)), 'runAsUser') ?? undefined;
  const ofPod = get(workloadAt(resource, path)?.spec, 'securityContext', 'runAsUser');
  return (own ?? ofPod) === 0;
}
