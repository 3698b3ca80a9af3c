import { containers, defineControl } from '@bulwark/core';
import { probeCommands } from './container-commands.ts';

const TOOL = /(?:^|[\s;&|(`/])(jcmd|jinfo|jmap|jps|jstack|jstat|kubectl)(?=$|[\s;&|)`])/;
const FETCH_AND_RUN = /\b(?:curl|wget)\b[^;&]*\|\s*(?:ba|da|z)?sh\b/;

export const execProbeDangerousCommand = defineControl({
  id: 'exec-probe-dangerous-command',
  aliases: [],
  title: 'Probes must not run diagnostic tools or fetch what they run',
  problem: 'run a diagnostic tool, or a script from the network, in a probe',
  message: 'The {probe} of container {container} of {resource} runs {what}.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'The kubelet runs a probe every few seconds for as long as the pod lives. A diagnostic tool of Java starts a virtual machine each time and can stop the one that it asks, kubectl makes the probe depend on the API server and needs its rights, and a script from the network runs whatever is there today.',
  remediation:
    'Let the application answer an httpGet, tcpSocket or grpc probe, or run a small program that ends at once and only looks.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  ],
  attack: ['T1059'],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    for (const { path, words } of probeCommands(view))
      for (const [index, word] of words.entries()) {
        const what = typeof word === 'string' ? danger(word) : undefined;
        if (what !== undefined) yield view.at([...path, index], { probe: String(path[0]), what });
      }
  },
});

function danger(word: string): string | undefined {
  return FETCH_AND_RUN.test(word) ? 'a script that it fetches' : TOOL.exec(word)?.[1];
}
