import {
  type Container,
  canonicalJson,
  containers,
  defineControl,
  get,
  isObject,
  type Json,
  objectAt,
  safe,
  valueAt,
} from '@bulwark/core';
import { handlerOf, type ProbeName, whyNoProbes } from './probes.ts';

/** What a probe asks, alike for probes that ask alike: the API server's defaults are filled in. */
function question(container: Container, probe: ProbeName): string | undefined {
  const handler = handlerOf(container, probe);
  if (handler === undefined) return undefined;
  const defaults = handler.type === 'httpGet' ? { path: '/', scheme: 'HTTP' } : {};
  return canonicalJson({ [handler.type]: { ...defaults, ...handler.spec } });
}

const DEFAULT_PERIOD = 10;
const DEFAULT_FAILURES = 3;

function positive(value: Json | undefined, fallback: number): number {
  return typeof value === 'number' && value > 0 ? value : fallback;
}

/** Seconds of failure until a probe acts. */
function patience(probe: unknown): number {
  const period = positive(get(probe, 'periodSeconds'), DEFAULT_PERIOD);
  return period * positive(get(probe, 'failureThreshold'), DEFAULT_FAILURES);
}

export const probesIdentical = defineControl({
  id: 'probes-identical',
  aliases: ['kube-score:pod-probes', 'kyverno:validate-probes'],
  title: 'Liveness probes must be slower to act than readiness probes that ask the same',
  problem: 'restart as soon as they are taken out of service',
  message:
    'In {resource}, the liveness probe of {container} asks the same as its readiness probe and acts as early.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Readiness takes a slow container out of service so that it can recover. If liveness asks the same and acts as early, the container is restarted instead, its load moves to the others, and one by one all of them restart.',
  remediation:
    'Let the liveness probe ask something that fails only when the process hangs, or give it a failureThreshold several times as high.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  ],
  attack: [],
  fix: {
    ...safe(
      'A container that hangs is still restarted, after three times as long as it takes to be not ready.',
    ),
    edits: ({ path }, { object }) => {
      const container = valueAt(object, path.slice(0, -1));
      const period = positive(get(container, 'livenessProbe', 'periodSeconds'), DEFAULT_PERIOD);
      const value = Math.ceil((patience(get(container, 'readinessProbe')) * 3) / period);
      return isObject(container) ? [{ op: 'set', path: [...path, 'failureThreshold'], value }] : [];
    },
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNoProbes,
  *evaluate({ container, at }) {
    const asked = question(container, 'livenessProbe');
    if (asked === undefined || asked !== question(container, 'readinessProbe')) return;
    const liveness = objectAt(container.spec, 'livenessProbe');
    if (patience(liveness) <= patience(objectAt(container.spec, 'readinessProbe'))) yield at('livenessProbe');
  },
});
