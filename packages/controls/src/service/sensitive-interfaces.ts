import { type PodSubject, workloadIndex } from '@bulwark/analyses';
import { type Analysis, oncePerObject, parseImageRef, stringAt, type Workload } from '@bulwark/core';

/**
 * Programs whose interface gives away or runs something and is not hardened for an open network, by the end of their
 * image's repository, so that mirrors count as well.
 */
const INTERFACES: readonly (readonly [repository: RegExp, name: string])[] = [
  [/(^|\/)kubernetesui\/dashboard(-web|-api)?$/, 'the Kubernetes dashboard'],
  [/(^|\/)weaveworks\/scope$/, 'Weave Scope'],
  [/(^|\/)argoproj\/argocli$/, 'the Argo Workflows server'],
  [/(^|\/)rayproject\/ray(-ml|-llm)?$/, 'Ray'],
  [/(^|\/)ollama\/ollama$/, 'Ollama'],
  [/(^|\/)vllm\/vllm-openai$/, 'vLLM'],
  [/(^|\/)longhornio\/longhorn-ui$/, 'the Longhorn UI'],
  [/(^|\/)cilium\/hubble-ui$/, 'the Hubble UI'],
  [/(^|\/)prom(etheus)?\/(prometheus|alertmanager|pushgateway)$/, 'Prometheus'],
  [/(^|\/)bitnami(legacy)?\/(prometheus|alertmanager|pushgateway)$/, 'Prometheus'],
  [/(^|\/)(library|bitnami(legacy)?|apache)\/flink$/, 'Flink'],
  [/(^|\/)(library|bitnami(legacy)?|apache)\/spark$/, 'Spark'],
  [/(^|\/)dask\/dask$/, 'Dask'],
  [/(^|\/)mlflow\/mlflow$/, 'MLflow'],
  [/(^|\/)(library\/)?mongo-express$/, 'mongo-express'],
  [/(^|\/)rediscommander\/redis-commander$/, 'Redis Commander'],
  [/(^|\/)(provectuslabs\/kafka-ui|tchiotludo\/akhq|obsidiandynamics\/kafdrop)$/, 'a Kafka console'],
  [/(^|\/)selenium\/(hub|standalone-\w+)$/, 'Selenium'],
  [/(^|\/)kubeshark\/(hub|front)$/, 'Kubeshark'],
  [/(^|\/)(kubeflow|kubeflownotebookswg)\/(centraldashboard|jupyter-web-app)$/, 'Kubeflow'],
  [/(^|\/)cadvisor\/cadvisor$/, 'cAdvisor'],
  [/(^|\/)(coreos|etcd-development)\/etcd$/, 'etcd'],
];

/** A pod with such an interface. */
export interface SensitiveInterface {
  readonly workload: string;
  readonly name: string;
}

/** Interfaces among pods. */
export interface SensitiveInterfaces {
  /** The first interface among these pods that should not be published; `further` are ends of repositories besides. */
  firstOf(pods: readonly PodSubject[], further: readonly string[]): SensitiveInterface | undefined;
}

/** Looks for interfaces among pods. Cost: the containers of a list of pods, once for each list. */
export const sensitiveInterfaces: Analysis<SensitiveInterfaces> = {
  id: 'sensitive-interfaces',
  reads: [workloadIndex],
  compute() {
    const byList = oncePerObject(
      (_pods: readonly PodSubject[]) => new Map<string, { readonly first: SensitiveInterface | undefined }>(),
    );
    return {
      firstOf(pods, further) {
        const known = byList(pods);
        const key = further.join('\n');
        const answer = known.get(key) ?? { first: firstOf(pods, further) };
        known.set(key, answer);
        return answer.first;
      },
    };
  },
};

/** By kind and name, pods after what makes them: the World's order is that in which a cluster tells of its objects. */
function firstOf(pods: readonly PodSubject[], further: readonly string[]): SensitiveInterface | undefined {
  let first: { readonly order: string; readonly found: SensitiveInterface } | undefined;
  for (const { resource, workload } of pods) {
    const name = interfaceOf(workload, further);
    if (name === undefined) continue;
    const text = `${resource.kind}/${resource.name}`;
    const order = `${resource.kind === 'Pod' ? 1 : 0} ${text}`;
    if (first === undefined || order < first.order) first = { order, found: { workload: text, name } };
  }
  return first?.found;
}

function interfaceOf({ containers }: Workload, further: readonly string[]): string | undefined {
  for (const { spec, type } of containers) {
    const image = parseImageRef(stringAt(spec, 'image') ?? '');
    if (!image.ok || type === 'init' || type === 'ephemeral') continue;
    const name = nameOf(image.value.repository, further);
    if (name !== undefined) return name;
  }
  return undefined;
}

function nameOf(repository: string, further: readonly string[]): string | undefined {
  const known = INTERFACES.find(([pattern]) => pattern.test(repository))?.[1];
  return known ?? further.find((end) => repository === end || repository.endsWith(`/${end}`));
}
