import { arrayAt, containers, defineControl, get, type Json, type Path, stringAt } from '@bulwark/core';
import { commandSecrets } from './command-secrets.ts';
import { DOUBTFUL, formatsOf } from './found-secrets.ts';
import { fieldSecrets } from './well-known-secrets.ts';

const HANDLERS: readonly Path[] = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
];

interface HandlerSecret {
  readonly path: Path;
  readonly formats: readonly string[];
}

/** The secrets in what the kubelet runs or asks: a command, the headers and the path of a request. */
function* handlerSecrets(handler: Json | undefined, doubtful: boolean): Generator<HandlerSecret> {
  for (const { index, formats } of commandSecrets(get(handler, 'exec', 'command'), doubtful))
    yield { path: ['exec', 'command', index], formats };
  for (const [index, header] of (arrayAt(handler, 'httpGet', 'httpHeaders') ?? []).entries()) {
    const found = fieldSecrets(stringAt(header, 'name'), get(header, 'value'), doubtful);
    if (found.length > 0)
      yield { path: ['httpGet', 'httpHeaders', index, 'value'], formats: formatsOf(found) };
  }
  const found = fieldSecrets(undefined, get(handler, 'httpGet', 'path'), doubtful);
  if (found.length > 0) yield { path: ['httpGet', 'path'], formats: formatsOf(found) };
}

export const secretInProbe = defineControl({
  id: 'secret-in-probe',
  aliases: [],
  title: 'Probes and lifecycle hooks must not hold secrets in plain text',
  problem: 'have secrets in plain text in probes or lifecycle hooks',
  message: 'The {handler} of container {container} in {resource} holds a secret ({formats}).',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Headers, addresses and commands of probes are part of the pod template: whoever may read the workload or its manifest has the secret. Probes are often given a credential that is good for far more than a check of health, and failing commands are written into events. A password that everybody tries first, reported as well-known-password, needs no reader at all.',
  remediation:
    'Consider the secret known and replace it. Give the service a health endpoint that needs no credential, or use an exec probe that reads the credential from a mounted file or a variable inside of the container; the kubelet fills no Secret into headers.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  ],
  attack: ['T1552.001'],
  params: { doubtful: DOUBTFUL },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, params, at }) {
    for (const place of HANDLERS)
      for (const { path, formats } of handlerSecrets(get(container.spec, ...place), params.doubtful))
        yield at([...place, ...path], { handler: place.join('.'), formats });
  },
});
