import { serviceTargets } from '@bulwark/analyses';
import {
  type Analysis,
  arrayAt,
  type Container,
  canonicalJson,
  defineControl,
  get,
  type Json,
  oncePerObject,
  type Resource,
  type WorkloadView,
  workloads,
} from '@bulwark/core';
import { runsToCompletion, whyNotOperated } from './judged-pods.ts';
import { declaresPort, handlerOf } from './probes.ts';

/**
 * Of Services those that send traffic to a pod once it is ready, of several to the same ports the first. Cost: a list of
 * Services, once for each list.
 */
const waitingServices: Analysis<{ among(services: readonly Resource[]): readonly Resource[] }> = {
  id: 'waiting-services',
  reads: [serviceTargets],
  compute: () => ({ among: oncePerObject(waitingAmong) }),
};

function waitingAmong(services: readonly Resource[]): readonly Resource[] {
  const byPorts = new Map<string, Resource>();
  for (const service of services) {
    if (get(service.object, 'spec', 'publishNotReadyAddresses') === true) continue;
    // Whoever writes the endpoints of a Service says which of them are ready.
    if (get(service.object, 'spec', 'selector') === undefined) continue;
    const ports = canonicalJson(
      (arrayAt(service.object, 'spec', 'ports') ?? []).map((port) => targetOf(port) ?? null),
    );
    if (!byPorts.has(ports)) byPorts.set(ports, service);
  }
  return [...byPorts.values()];
}

function servicesOf({ world, resource, workload }: WorkloadView): readonly Resource[] {
  const targets = world.get(serviceTargets);
  const services = targets.servicesOf({ resource });
  // Only a custom resource has several templates; to ask for each would be quadratic.
  if (resource.workloads.length === 1) return world.get(waitingServices).among(services);
  return waitingAmong(
    services.filter((service) => targets.targetsOf(service).some((found) => found.workload === workload)),
  );
}

function targetOf(port: Json): number | string | undefined {
  const target = get(port, 'targetPort') ?? get(port, 'port');
  return typeof target === 'number' || typeof target === 'string' ? target : undefined;
}

/**
 * The containers that a Service must not reach too early. A port need not be declared; then any container of the pod
 * may be the one that listens, and a probe of one of them is enough.
 */
function unready(service: Resource, lasting: readonly Container[]): readonly Container[] {
  const targets = (arrayAt(service.object, 'spec', 'ports') ?? []).map(targetOf);
  const found: Container[] = [];
  let isProbed: boolean | undefined;
  for (const target of targets.length === 0 ? [undefined] : targets) {
    const serving =
      target === undefined ? [] : lasting.filter((container) => declaresPort(container, target));
    if (serving.length > 0) found.push(...serving.filter((container) => !hasReadiness(container)));
    else isProbed ??= lasting.some(hasReadiness);
  }
  const main = lasting.find(({ type }) => type === 'regular');
  return isProbed === false && main !== undefined ? [...found, main] : found;
}

function hasReadiness(container: Container): boolean {
  return handlerOf(container, 'readinessProbe') !== undefined;
}

export const readinessProbeMissing = defineControl({
  id: 'readiness-probe-missing',
  aliases: [
    'kubescape:C-0018',
    'checkov:CKV_K8S_9',
    'kube-linter:no-readiness-probe',
    'kube-score:pod-probes',
    'polaris:readinessProbeMissing',
    'kyverno:require-pod-probes',
  ],
  title: 'Containers behind a Service must have a readiness probe',
  problem: 'are behind a Service without a readiness probe',
  message:
    'In {resource}, the container {container} is behind the Service {service} without a readiness probe.',
  severity: 'info',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Without a readiness probe a pod counts as ready the moment its process starts, so every rollout and every new replica sends requests to containers that cannot answer yet.',
  remediation:
    'Add a readinessProbe that succeeds once the container can answer. A Service whose clients must see pods before they are ready sets publishNotReadyAddresses.',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-readiness-gate',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  ],
  attack: [],
  appliesTo: workloads,
  looks: 'world',
  reads: [serviceTargets, waitingServices],
  notApplicable(view) {
    const reason = whyNotOperated(view);
    if (reason !== undefined) return reason;
    if (runsToCompletion(view)) return 'The pod runs to completion.';
    if (view.resource.group === 'serving.knative.dev') return 'Knative adds a readiness probe itself.';
    return servicesOf(view).length === 0 ? 'No Service that is known here waits for it.' : undefined;
  },
  *evaluate(view) {
    const lasting = view.workload.containers.filter(({ type }) => type === 'regular' || type === 'sidecar');
    const seen = new Set<Container>();
    for (const service of servicesOf(view))
      for (const container of unready(service, lasting)) {
        if (seen.has(container)) continue;
        seen.add(container);
        yield { path: [...container.path, 'readinessProbe'], facts: { service: service.name } };
      }
  },
});
