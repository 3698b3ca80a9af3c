import { arrayAt, defineControl, get, integerParam, isObject, workloads } from '@bulwark/core';

const OPTIONS = ['dnsConfig', 'options'] as const;

export const dnsNdots = defineControl({
  id: 'dns-ndots',
  aliases: ['kube-linter:dnsconfig-options', 'kyverno:add-ndots'],
  title: 'Pods must set how many dots make a name complete',
  problem: 'search the cluster for outside names',
  message: 'In {resource}, the pod {state}.',
  severity: 'info',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'By default a name with fewer than five dots is first looked up below each search domain of the cluster. A pod that talks to the outside so asks four or more times for every name, and tells the DNS of the cluster and the search domains of the node which names it looks for.',
  remediation:
    'Set the option ndots in dnsConfig.options, for example to 2, or write outside names with a dot at the end. Short names of Services in other namespaces then need their full form.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config'],
  attack: [],
  params: {
    maximum: integerParam('The highest ndots that is allowed.', { default: 2, minimum: 0, maximum: 15 }),
  },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: ({ spec }) =>
    spec['dnsPolicy'] === 'Default' ? 'The pod has the DNS of its node.' : undefined,
  *evaluate({ spec, at, params: { maximum } }) {
    const options = arrayAt(spec, ...OPTIONS) ?? [];
    const index = options.findIndex((option) => isObject(option) && option['name'] === 'ndots');
    if (index < 0) {
      yield at(OPTIONS, { state: 'does not set ndots' });
      return;
    }
    const ndots = Number(get(options, index, 'value') ?? Number.NaN);
    if (!(ndots <= maximum))
      yield at([...OPTIONS, index, 'value'], { state: `sets ndots to more than ${maximum}` });
  },
});
