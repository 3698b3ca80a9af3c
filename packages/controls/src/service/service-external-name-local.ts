import { defineControl, get, kinds, stringAt } from '@bulwark/core';

/** Names and addresses that mean the machine that asks: the loopback range, all addresses, and their IPv6 forms. */
const OWN_MACHINE =
  /^((.+\.)?localhost|localhost\.localdomain|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1?|\[::1?\])\.?$/i;
/** Where clouds answer a machine's questions about itself. */
const METADATA =
  /^(169\.254\.169\.254|metadata\.google\.internal|metadata|instance-data(\.ec2\.internal)?|100\.100\.100\.200)\.?$/i;

function whatIs(name: string): string | undefined {
  if (OWN_MACHINE.test(name)) return 'the machine of whoever asks';
  return METADATA.test(name) ? "the cloud's instance metadata" : undefined;
}

export const serviceExternalNameLocal = defineControl({
  id: 'service-external-name-local',
  aliases: ['kyverno:no-localhost-service'],
  title: 'ExternalName Services must not lead to the local machine or to instance metadata',
  problem: 'lead by ExternalName to the local machine or to instance metadata',
  message: '{resource} leads to {externalName}, which is {what}.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Ingress controllers and other proxies resolve the name and connect. One that leads to localhost or to the metadata address lets whoever may create a Service reach administration ports of the proxy, or the credentials of its node.',
  remediation: 'Remove the Service, or give the full name of the host outside the cluster that is meant.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/#externalname'],
  attack: ['T1557', 'T1552.005'],
  appliesTo: kinds('Service'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    if (get(resource.object, 'spec', 'type') !== 'ExternalName') return;
    const externalName = stringAt(resource.object, 'spec', 'externalName') ?? '';
    const what = whatIs(externalName);
    if (what !== undefined) yield at('spec.externalName', { externalName, what });
  },
});
