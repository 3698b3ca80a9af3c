import { defineControl, mayBreak, setValue, workloads } from '@bulwark/core';

export const serviceLinksEnabled = defineControl({
  id: 'service-links-enabled',
  aliases: [],
  title: 'Pods must not get an environment variable for every Service',
  problem: 'get environment variables for every Service of their namespace',
  message: '{resource} gets environment variables for every Service of its namespace.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Unless enableServiceLinks is false, every container starts with variables that name the address and ports of each Service of its namespace: a map for whoever gets in. In a namespace with thousands of Services they slow the start down, and a Service called like an application can overwrite a setting of it.',
  remediation: 'Set enableServiceLinks to false on the pod, and find Services by their DNS names.',
  references: [
    'https://kubernetes.io/docs/tutorials/services/connect-applications-service/#accessing-the-service',
  ],
  attack: ['T1046'],
  fix: setValue(
    false,
    mayBreak('A program that reads variables such as REDIS_SERVICE_HOST no longer finds them.'),
  ),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at }) {
    if (spec['enableServiceLinks'] !== false) yield at('enableServiceLinks');
  },
});
